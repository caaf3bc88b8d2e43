/**
 * The shortest time from the capture point to each end and back, as `infer/round-trips.ts` finds it.
 *
 * In: segments that take sequence space, ACKs that go forward. Out: the round trip in the long row. Two segments under
 * way have a place in the row; who has more gets a ring beside it for as long as they are under way.
 */
import type { CaptureRecord } from '../capture/record.js'
import { type End, other } from '../flow/segment.js'
import type { PacketView } from '../wire/packet.js'
import { getDouble, setDouble } from './doubles.js'
import { FLIGHT, FLIGHT_WORDS, FLYING, PLACES, ROUND, SIDE_WORDS, WAITING } from './layout.js'
import type { PlainFlows } from './plain-flows.js'

/** The full replay forgets what waits when it is more than this. */
const MOST_WAITING = 4096

/** A segment of `from` that ends at `end`. `at`: where the long row `number` begins in `long`. */
export function push(
  flows: PlainFlows,
  long: Int32Array,
  at: number,
  number: number,
  from: End,
  end: number,
  view: PacketView,
  record: CaptureRecord,
): void {
  const side = at + from * SIDE_WORDS
  const flying = long[side + FLYING] as number
  long[side + WAITING] = (long[side + WAITING] as number) + 1
  if (flying >= PLACES) {
    // Once one lies in the ring all newer ones do, until the ring is empty again.
    const ring = flows.ring(2 * number + from)
    ring.push(end, record.seconds | 0, record.nanoseconds, view.tsVal)
    long[side + FLYING] = flying + 1
    return
  }
  const place = side + FLIGHT + flying * FLIGHT_WORDS
  long[place] = end
  long[place + 1] = record.seconds | 0
  long[place + 2] = record.nanoseconds
  long[place + 3] = view.tsVal
  long[side + FLYING] = flying + 1
}

/** `from` acknowledges, for the first time, all before `view.ack`. */
export function acknowledge(
  flows: PlainFlows,
  long: Int32Array,
  at: number,
  number: number,
  from: End,
  view: PacketView,
  now: number,
): void {
  const sender = at + other(from) * SIDE_WORDS
  const exact = take(flows, long, sender, 2 * number + other(from), view.ack)
  const full = (long[sender + WAITING] as number) > MOST_WAITING
  if (full) {
    long[sender + WAITING] = 0
    long[sender + FLYING] = 0
    flows.freeRing(2 * number + other(from))
  }
  if (!exact) return
  const { answered } = flows
  if (view.hasTimestamps && view.tsEcr !== answered[3]) return
  const took = now - flows.at(answered[1] as number, answered[2] as number)
  const own = at + from * SIDE_WORDS
  const least = getDouble(long, own + ROUND)
  if (took >= 0 && !(took >= least)) setDouble(long, own + ROUND, took)
  if (!full) long[sender + WAITING] = (long[sender + WAITING] as number) - 1
}

/** Takes out all that `ack` covers; true, with that segment in `flows.answered`, when one ends exactly there. */
function take(flows: PlainFlows, long: Int32Array, side: number, key: number, ack: number): boolean {
  const flying = long[side + FLYING] as number
  if (flying === 0) return false
  const first = side + FLIGHT
  const second = first + FLIGHT_WORDS
  const inRow = Math.min(flying, PLACES)
  let gone = 0
  if ((((long[first] as number) - ack) | 0) <= 0) gone = 1
  if (gone === 1 && inRow === 2 && (((long[second] as number) - ack) | 0) <= 0) gone = 2
  if (gone === 0) return false
  const last = gone === 2 ? second : first
  let exact = long[last] === ack
  if (exact) for (let k = 0; k < FLIGHT_WORDS; k++) flows.answered[k] = long[last + k] as number
  let left = inRow - gone
  // `copyWithin()` takes longer for four words.
  if (gone === 1 && inRow === 2)
    for (let k = 0; k < FLIGHT_WORDS; k++) long[first + k] = long[second + k] as number
  if (flying > PLACES) {
    const ring = flows.ring(key)
    if (left === 0) exact = ring.take(ack, flows.answered) || exact
    // The oldest come back into the row.
    while (left < PLACES && ring.shift(long, first + left * FLIGHT_WORDS)) left++
    left += ring.count
    if (ring.count === 0) flows.freeRing(key)
  }
  long[side + FLYING] = left
  return exact
}
