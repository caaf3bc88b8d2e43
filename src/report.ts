/**
 * The result: plain JSON, versioned, and all that views may read. No class, no Date, no BigInt.
 *
 * In: the types of states, rules and messages. Out: {@link Report}, what `analyze()` gives.
 * Names that other programs rely on are held by the contract in docs/json.md.
 */
import type { PlacedFault } from './faults.js'
import type { CauseOf, FindingArguments, FindingId } from './findings.js'
import type { Note } from './notes.js'
import type { RuleId } from './rfc9293/machine.js'
import type { State } from './rfc9293/state.js'

export type { CauseCode, FindingArguments, FindingId } from './findings.js'
export type { Note, NoteCode } from './notes.js'
export { STATES, type State } from './rfc9293/state.js'

/** The two ends; {@link Flow.roles} says why the client is the client. */
export const SIDES = ['client', 'server'] as const
export type Side = (typeof SIDES)[number]

/** A place in the captures: index into {@link Report.captures}, and frame number. */
export interface Place {
  readonly capture: number
  readonly packet: number
}

/** In the order of the captures, and of the packets in each. */
export const inCapture = (a: Place, b: Place): number => a.capture - b.capture || a.packet - b.packet

/**
 * How sure a statement is. `seen`: a packet of the capture shows it (or its sender must be in that state to send it).
 * `implied`: it follows from later or earlier packets. `assumed`: the likeliest; the capture can't tell.
 */
export type Certainty = 'seen' | 'implied' | 'assumed'

/** Rules of the RFC's machine, or of the inference where no RFC rule exists for what a real host did. */
export type AnyRule = RuleId | InferredRule
/** What the inference had to conclude because no rule of the machine explains it. */
export type InferredRule =
  | 'infer/adopted' // the capture starts in the middle: the state is taken from the first packets
  | 'infer/gone' // the host no longer has a socket: crash, reboot, or an unseen end
  | 'infer/resync' // the packets show a state that the replay had not reached
  | 'infer/syn-cookie' // the server answered with a cookie and holds nothing
  | 'infer/gave-up' // retries or a time-out ran out, unseen
  | 'infer/orphan-timeout' // FIN_WAIT_2 (or FIN_WAIT_1) without an owner was dropped

/** One end after a packet. */
export interface EndState {
  readonly state: State
  /** Its state just before this packet (before it was sent, or before it arrived). */
  readonly was: State
  readonly certainty: Certainty
  /** What fired, in order: the annotation. Empty when nothing changed. */
  readonly rules: readonly AnyRule[]
  /** Set when a reader who believes every captured packet arrived would say another state; `packet` is the one that proves it. */
  readonly hindsight?: {
    readonly instead: State
    readonly packet: number
    /** Of that packet, where it is in another capture than the row: index into {@link Report.captures}. */
    readonly capture?: number
  }
}

/** One TCP packet of a flow. */
export interface PacketRow {
  /** Frame number in its capture, from 1. */
  readonly packet: number
  /** Index into {@link Report.captures}. */
  readonly capture: number
  /** ISO 8601, UTC, nanoseconds. */
  readonly time: string
  /** Seconds since the first packet of the capture set. */
  readonly at: number
  readonly from: Side
  /** Letters in the order SFRPAUEC. */
  readonly flags: string
  /** Absolute sequence number, 0 to 2^32 - 1. */
  readonly seq: number
  /** Null without the ACK flag. */
  readonly ack: number | null
  /** Relative to the first sequence number of its direction (Wireshark's rule: SYN is 0); goes on beyond 4 GiB. */
  readonly relativeSeq: number
  /** The same of the other direction. Null without the ACK flag. */
  readonly relativeAck: number | null
  /** Payload bytes. */
  readonly len: number
  /** Receive window in bytes, scaled where the scale is known. */
  readonly window: number
  readonly client: EndState
  readonly server: EndState
  /** The receiver's TCP took it; false: it evidently did not; null: nothing tells. */
  readonly received: boolean | null
  /** The packet that proves `received`, when another one does. */
  readonly receivedBy: number | null
  /** Of that packet, where it is in another capture than this one: index into {@link Report.captures}. */
  readonly receivedByCapture?: number
  /** It crossed a packet of its receiver that was already under way: the two columns show each end at its own moment. */
  readonly crossing: boolean
  /** What happened, as codes with typed arguments; their codes are the contract's `events`. */
  readonly notes: readonly Note[]
}

