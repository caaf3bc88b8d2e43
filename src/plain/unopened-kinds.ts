/**
 * Which connections that never were open, half-open or refused ones, went the same way: of all of one kind only the first is
 * replayed.
 *
 * In: rows, and until when they were watched. Out: numbers of kinds. Two are of one kind when nothing that the replay asks of
 * their times differs: how long before the end of its capture each packet came, between any two thresholds that a rule
 * could have.
 */
import { CLIENT, SERVER } from '../flow/segment.js'
import { evidenceOf, type VantageFacts } from '../infer/vantage.js'
import type { Row } from './address.js'
import {
  ECN_ANSWERED,
  ECN_ASKED,
  LOOK_PARTIAL,
  LOOK_TTL,
  PHASE,
  REFUSED,
  START_S,
  STATE,
  SYN_LOOK,
  SYN_SEEN,
  SYNACK_LOOK,
  SYNACK_S,
  SYNACK_SEEN,
} from './layout.js'
import { Numbering } from './numbering.js'
import { timeIn } from './opening.js'
import type { PlainFlows } from './plain-flows.js'
import type { PlainWatch } from './plain-watch.js'

/** Thresholds are multiples of these up to so many seconds: [step, up to]; beyond all of them nothing changes. */
const STEPS = [
  [0.05, 3],
  [0.5, 200],
] as const
/** Nearer than this to a threshold rounding could matter, in seconds. */
const UNCLEAR = 1e-5

/** Between which two thresholds `seconds` lies, less than 2^9; -1 when it is too near to one. */
function between(seconds: number): number {
  let below = 0
  for (const [step, upTo] of STEPS) {
    if (seconds < upTo - UNCLEAR) {
      const place = seconds / step
      return Math.abs(place - Math.round(place)) * step < UNCLEAR ? -1 : below + Math.max(0, Math.ceil(place))
    }
    below += Math.ceil(upTo / step) + 1
  }
  return below
}

/** A SYN, perhaps with its SYN+ACK, and nothing more. */
export function isHalfOpen({ page, base }: Pick<Row, 'page' | 'base'>): boolean {
  const phase = (page[base + STATE] as number) & PHASE
  return phase === SYN_SEEN || phase === SYNACK_SEEN
}

/** It never was open: half-open, or refused. */
export function isUnopened({ page, base }: Pick<Row, 'page' | 'base'>): boolean {
  const phase = (page[base + STATE] as number) & PHASE
  return phase === SYN_SEEN || phase === SYNACK_SEEN || phase === REFUSED
}

/** In place of a kind: unclear how it went. */
export const UNCLEAR_KIND = -1

export class UnopenedKinds {
  readonly #numbers = new Numbering()
  /** Where those that nobody answered were captured, by all that tells it: TTL and checksum of the SYN. */
  readonly #places = new Int8Array(2 * (LOOK_TTL + 1)).fill(-1)

  constructor(
    private readonly flows: PlainFlows,
    private readonly watch: PlainWatch,
  ) {}

  /** How many there are. */
  get count(): number {
    return this.#numbers.count
  }

  /** Its kind, in the order in which kinds first come, from 0; {@link UNCLEAR_KIND}. */
  of({ page, base, version }: Row): number {
    const { flows } = this
    const state = page[base + STATE] as number
    const phase = state & PHASE
    const isAnswered = phase !== SYN_SEEN
    const captureEnd = this.watch.ofFirst({ page, base })
    const since = captureEnd - timeIn(flows, page, base + START_S)
    const silent = between(since)
    if (silent < 0) return UNCLEAR_KIND
    const ecn = (state & (ECN_ASKED | ECN_ANSWERED)) >>> 6
    const place = isAnswered ? evidenceOf(unopenedFacts(flows, page, base)) : this.#placeOf(page, base)
    const how = silent | (place << 9) | (ecn << 16) | (version === 4 ? 0 : 1 << 20)
    if (!isAnswered) return this.#numbers.of(how, 0)
    // Of two packets each may lie in another capture.
    if (flows.several) return UNCLEAR_KIND
    const answered = captureEnd - timeIn(flows, page, base + SYNACK_S)
    const waits = between(answered)
    const took = between(answered - (since - answered))
    if (waits < 0 || took < 0) return UNCLEAR_KIND
    return this.#numbers.of(how, (phase << 18) | waits | (took << 9))
  }

  #placeOf(page: Int32Array, base: number): number {
    const look = page[base + SYN_LOOK] as number
    const at = (look & LOOK_TTL) + ((look & LOOK_PARTIAL) === 0 ? 0 : LOOK_TTL + 1)
    const known = this.#places[at] as number
    if (known >= 0) return known
    const place = evidenceOf(unopenedFacts(this.flows, page, base))
    this.#places[at] = place
    return place
  }
}

const BOTH = [true, true] as const
/** A RST is no SYN: nobody timed the way to the client. */
const SYN_ONLY = [false, true] as const

/** Filled for one connection after the other: nobody keeps it. */
const facts: {
  readonly roundTrip: [null, number | null]
  readonly ttl: [number, number | null]
  readonly partial: [boolean, boolean]
  readonly large: readonly [number, number]
  exact: readonly [boolean, boolean]
} = { exact: BOTH, roundTrip: [null, null], ttl: [0, null], partial: [false, false], large: [0, 0] }

/** What tells where it was captured, valid until the next one's is asked for. */
export function unopenedFacts(flows: PlainFlows, page: Int32Array, base: number): VantageFacts {
  const { roundTrip, ttl, partial } = facts
  const phase = (page[base + STATE] as number) & PHASE
  // A RST says nothing of where the capture was taken but when it came: routers and firewalls send some.
  const isAnswered = phase === SYNACK_SEEN
  const client = page[base + SYN_LOOK] as number
  const server = page[base + SYNACK_LOOK] as number
  facts.exact = phase === REFUSED ? SYN_ONLY : BOTH
  roundTrip[SERVER] =
    phase !== SYN_SEEN ? timeIn(flows, page, base + SYNACK_S) - timeIn(flows, page, base + START_S) : null
  ttl[CLIENT] = client & LOOK_TTL
  ttl[SERVER] = isAnswered ? server & LOOK_TTL : null
  partial[CLIENT] = (client & LOOK_PARTIAL) !== 0
  partial[SERVER] = isAnswered && (server & LOOK_PARTIAL) !== 0
  return facts
}
