/**
 * How far the clocks of captures are behind one another, when the same packets stand in two of them.
 *
 * In: conversations whose packets were read capture after capture. Out: seconds to add to each capture's times; the
 * same conversations, with their times moved.
 *
 * A copy of a packet is known by its IP identification or time stamp, which a retransmission changes. Between two clocks that
 * agree, packets one way come later in the other capture, packets the other way earlier. When both seem to come later, or
 * both earlier, one clock is behind, by what is half-way between the two: as NTP reckons it (RFC 5905 section 8), if both ways
 * take as long. Where nothing tells packets sent again from copies, as with IPv6 without time stamps, clocks stay as they are.
 */
import type { Conversation } from './conversation.js'
import { type Epoch, type IcmpError, type Segment, secondsBetween } from './segment.js'

/** So many packets of each conversation in each capture are looked at, and so many conversations that show a pair's clocks. */
const MOST_PACKETS = 1000
const MOST_SHOWN = 1000
/** Clocks are not more exact than this, in seconds. */
const EXACT = 0.001

/** What two captures have in common. */
interface Pair {
  readonly of: readonly [number, number]
  /** By how many seconds the second clock is ahead of the first one, as each conversation shows it. */
  readonly ahead: number[]
}

/**
 * For each of so many captures the seconds by which its clock is behind the one that is farthest ahead of those it can be
 * compared with; null: none is. Of each conversation the segments, in the order in which they were read.
 */
export function clocksBehind(
  conversations: Iterable<Iterable<Segment>>,
  captures: number,
): readonly number[] | null {
  if (captures < 2) return null
  const pairs = new Map<number, Pair>()
  for (const segments of conversations)
    for (const { of, later } of copiesIn(segments)) {
      const ahead = aheadBy(later)
      if (ahead === null) continue
      const key = of[0] * captures + of[1]
      const pair = pairs.get(key) ?? { of, ahead: [] }
      pairs.set(key, pair)
      if (pair.ahead.length < MOST_SHOWN) pair.ahead.push(ahead)
    }
  const behind = placed([...pairs.values()], captures)
  return behind.every((by) => by < EXACT) ? null : behind
}

/** Copies of one conversation's packets in two captures: how much later each came in the second, by its sender. */
interface Copies {
  readonly of: readonly [number, number]
  readonly later: readonly [number[], number[]]
}

function copiesIn(segments: Iterable<Segment>): Iterable<Copies> {
  const first = new Map<string, Segment>()
  const pairs = new Map<number, Copies>()
  for (const s of segments) {
    const key = nameOf(s)
    if (key === null) continue
    const copy = first.get(key)
    if (copy === undefined) first.set(key, s)
    else if (copy.capture !== s.capture) {
      const of = [copy.capture, s.capture] as const
      const pair = pairs.get(of[0] + of[1] * 0x1_0000) ?? { of, later: [[], []] }
      pairs.set(of[0] + of[1] * 0x1_0000, pair)
      pair.later[s.from].push(secondsBetween(copy, s))
    }
  }
  return pairs.values()
}

/** What no other packet of its conversation is called; null: it may have been sent again. */
function nameOf(s: Segment): string | null {
  const isSingle = s.ipId > 0 || s.hasTimestamps
  const carries = s.syn || s.fin || s.rst || s.len > 1
  if (!isSingle || !carries) return null
  return [s.from, s.flags, s.seq, s.ack, s.len, s.ipId, s.tsVal, s.tsEcr].join(' ')
}

/** Null: there are not copies of both ends' packets. */
function aheadBy([one, other]: Copies['later']): number | null {
  const [a, b] = [median(one), median(other)]
  if (a === null || b === null) return null
  const way = Math.abs(a - b) / 2
  const ahead = (a + b) / 2
  return Math.abs(ahead) <= way + EXACT ? 0 : ahead
}

const median = (all: readonly number[]): number | null =>
  all.length === 0 ? null : (all.toSorted((a, b) => a - b)[all.length >> 1] ?? null)

/** How far each clock is behind the foremost of those that it can be compared with, over others if need be. */
function placed(pairs: readonly Pair[], captures: number): readonly number[] {
  const group = Array.from({ length: captures }, (_, n) => n)
  const ahead = new Array<number>(captures).fill(0)
  // What most conversations show comes first.
  for (const { of, ahead: shown } of pairs.toSorted((a, b) => b.ahead.length - a.ahead.length)) {
    const [a, b] = of
    const [stays, joins] = [group[a] as number, group[b] as number]
    if (stays === joins) continue
    const by = (ahead[a] as number) + (median(shown) ?? 0) - (ahead[b] as number)
    for (let n = 0; n < captures; n++) {
      if (group[n] !== joins) continue
      group[n] = stays
      ahead[n] = (ahead[n] as number) + by
    }
  }
  return ahead.map((own, n) => {
    let most = own
    for (let other = 0; other < captures; other++)
      if (group[other] === group[n]) most = Math.max(most, ahead[other] as number)
    return most - own
  })
}

/** Of each conversation that stands in several captures the segments that {@link clocksBehind} looks at. */
export function* inSeveral(conversations: Iterable<Conversation>): Generator<Iterable<Segment>> {
  for (const { segments } of conversations) {
    if (segments[0]?.capture === segments.at(-1)?.capture) continue
    yield firstOfEach(segments, ({ capture }) => capture)
  }
}

/** Of what lies in several captures so much of each as {@link clocksBehind} looks at. */
export function* firstOfEach<T>(all: Iterable<T>, captureOf: (one: T) => number): Generator<T> {
  const counts = new Map<number, number>()
  for (const one of all) {
    const capture = captureOf(one)
    const count = (counts.get(capture) ?? 0) + 1
    counts.set(capture, count)
    if (count <= MOST_PACKETS) yield one
  }
}

type Timed = Pick<Segment, 'capture' | 'seconds' | 'nanoseconds' | 'at'>

/** The conversations with the times that their captures' clocks should have told. `epoch`: that `at` is to be counted from. */
export function moveTimes(
  conversations: Iterable<Conversation>,
  behind: readonly number[],
  epoch: Epoch,
): void {
  const moved = <T extends Segment | IcmpError>(one: T): T => ({ ...one, ...timeOf(one, behind, epoch) })
  for (const { segments, icmp } of conversations) {
    for (let row = 0; row < segments.length; row++) segments[row] = moved(segments[row] as Segment)
    for (let row = 0; row < icmp.length; row++) icmp[row] = moved(icmp[row] as IcmpError)
  }
}

function timeOf(
  { capture, seconds, nanoseconds }: Timed,
  behind: readonly number[],
  epoch: Epoch,
): Omit<Timed, 'capture'> {
  const later = laterBy({ seconds, nanoseconds }, behind[capture] ?? 0)
  return { ...later, at: secondsBetween(epoch, later) }
}

/** `by`: seconds. */
export function laterBy({ seconds, nanoseconds }: Epoch, by: number): Epoch {
  const whole = Math.floor(by)
  const sum = nanoseconds + Math.round((by - whole) * 1e9)
  return { seconds: seconds + whole + Math.floor(sum / 1e9), nanoseconds: sum % 1e9 }
}