/** An ICMP error that quoted a segment of a flow. */
export interface IcmpRow {
  /** These four as of a {@link PacketRow}. */
  readonly packet: number
  readonly capture: number
  readonly time: string
  readonly at: number
  /** The side the error is for. */
  readonly to: Side
  /** Address of who sent it. */
  readonly router: string
  /** As in its header, 0 to 255: of ICMP over IPv4, of ICMPv6 over IPv6. */
  readonly type: number
  readonly code: number
  /** e.g. `host-unreachable`, `port-unreachable`, `fragmentation-needed`, `time-exceeded`. */
  readonly name: string
  readonly notes: readonly Note[]
}

/** A stretch of time one end spent in one state. Stretches of a side follow each other without a gap. */
export interface StateSpan {
  readonly state: State
  /** Seconds as in `at`, on the end's own clock as far as it is known; -Infinity is written as null. */
  readonly from: number | null
  /** Null: to the end of what is known. */
  readonly to: number | null
  readonly certainty: Certainty
  /** What began it. */
  readonly cause: 'packet' | 'timer' | 'call' | 'start'
  /** The packet that shows the beginning, or null. */
  readonly packet: number | null
  /** Of that packet, where it is not the first: index into {@link Report.captures}. */
  readonly capture?: number
  readonly rules: readonly AnyRule[]
}

/** A timer that ends a state when nothing comes: 2MSL, or the last of all resends. */
export interface TimerSpan {
  readonly side: Side
  readonly name: 'syn' | 'syn-ack' | 'retransmission' | 'time-wait' | 'fin-wait-2'
  /** When it was started, seconds as in `at`. */
  readonly from: number
  /** When it runs out, seconds as in `at`: not the next resend, but when the end gives up after the last. */
  readonly expires: number
  /** When what it waited for came, or its connection was gone; null: it ran out, or runs at the end of the capture. */
  readonly stopped: number | null
}

/** How a host's retransmission timer is reckoned (RFC 6298), in seconds. */
export interface Timeouts {
  /** Before there is a measurement. */
  readonly initial: number
  readonly least: number
  readonly most: number
  /** So many SYNs are sent again at constant distance before the time doubles (tcp_syn_linear_timeouts). */
  readonly linearSyns: number
  /** Linux adds the least to the smoothed round trip; RFC 6298 2.4 takes the larger of the sum and the least. */
  readonly leastIsVariance: boolean
  /** The first resend is a tail loss probe (RFC 8985 section 7). */
  readonly lossProbe: boolean
}

/** What errno(3) calls it: those that a TCP socket can get from the network. */
export type Errno =
  | 'ECONNREFUSED'
  | 'ETIMEDOUT'
  | 'ECONNRESET'
  | 'EPIPE'
  | 'EHOSTUNREACH'
  | 'ENETUNREACH'
  | 'ENOPROTOOPT'
  | 'EPROTO'
  | 'EACCES'

/** What a socket call on one side returned, or would return next. */
export interface SocketCall {
  readonly side: Side
  readonly call: 'connect' | 'send' | 'recv' | 'accept'
  readonly errno: Errno
  /** The packet that caused it; null: a timer. */
  readonly packet: number | null
  /** Where a timer caused it and its end sent a packet then, that packet: the RST after keep-alives. */
  readonly shownBy?: number
  /** Of either packet, where that is not the first: index into {@link Report.captures}. */
  readonly capture?: number
  /** When it could return so. ISO 8601, UTC, nanoseconds. */
  readonly time: string
  readonly certainty: Certainty
}

