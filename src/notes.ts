/**
 * Everything bothends can say about a packet, as a code with typed arguments: no words.
 * `text/` turns a note into a sentence in every language; its tables are complete by this type.
 *
 * Arguments that {@link PacketArgument} names are frame numbers; times are seconds as in `PacketRow.at`.
 */
import type { State } from './rfc9293/state.js'

type Side = 'client' | 'server'

export interface NoteArguments {
  // the handshake
  'syn-retransmission': { nth: number; budget: number | null; givesUpAt: number | null; first: number }
  /** `answers`: the SYN again that drew it; null: a timer did, or nothing tells. */
  'syn-ack-retransmission': { nth: number; budget: number | null; first: number; answers: number | null }
  'syn-cookie': { answers: number }
  'fast-open': { bytes: number; accepted: boolean | null }
  'fast-open-cookie': { request: boolean }
  'simultaneous-open': { with: number }
  'port-reuse': { previousFlow: number; inTimeWait: boolean }
  // data
  retransmission: { of: number | null; why: 'timeout' | 'probe' | 'unknown' }
  'fast-retransmission': { of: number | null; duplicateAcks: number }
  'spurious-retransmission': { of: number | null; shownBy: number | null }
  'out-of-order': { behind: number | null }
  'duplicate-ack': { nth: number; of: number }
  'zero-window': { seconds: number | null }
  'zero-window-probe': { nth: number }
  'zero-window-probe-ack': { answers: number | null }
  'window-update': { bytes: number }
  'window-full': { bytes: number }
  'keep-alive': { nth: number }
  'keep-alive-ack': { answers: number }
  'challenge-ack': { answers: number | null }
  'previous-segment-missing': { bytes: number; kind: 'lost' | 'not-captured' | 'unknown' }
  'ack-of-unseen': { bytes: number }
  'capture-duplicate': { of: number }
  'old-duplicate': { of: number | null }
  'outside-window': Record<never, never>
  // the end
  reset: {
    /** Which kind of RST this is, from its form and place: `replay/notes/resets.ts` tells. */
    form:
      | 'refused'
      | 'no-socket'
      | 'abort'
      | 'keep-alive-timeout'
      | 'unread-data'
      | 'bad-ack'
      | 'forged'
      | 'unknown'
    answers: number | null
    taken: boolean | null
    /** Whether it left its apparent sender's host, where a capture of that host tells. */
    left?: boolean
  }
  'fin-retransmission': { of: number }
  'simultaneous-close': { with: number }
  'data-after-close': { bytes: number }
  'time-wait-until': { side: Side; until: number }
  // what became of it
  'not-received': { side: Side; shownBy: number | null; lost: boolean }
  'thrown-away': {
    side: Side
    shownBy: number | null
    why: 'accept-queue-full' | 'deferred-accept' | 'old-timestamp' | 'no-socket'
  }
  /** It was sent again, as that packet shows, and nothing came back any more. */
  unanswered: { shownBy: number | null }
  crossing: { with: number }
  // what no packet shows
  'hidden-change': {
    side: Side
    from: State
    to: State
    why: 'gave-up' | 'orphan' | 'crash' | 'close' | 'cookie' | 'time-wait-over' | 'unknown'
  }
  'state-unknown-before': Record<never, never>
  'icmp-error': { name: string; router: string; fatal: boolean }
  // where the capture was taken
  'near-fast-answers': { side: Side; milliseconds: number; other: number | null }
  'near-large-frames': { side: Side; bytes: number }
  'near-partial-checksums': { side: Side; packets: number }
  'near-ttl': { side: Side; ttl: number }
  'near-between': { client: number; server: number }
  'near-at-most': { client: number; server: number }
  /** Captures of both hosts: milliseconds from the sender's to the other end and back; null: no answer of that end tells. */
  'near-both': { client: number | null; server: number | null }
  'near-unknown': Record<never, never>
}

export type NoteCode = keyof NoteArguments
/** Arguments that are a packet: the number of its frame. */
export const PACKET_ARGUMENTS = ['of', 'first', 'with', 'answers', 'behind', 'shownBy'] as const
export type PacketArgument = (typeof PACKET_ARGUMENTS)[number]
/** Beside each of them, where it is in another capture than the note's own packet: index into the report's captures. */
type OtherCaptures<A> = { readonly [N in keyof A & PacketArgument as `${N}Capture`]?: number }
/** One note: its code, and the arguments of that code. */
export type Note = {
  [K in NoteCode]: { readonly code: K } & Readonly<NoteArguments[K]> & OtherCaptures<NoteArguments[K]>
}[NoteCode]
