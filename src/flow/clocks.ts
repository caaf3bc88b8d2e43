/**
 * How far the clocks of captures are behind one another, when the same packets stand in two of them.
 *
 * In: conversations whose packets were read capture after capture. Out: seconds to add to each capture's times; the
 * same conversations, with their times moved.
 *
 * A copy of a packet is known by all that its header says, whatever the clocks. Between two clocks that agree, packets one way
 * come later in the other capture, packets the other way earlier. When both seem to come later, or both earlier, one clock
 * is behind, by what is half-way between the two: as NTP reckons it (RFC 5905 section 8), if both ways take as long.
 */
import type { Conversation } from './conversation.js'
import { byCapture } from './in-time.js'
import type { Epoch, IcmpError, Segment } from './segment.js'

/** Conversations that are looked at, and packets of each: more do not make it more exact. */
const MOST_CONVERSATIONS = 1000
const MOST_PACKETS = 5000
/** Clocks are not more exact than this, in seconds. */
const EXACT = 0.001

/** For each of so many captures the seconds by which its clock is behind the one that is farthest ahead; null: none is. */
export function clocksBehind(
  conversations: Iterable<Conversation>,
  captures: number,
): readonly number[] | null {
  if (captures < 2) return null
  /** By both captures: how far the second one's clock is ahead of the first one's, as each conversation shows it. */
  const pairs = new Map<string, { readonly of: readonly [number, number]; readonly ahead: number[] }>()
  let looked = 0
  for (const { segments } of conversations) {
    const own = [...byCapture(segments)].sort(([a], [b]) => a - b)
    if (own.length < 2) continue
    if (++looked > MOST_CONVERSATIONS) break
    for (const [n, [a, first]] of own.entries())
      for (const [b, second] of own.slice(n + 1)) {
        const ahead = aheadIn(first, second)
        if (ahead === null) continue
        const pair = pairs.get(`${a} ${b}`) ?? { of: [a, b], ahead: [] }
        pairs.set(`${a} ${b}`, pair)
        pair.ahead.push(ahead)
      }
  }
  const ahead = placed([...pairs.values()], captures)
  const most = Math.max(...ahead)
  return ahead.every((one) => most - one < EXACT) ? null : ahead.map((one) => most - one)
}

/** Null: nothing that it could show in. 0: they may agree, or were taken one after the other. */
function aheadIn(first: readonly Segment[], second: readonly Segment[]): number | null {
  const times = timesOf(first)
  const copies = timesOf(second)
  if (times.size === 0 || copies.size === 0) return null
  const later: [number[], number[]] = [[], []]
  for (const [key, s] of copies) {
    const copy = times.get(key)
    if (copy !== undefined && copy !== null && s !== null) later[s.from].push(secondsBetween(copy, s))
  }
  const [one, other] = [median(later[0]), median(later[1])]
  // In one direction alone they may have been sent again while the next capture was taken.
  if (one === null || other === null) return 0
  const way = Math.abs(one - other) / 2
  const ahead = (one + other) / 2
  return Math.abs(ahead) <= way + EXACT ? 0 : ahead
}

/** Packets by what they say; null: several say the same. Bare ACKs and keep-alives say the same again and again. */
function timesOf(segments: readonly Segment[]): ReadonlyMap<string, Segment | null> {
  const times = new Map<string, Segment | null>()
  for (const s of segments.slice(0, MOST_PACKETS)) {
    if (!s.syn && !s.fin && !s.rst && s.len <= 1) continue
    const key = [s.from, s.flags, s.seq, s.ack, s.len, s.window, s.ipId, s.tsVal, s.tsEcr].join(' ')
    times.set(key, times.has(key) ? null : s)
  }
  return times
}

const secondsBetween = (a: Segment, b: Segment): number =>
  b.seconds - a.seconds + (b.nanoseconds - a.nanoseconds) / 1e9

const median = (all: readonly number[]): number | null =>
  all.length === 0 ? null : (all.toSorted((a, b) => a - b)[all.length >> 1] ?? null)

/** How far each clock is ahead of the first one that it can be compared with, over others if need be. */
function placed(
  pairs: readonly { readonly of: readonly [number, number]; readonly ahead: readonly number[] }[],
  captures: number,
): readonly number[] {
  const ahead = new Array<number | undefined>(captures)
  for (let begin = 0; begin < captures; begin++) {
    ahead[begin] ??= 0
    for (let isNew = true; isNew; ) {
      isNew = false
      for (const { of, ahead: shown } of pairs) {
        const [a, b] = [ahead[of[0]], ahead[of[1]]]
        const between = median(shown) ?? 0
        if (a !== undefined && b === undefined) ahead[of[1]] = a + between
        else if (a === undefined && b !== undefined) ahead[of[0]] = b - between
        else continue
        isNew = true
      }
    }
  }
  return ahead.map((one) => one ?? 0)
}

type Timed = Pick<Segment, 'capture' | 'seconds' | 'nanoseconds' | 'at'>

/** The conversations with the times that their captures' clocks should have told. `epoch`: that `at` is to be counted from. */
export function setClocks(
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
  return { ...later, at: later.seconds - epoch.seconds + (later.nanoseconds - epoch.nanoseconds) / 1e9 }
}

/** `by`: seconds, not negative. */
export function laterBy({ seconds, nanoseconds }: Epoch, by: number): Epoch {
  const whole = Math.floor(by)
  const sum = nanoseconds + Math.round((by - whole) * 1e9)
  return { seconds: seconds + whole + Math.floor(sum / 1e9), nanoseconds: sum % 1e9 }
}
