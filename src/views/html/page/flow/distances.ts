/**
 * How far the capture point is from each end, in seconds: who is near decides where an arrow's time stands on it.
 *
 * In: a flow, whose spans are on their own end's clock while its rows are on the capture's. Out: both distances.
 */
import type { Flow, Side } from '../../../../report.js'

export type Distances = Readonly<Record<Side, number>>

/** Nothing is known: in the middle, a millisecond away. */
const UNKNOWN = 0.0005

/** Numbers of packets begin anew in each capture. */
const frame = ({ packet, capture = 0 }: { packet: number; capture?: number | undefined }): string =>
  `${capture} ${packet}`

export const distancesOf = (flow: Flow): Distances => {
  const times = new Map(flow.rows.map((row) => [frame(row), row.at]))
  const of = (side: Side): number | null => {
    const seen = flow.spans[side].flatMap(({ from, packet, capture, cause }) => {
      const at = packet === null ? undefined : times.get(frame({ packet, capture }))
      if (from === null || at === undefined || cause === 'timer') return []
      return [Math.abs(from - at)]
    })
    seen.sort((a, b) => a - b)
    return seen[Math.floor(seen.length / 2)] ?? null
  }
  const [client, server] = [of('client'), of('server')]
  if (client === null && server === null) return { client: UNKNOWN, server: UNKNOWN }
  // Zero on both sides would draw level arrows.
  return { client: Math.max(client ?? 0, 1e-6), server: Math.max(server ?? 0, 1e-6) }
}
