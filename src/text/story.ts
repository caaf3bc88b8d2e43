/** The sentences of a connection's story, apart from the rest because only `explain` tells it. Out: their type, and a loader. */
import type { Certainty, Flow, Side, SocketCall, TimerSpan } from '../report.js'
import type { LanguageCode, Numbered } from './table.js'

/** All sentences end with their full stop. Times are seconds since the first packet of the captures. */
export interface StoryWords {
  /** Who opened, and how: `roles` is the evidence for who is the client. */
  readonly opened: (client: string, server: string, at: number, roles: Flow['roles']) => string
  readonly beganBefore: (client: string, server: string, roles: Flow['roles']) => string
  /** `null`: that end never was. */
  readonly established: (
    client: number | null,
    server: number | null,
    doubt: boolean,
    state: string,
  ) => string
  readonly neverOpen: (syns: number, client: Reached, server: Reached) => string
  readonly data: (client: number, server: number, packets: number, again: number) => string
  readonly noData: (packets: number) => string
  /** What both states are after the packet with which the first thing went wrong, or what they were before it. */
  readonly wrongAfter: (packet: Numbered, clientState: string, serverState: string) => string
  readonly wrongBefore: (packet: Numbered, clientState: string, serverState: string) => string
  readonly closed: (side: Side | 'both', at: number, other: { side: Side; seconds: number } | null) => string
  readonly aborted: (side: Side, packet: Numbered, at: number) => string
  readonly notClosed: string
  /** `at`: when it returned, or will: seconds since the first packet. `later`: after the end of the capture. */
  readonly call: (call: ToldCall, meaning: string, at: number, later: boolean) => string
  readonly noErrors: string
  readonly timer: (side: Side, name: string, at: number, over: boolean, state: string) => string
  readonly atTheEnd: (clientState: string, serverState: string) => string
  /** Which states of which side are how certain. */
  readonly certainty: (
    known: Readonly<Record<Certainty, readonly { side: Side; states: readonly string[] }[]>>,
  ) => string
  readonly timers: Readonly<Record<TimerSpan['name'], string>>
}

/** How far an end came: a state, and whether it ever left it. */
export interface Reached {
  readonly state: string
  readonly moved: boolean
}

/** A call whose packets are named as they stand behind `#`. */
type ToldCall = Omit<SocketCall, 'packet' | 'shownBy'> & {
  readonly packet: Numbered | null
  readonly shownBy?: Numbered
}

export const loadStory = async (code: LanguageCode): Promise<StoryWords> =>
  code === 'zh' ? (await import('./zh/story.js')).story : (await import('./en/story.js')).story
