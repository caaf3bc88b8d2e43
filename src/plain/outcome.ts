/**
 * How a plain connection stands at the end of the capture.
 *
 * In: its rows, and until when it was watched. Out: what its flow says of both ends, by a number that fits an octet (there
 * are few answers and may be a million connections); or {@link NOT_PLAIN}, when it is not plain after all: a close that
 * is under way, identifications of which some fit a count and some do not.
 * The certainties are those of `infer/`: an end is only sure of what a later packet, or silence, shows.
 */
import { servingEnd } from '../flow/incarnations.js'
import { CLIENT, type End, other, SERVER } from '../flow/segment.js'
import { PLACES, type VantageFacts, vantage, whereabouts } from '../infer/vantage.js'
import { FIRST_RTO } from '../replay/replay.js'
import type { Certainty, Flow, State, Verdict } from '../report.js'
import { portsOf, type Row } from './address.js'
import {
  ACK3_DATA,
  ACK3_S,
  CLOSED,
  ESCALATED,
  FIN2_S,
  FIRST,
  FLIGHT,
  FLYING,
  HANDSHAKE,
  IN_MIDDLE,
  LARGE,
  LAST_S,
  LONG,
  LOOK_PARTIAL,
  LOOK_TTL,
  OPEN,
  OPEN_PACKETS,
  PHASE,
  SERVER_CLOSES,
  SERVER_WENT_ON,
  SIDE_WORDS,
  STATE,
  SYN_LOOK,
  SYNACK_LOOK,
} from './layout.js'
import { mayHaveClosedBefore } from './middle.js'
import { timeIn } from './opening.js'
import type { PlainFlows } from './plain-flows.js'
import type { PlainWatch } from './plain-watch.js'
import { roundTripIn } from './summary.js'
import { isDoubtful } from './synchronized.js'

interface Final {
  readonly state: State
  readonly certainty: Certainty
}

export interface Outcome {
  /** Its place in {@link OUTCOMES}. */
  readonly number: number
  readonly ends: readonly [client: Final, server: Final]
  readonly verdict: Verdict
  readonly closedFirst: Flow['closedFirst']
  readonly roles: Flow['roles']
  readonly beginsInMiddle: boolean
  readonly where: Flow['capturedNear']['where']
}

/** What no outcome has as its number. */
export const NOT_PLAIN = 0xff

/** The number of its outcome. Escalates what turns out not to be plain. */
export function outcomeOf(flows: PlainFlows, row: Row, watch: PlainWatch): number {
  const { page, base } = row
  if (((page[base + STATE] as number) & PHASE) === ESCALATED) return NOT_PLAIN
  watch.look(row)
  const { least, most } = watch
  const outcome = plainOutcome(flows, page, base, least)
  const isSure = least === most || plainOutcome(flows, page, base, most) === outcome
  if (isSure && outcome !== NOT_PLAIN) return outcome
  flows.escalate(page, base)
  return NOT_PLAIN
}

/** `captureEnd`: until when it was watched, seconds as in `Segment.at`. */
function plainOutcome(flows: PlainFlows, page: Int32Array, base: number, captureEnd: number): number {
  const state = page[base + STATE] as number
  const phase = state & PHASE
  if (phase !== OPEN && phase !== CLOSED) return NOT_PLAIN
  const facts = factsOf(flows, page, base)
  // Only the full replay tells which packet was too large, where that is the reason.
  if ((state & LARGE) !== 0 && vantage({ ...facts, large: [1, 1] }).reason.code === 'near-large-frames')
    return NOT_PLAIN
  const place = whereabouts(facts)
  const began = begunAs(page, base, state)
  if (phase === OPEN) {
    const number = (page[base + LONG] as number) - 1
    const long = flows.long.page(number)
    const at = flows.long.base(number)
    if (isDoubtful(long, at) || isDoubtful(long, at + SIDE_WORDS)) return NOT_PLAIN
    for (const side of [at, at + SIDE_WORDS])
      if (captureEnd - unansweredSince(flows, long, side) > PROMPT) return NOT_PLAIN
    if (began !== BY_SYN) {
      const isSure = !mayHaveClosedBefore(long, at) && !mayHaveClosedBefore(long, at + SIDE_WORDS)
      return isSure ? outcomeAt(began, STAYS_OPEN, place) : NOT_PLAIN
    }
    if ((state & SERVER_WENT_ON) !== 0) return outcomeAt(began, OPEN_SURE, place)
    // Data on the final ACK that nobody has acknowledged may not have come.
    if ((state & ACK3_DATA) !== 0) return NOT_PLAIN
    // What the client sent since carried the same ACK: the full replay knows how sure that is.
    if ((long[at + OPEN_PACKETS] as number) > HANDSHAKE) return NOT_PLAIN
    const sure = captureEnd - timeIn(flows, long, at + ACK3_S) > FIRST_RTO || place === SERVER
    if (!sure && mayStandInSeveral(flows, page, base)) return NOT_PLAIN
    return outcomeAt(began, sure ? OPEN_SURE : OPEN_LIKELY, place)
  }
  const closer = (state & SERVER_CLOSES) === 0 ? CLIENT : SERVER
  const last = timeIn(flows, page, base + LAST_S)
  const answered = captureEnd - last > FIRST_RTO || place === other(closer)
  if (!answered && mayStandInSeveral(flows, page, base)) return NOT_PLAIN
  const over = timeWaitFrom(flows, page, base, closer) + flows.timeWait < captureEnd
  return outcomeAt(began, closedWay(closer, over, answered), place)
}

