/**
 * Where the capture was taken: at one of the hosts or between them.
 *
 * In: a track. Out: the place and the reason.
 */
import { CLIENT, type End, SERVER } from '../flow/segment.js'
import type { Flow } from '../report.js'
import { isNear } from './acknowledgments.js'
import type { Track } from './track.js'

export function capturedNear(track: Pick<Track, 'roundTrip'>): Flow['capturedNear'] {
  const near = ([CLIENT, SERVER] as const).filter((end) => isNear(track, end))
  const [only] = near
  if (near.length === 1 && only !== undefined) {
    const side = only === CLIENT ? 'client' : 'server'
    const others = milliseconds(track, only === CLIENT ? SERVER : CLIENT)
    return {
      where: side,
      reason: {
        code: 'near-fast-answers',
        side,
        milliseconds: milliseconds(track, only) ?? 0,
        other: others,
      },
    }
  }
  const client = milliseconds(track, CLIENT)
  const server = milliseconds(track, SERVER)
  if (client !== null && server !== null && client > 1 && server > 1) {
    return { where: 'between', reason: { code: 'near-between', client, server } }
  }
  return { where: 'unknown', reason: { code: 'near-unknown' } }
}

const milliseconds = (track: Pick<Track, 'roundTrip'>, end: End): number | null => {
  const seconds = track.roundTrip[end]
  return seconds === null || seconds === undefined ? null : Math.round(seconds * 1e6) / 1e3
}