/** How a flow went, worst first. */
export const VERDICTS = [
  'half-open', // one side believes in a connection that the other does not have (section 3.5.1)
  'refused', // connect was refused
  'timed-out', // connect got no answer, or an error that ended it
  'unreachable', // ICMP said so
  'given-up', // retransmissions or keep-alives ran out
  'no-answer', // both ESTABLISHED, but one side asks again and again in vain
  'reset', // a RST ended it
  'not-closed', // one side closed, the other has not: CLOSE_WAIT
  'unanswered', // a SYN without an answer so far
  'opening', // the handshake is not complete, so far or for good
  'open', // both ESTABLISHED at the end of the capture
  'closing', // a close is under way
  'closed', // closed in order
] as const
export type Verdict = (typeof VERDICTS)[number]

/** One side of a flow. */
export interface FlowEnd {
  /** IPv4 in dots, or IPv6 as RFC 5952 writes it. */
  readonly address: string
  /** 0 to 65535. */
  readonly port: number
  /** State at the end of the capture, timers included. */
  readonly state: State
  readonly certainty: Certainty
}

/** One connection, or attempt at one, with all its packets. */
export interface Flow {
  /** From 0, in order of the first packet; a new one for each incarnation of a 4-tuple. */
  readonly flow: number
  /** tcp.stream-like key of the tunnel around it, or ''. */
  readonly outer: string
  readonly client: FlowEnd
  readonly server: FlowEnd
  /** Which rule decided who is the client, strongest first: `syn`, `syn-ack`, `port`, `first`. */
  readonly roles: 'syn' | 'syn-ack' | 'port' | 'first'
  /** First and last packet. ISO 8601, UTC, nanoseconds. */
  readonly start: string
  readonly end: string
  /** The same in seconds as in `at`. */
  readonly startAt: number
  readonly endAt: number
  /** Both directions; what stands in two captures counts twice. */
  readonly packets: number
  /** Payload bytes, both directions, as captured on the wire. */
  readonly bytes: number
  /** Community ID 1.0, seed 0. */
  readonly communityId: string
  /** Number of the same 4-tuple's earlier incarnations. */
  readonly incarnation: number
  /** No SYN of it was captured. */
  readonly beginsInMiddle: boolean
  readonly capturedNear: {
    /** `both`: one capture was taken at either host. */
    readonly where: 'client' | 'server' | 'between' | 'both' | 'unknown'
    readonly reason: Note
  }
  readonly calls: readonly SocketCall[]
  /** Whose FIN, or abort, came first; `both`: neither had got the other's. Null: nobody closed. */
  readonly closedFirst: 'client' | 'server' | 'both' | null
  readonly verdict: Verdict
  readonly rows: readonly PacketRow[]
  readonly icmp: readonly IcmpRow[]
  readonly spans: { readonly client: readonly StateSpan[]; readonly server: readonly StateSpan[] }
  readonly timers: readonly TimerSpan[]
}

/** `problem`: something went wrong; `warning`: it may have; `note`: good to know. */
export type Severity = 'note' | 'warning' | 'problem'

/** `shown`: the packets show it; `likely`: it fits best; `possible`: the capture can't exclude it. */
export type Likelihood = 'shown' | 'likely' | 'possible'

export interface FindingOf<K extends FindingId> {
  readonly id: K
  readonly severity: Severity
  /** Null: about several flows, or the whole capture. */
  readonly flow: number | null
  /** Every flow it is about. */
  readonly flows: readonly number[]
  readonly side: Side | null
  readonly certainty: Certainty
  /** Frame numbers: the evidence. */
  readonly packets: readonly number[]
  /** Of each of them its capture, where one is not in the first: indices into {@link Report.captures}. */
  readonly captures?: readonly number[]
  /** Arguments of its sentence. */
  readonly args: Readonly<FindingArguments[K]>
  /** Possible causes, likeliest first. */
  readonly causes: readonly { readonly code: CauseOf<K>; readonly likelihood: Likelihood }[]
}

/** An answer to a question of an engineer, with its evidence. */
export type Finding<K extends FindingId = FindingId> = { [I in FindingId]: FindingOf<I> }[K]

/** In {@link CaptureInfo.other}: connections that never came about and are in no flow; the others there are packets. */
export const SUMMED_UP = 'half-open-over-max-flows'