/** An end that has not answered for so long, in seconds, may be gone: the full replay knows how sure that is. */
const PROMPT = 0.9

/** When the oldest segment of a side was captured that is not acknowledged, seconds as in `Segment.at`; Infinity: all are. */
const unansweredSince = (flows: PlainFlows, long: Int32Array, side: number): number =>
  (long[side + FLYING] as number) === 0 ? Number.POSITIVE_INFINITY : timeIn(flows, long, side + FLIGHT + 1)

/** In several captures, of which each may show by itself that it was taken at a host, and so what came there: `infer/hosts.ts`. */
const mayStandInSeveral = (flows: PlainFlows, page: Int32Array, base: number): boolean =>
  flows.captureOf(page[base + FIRST] as number) < flows.before.length - 1

/** When `closer`, of a closed connection, entered TIME_WAIT, seconds as in `Segment.at`. */
export const timeWaitFrom = (flows: PlainFlows, page: Int32Array, base: number, closer: End): number =>
  timeIn(flows, page, base + FIN2_S) + (roundTripIn(flows, page, base, closer) || 0) / 2

const BOTH = [true, true] as const
const NEITHER = [false, false] as const

/** Filled for one connection after the other: nobody keeps it. */
const facts: {
  readonly roundTrip: [number | null, number | null]
  readonly ttl: [number, number]
  readonly partial: [boolean, boolean]
  readonly large: readonly [number, number]
  exact: readonly [boolean, boolean]
} = { exact: BOTH, roundTrip: [0, 0], ttl: [0, 0], partial: [false, false], large: [0, 0] }

/** What tells where it was captured, valid until the next one's is asked for. */
export function factsOf(flows: PlainFlows, page: Int32Array, base: number): VantageFacts {
  const { roundTrip, ttl, partial } = facts
  const client = page[base + SYN_LOOK] as number
  const server = page[base + SYNACK_LOOK] as number
  roundTrip[CLIENT] = orNull(roundTripIn(flows, page, base, CLIENT))
  roundTrip[SERVER] = orNull(roundTripIn(flows, page, base, SERVER))
  facts.exact = ((page[base + STATE] as number) & IN_MIDDLE) === 0 ? BOTH : NEITHER
  ttl[CLIENT] = client & LOOK_TTL
  ttl[SERVER] = server & LOOK_TTL
  partial[CLIENT] = (client & LOOK_PARTIAL) !== 0
  partial[SERVER] = (server & LOOK_PARTIAL) !== 0
  return facts
}

const orNull = (seconds: number): number | null => (Number.isNaN(seconds) ? null : seconds)

type Ending = Pick<Outcome, 'ends' | 'verdict' | 'closedFirst'>

const final = (state: State, certainty: Certainty): Final => ({ state, certainty })

const established = (client: Certainty, server: Certainty): Ending => ({
  ends: [final('ESTABLISHED', client), final('ESTABLISHED', server)],
  verdict: 'open',
  closedFirst: null,
})

const closed = (closer: End, over: boolean, answered: boolean): Ending => {
  const first = over ? final('CLOSED', 'assumed') : final('TIME_WAIT', 'implied')
  const second = final('CLOSED', answered ? 'implied' : 'assumed')
  return {
    ends: closer === CLIENT ? [first, second] : [second, first],
    verdict: 'closed',
    closedFirst: closer === CLIENT ? 'client' : 'server',
  }
}

const OPEN_SURE = 0
const OPEN_LIKELY = 1
/** Both ends had the connection when the capture began, as far as anybody knows: no segment shows how they came to it. */
const STAYS_OPEN = 2
const CLOSED_FIRST = 3
const closedWay = (closer: End, over: boolean, answered: boolean): number =>
  CLOSED_FIRST + closer + (over ? 2 : 0) + (answered ? 4 : 0)

/** The ways to stand at the end, in the order of the numbers above. */
const ENDINGS = [
  established('implied', 'implied'),
  established('implied', 'assumed'),
  established('assumed', 'assumed'),
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => closed((n & 1) as End, (n & 2) !== 0, (n & 4) !== 0)),
]

/** The ways to begin: with a SYN; before the capture, so that ports tell who is the client, or who is heard of first. */
const BEGINNINGS = [
  { roles: 'syn', beginsInMiddle: false },
  { roles: 'port', beginsInMiddle: true },
  { roles: 'first', beginsInMiddle: true },
] as const
const BY_SYN = 0
const BY_PORT = 1
const BY_FIRST = 2

function begunAs(page: Int32Array, base: number, state: number): number {
  if ((state & IN_MIDDLE) === 0) return BY_SYN
  const ports = portsOf({ page, base })
  return servingEnd(ports >>> 16, ports & 0xffff) === null ? BY_FIRST : BY_PORT
}

/** All there are, by their numbers: each ending of each beginning at each place. */
export const OUTCOMES: readonly Outcome[] = BEGINNINGS.flatMap((begun, began) =>
  ENDINGS.flatMap((ending, end) =>
    PLACES.map((where, place) => ({ ...begun, ...ending, number: outcomeAt(began, end, place), where })),
  ),
)

function outcomeAt(began: number, end: number, place: number): number {
  return (began * ENDINGS.length + end) * PLACES.length + place
}
