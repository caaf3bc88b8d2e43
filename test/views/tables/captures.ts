/** Two captures of one story, for queries: one service leaks sockets, another does not. */
import { pcap } from '../../capture/bytes.js'
import { ENDS, type Ends, frame, HANDSHAKE, LEFT_OPEN, type Segment } from '../frames.js'

const MONDAY = 1_767_571_200
/** The captures are a day apart. */
export const DAY = 86_400

export const LEAKY = ENDS.server
export const SOUND = '198.51.100.21'

/** The client closes, then the server does: its CLOSE_WAIT ends. */
const CLOSED: readonly Segment[] = [
  ...LEFT_OPEN,
  { way: '<', flags: 'FA', seq: 1, ack: 7 },
  { way: '>', flags: 'A', seq: 7, ack: 2 },
]
/** The first SYN is lost on the way. */
const SLOW: readonly Segment[] = [{ way: '>', flags: 'S', id: 7 }, ...HANDSHAKE]
const REFUSED: readonly Segment[] = [
  { way: '>', flags: 'S' },
  { way: '<', flags: 'RA', ack: 1 },
]

interface Story {
  readonly at: number
  readonly segments: readonly Segment[]
  readonly ends?: Partial<Ends>
  /** Seconds between the segments; a SYN again comes after one. */
  readonly gaps?: readonly number[]
}

const capture = (start: number, stories: readonly Story[]): Uint8Array => {
  const records = stories.flatMap(({ at, segments, ends, gaps = [] }) => {
    let now = at
    return segments.map((segment, n) => {
      now += n === 0 ? 0 : (gaps[n - 1] ?? 0.01)
      return { at: now, data: frame(segment, { ...ENDS, ...ends }) }
    })
  })
  return pcap(
    records
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, data }) => ({
        seconds: start + Math.floor(at),
        fraction: Math.round((at - Math.floor(at)) * 1e6),
        data,
      })),
  )
}

/** Three sockets of the leaky service stay in CLOSE_WAIT; the sound one closes its own after 0.01 s. */
export const FIRST = capture(MONDAY, [
  { at: 0, segments: LEFT_OPEN, ends: { clientPort: 40_001 } },
  { at: 1, segments: LEFT_OPEN, ends: { clientPort: 40_002 } },
  { at: 3, segments: LEFT_OPEN, ends: { clientPort: 40_003 } },
  { at: 4, segments: CLOSED, ends: { clientPort: 40_004, server: SOUND } },
])

/** Two more of them; of the sound service one socket for a moment, a slow handshake, and a port that is shut. */
export const SECOND = capture(MONDAY + DAY, [
  { at: 0, segments: LEFT_OPEN, ends: { clientPort: 40_005 } },
  { at: 1, segments: LEFT_OPEN, ends: { clientPort: 40_006 } },
  { at: 2, segments: CLOSED, ends: { clientPort: 40_007, server: SOUND } },
  { at: 3, segments: SLOW, ends: { clientPort: 40_008, server: SOUND }, gaps: [1] },
  { at: 5, segments: REFUSED, ends: { clientPort: 40_009, server: SOUND, serverPort: 81 } },
])