/** There too: packets with TCP, counted with it, of whose header too little was captured to follow them. They are in no flow. */
export const CUT_HEADER = 'tcp-truncated'

/** There too, before the number: packets of a link type that is not known. */
export const UNKNOWN_LINK_TYPE = 'unknown-link-type-'

/** One file or pipe, and how far it could be read. */
export interface CaptureInfo {
  /** As it was named. */
  readonly file: string
  /** `pcap`, `pcap-ns` (with nanoseconds) or `pcapng`. */
  readonly format: string
  /** `none`, `gzip`, `zstd` or `lz4`. */
  readonly compression: string
  /** Of every kind. */
  readonly packets: number
  /** Those with TCP, also those that were cut too short to be followed. */
  readonly tcpPackets: number
  /** Times of the first and the last packet in the file, ISO 8601 in UTC; null without packets. */
  readonly first: string | null
  readonly last: string | null
  /** What isn't TCP or can't be followed, by reason. */
  readonly other: Readonly<Record<string, number>>
  /** Packets the capturing host says it lost. */
  readonly drops: number
  /**
   * By so many seconds its clock was behind that of another capture, as packets show that stand in both: everywhere else
   * its times are told as much later. Absent when nothing shows that.
   */
  readonly clockBehind?: number
  /**
   * Seconds as in `at`: until then what does not stand in it is silence of its connections; to its last packet, or that of the
   * captures that go on where it ends. Absent: until the end of all.
   */
  readonly watchedUntil?: number
  /** Why reading stopped before the end, or null: one line, with the byte. */
  readonly damage: string | null
  /** The same as a code with its numbers, for other languages; absent when there is no damage. */
  readonly fault?: PlacedFault
  /** Byte of the capture that tells why it holds nothing to decode: where a packet should be, or its unknown link type. */
  readonly nothingAt?: number
}

/** Until when connections were watched that stand in a capture, seconds as in `at`. */
export const captureWatchedUntil = (capture: number, { captures, endAt }: Extent): number =>
  captures[capture]?.watchedUntil ?? endAt

/** Until when a connection was watched, seconds as in `at`: what later captures do not show of it is no silence. */
export function watchedUntil(flow: Pick<Flow, 'rows' | 'endAt'>, extent: Extent): number {
  if (extent.captures.every((capture) => capture.watchedUntil === undefined)) return extent.endAt
  const own = new Set(flow.rows.map(({ capture }) => capture))
  return Math.max(flow.endAt, ...[...own].map((capture) => captureWatchedUntil(capture, extent)))
}

/** How long was captured. */
export type Extent = Pick<Report, 'captures' | 'endAt'>

/** Packets with TCP that some connection is made of. */
export const followable = ({ captures }: Pick<Report, 'captures'>): number =>
  captures.reduce((sum, { tcpPackets, other }) => sum + tcpPackets - (other[CUT_HEADER] ?? 0), 0)

/** All that was found out about some captures. */
export interface Report {
  /** Goes up when a name or a meaning changes; what is added does not change it. */
  readonly schema: 1
  /** Of bothends. */
  readonly version: string
  /** Whose timers and habits were reckoned with. */
  readonly stack: 'linux' | 'rfc9293'
  readonly captures: readonly CaptureInfo[]
  /** First packet of all captures: `at` is counted from here. ISO 8601; null without packets. */
  readonly epoch: string | null
  /** The same, exactly: whole seconds and nanoseconds since 1970. */
  readonly epochSeconds: number
  readonly epochNanoseconds: number
  /** Seconds as in `at` of the last packet of any kind. */
  readonly endAt: number
  /** Names of addresses that the capture brought along. Hostile text. */
  readonly names: Readonly<Record<string, string>>
  /** With whose time-outs each end was reckoned: the stack's, or what its sysctl says. */
  readonly timeouts: { readonly client: Timeouts; readonly server: Timeouts }
  readonly flows: readonly Flow[]
  readonly findings: readonly Finding[]
  /** The analysis was interrupted: packets and connections are missing. */
  readonly interrupted?: true
}
