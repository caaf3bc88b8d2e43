/**
 * The shape of a language: one table of sentences per kind of code, complete by type.
 *
 * In: the codes of report.ts and notes.ts. Out: {@link Language}, which `en/` and `zh/` fill. State, flag and errno
 * names are the same in every language and are not in here.
 */
import type { FaultWords } from '../faults.js'
import type { CauseCode, CauseOf, FindingArguments, FindingId } from '../findings.js'
import type { NoteArguments, NoteCode, PacketArgument } from '../notes.js'
import type {
  AnyRule,
  Certainty,
  Errno,
  Flow,
  Severity,
  Side,
  SocketCall,
  State,
  Verdict,
} from '../report.js'

export type LanguageCode = 'en' | 'zh'

/** What a sentence may ask about the place it stands in. */
export interface Voice {
  /** Who sent the packet the sentence is about. */
  readonly from: Side
  /** Spells a state as the reader asked for it (`--names`). */
  readonly state: (state: State) => string
  /** How a packet of another capture is named. */
  readonly packet?: (packet: number, capture: number) => Numbered
}

/** What stands behind `#`: the number of a frame, and of which capture where that is not plain: `12 of server.pcap`. */
export type Numbered = number | string

/** The arguments of a note, as a sentence gets them. */
type Told<A> = {
  readonly [N in keyof A]: N extends PacketArgument ? Numbered | Extract<A[N], null> : A[N]
}

/** One sentence per note. */
export type NoteSentences = {
  readonly [K in NoteCode]: (args: Told<NoteArguments[K]>, voice: Voice) => string
}

/** What a finding's sentence may ask about the place it stands in. */
export interface FindingVoice {
  readonly side: Side | null
  readonly state: (state: State) => string
}

/** One sentence per finding. */
export type FindingSentences = {
  readonly [K in FindingId]: (args: Readonly<FindingArguments[K]>, voice: FindingVoice) => string
}

/** What would decide between the causes ('' when nothing is open), and what to do. */
export interface Advice {
  readonly decide: string
  readonly act: string
}

export interface Language {
  readonly code: LanguageCode
  /** Joins sentences that each end with their own full stop. */
  readonly sentenceGap: string
  /** Joins short clauses in one line. */
  readonly clauseGap: string
  /** Between a label and what it labels. */
  readonly colon: string
  /** Put behind a word, in brackets. */
  readonly aside: (text: string) => string
  readonly side: Readonly<Record<Side, string>>
  /** Full sentences, with a full stop. */
  readonly notes: NoteSentences
  /** A few words for the ladder, no full stop; '' when the ladder needs none. */
  readonly short: NoteSentences
  /** A clause, no full stop: why the rule fired. */
  readonly rules: Readonly<Record<AnyRule, string>>
  readonly verdicts: Readonly<Record<Verdict, string>>
  /** For a column of a table. */
  readonly verdictNames: Readonly<Record<Verdict, string>>
  readonly errnos: Readonly<Record<Errno, string>>
  readonly certainty: Readonly<Record<Certainty, string>>
  readonly severity: Readonly<Record<Severity, string>>
  readonly findings: FindingSentences
  /** A finding of an id that has no sentence here yet. */
  readonly findingElse: (id: string) => string
  /** A clause, no full stop. */
  readonly causes: Readonly<Record<CauseCode, string>>
  readonly advice: Readonly<Record<FindingId, Advice>>
  /** In place of that, where the likeliest cause is another. */
  readonly adviceByCause: { readonly [K in FindingId]?: { readonly [C in CauseOf<K>]?: Advice } }
  readonly likelihood: Readonly<Record<'shown' | 'likely' | 'possible', string>>
  readonly row: RowWords
  readonly ladder: LadderWords
  readonly list: ListWords
  readonly sockets: SocketWords
  readonly capture: CaptureWords
  /** Why a capture can't be read (on). */
  readonly faults: FaultWords
  readonly problems: ProblemWords
  /** Names of the captures, where there are several: {@link inCaptures} in `text/capture-names.ts` puts them here. */
  readonly captureNames?: readonly string[]
}

/** The sentences of one packet row. */
export interface RowWords {
  readonly sends: (side: Side, flags: string, bytes: number) => string
  readonly changes: (side: Side, was: string, state: string, why: string) => string
  /** A rule fired and the state stayed. */
  readonly stays: (side: Side, state: string, why: string) => string
  readonly rule: (clause: string, section: string) => string
  /** It does as `by` does, and not as `section` has it. */
  readonly insteadOf: (by: string, section: string) => string
  /** A numbered step of a section that has them. */
  readonly step: (section: string, number: string) => string
  readonly hindsight: (side: Side, truth: string, instead: string, packet: Numbered) => string
  readonly hindsightShort: (side: Side, truth: string, packet: Numbered) => string
  readonly taken: (side: Side, packet: Numbered) => string
  readonly notTaken: (side: Side, packet: Numbered | null) => string
  readonly notTakenShort: (packet: Numbered | null) => string
  /** A frame's number and its capture, as they stand behind `#`. */
  readonly numberedIn: (packet: number, file: string) => string
  readonly assumed: (side: Side) => string
  readonly icmpShort: (router: string) => string
  readonly icmp: (router: string, to: Side, name: string) => string
  readonly cause: (likelihood: string, cause: string) => string
}

export interface LadderWords {
  readonly time: string
  readonly title: (flow: number) => string
  /** Size of a flow. */
  readonly size: (packets: number, bytes: number) => string
  readonly incarnation: (nth: number) => string
  readonly beginsInMiddle: string
  readonly tunnel: string
  readonly folded: (packets: number, first: number, last: number, bytes: number) => string
  readonly noPacket: Readonly<Record<'timer' | 'call' | 'packet' | 'start', string>>
  readonly silent: (side: Side, was: string, state: string, why: string) => string
  readonly legend: Readonly<
    Record<'changed' | 'assumed' | 'hindsight' | 'lost' | 'dropped' | 'unheard' | 'crossing', string>
  >
  readonly closedFirst: Readonly<Record<Side | 'both', string>>
  readonly call: (call: SocketCall, meaning: string, evidence: string) => string
  /** The timer ran out at `at`; the packet that its end sent then, or null. */
  readonly byTimer: (at: string, packet: Numbered | null) => string
  /** The timer runs out at `until`, after the end of the capture. */
  readonly byTimerLater: (until: string) => string
  readonly captured: (place: string, why: string) => string
  readonly capturedNear: Readonly<Record<Flow['capturedNear']['where'], string>>
  readonly runs: (side: Side, state: string, until: string) => string
  readonly givesUp: (side: Side, state: string, until: string) => string
  readonly findings: string
  /** Column of the closing block. */
  readonly labels: Readonly<
    Record<'states' | 'verdict' | 'closedFirst' | 'calls' | 'captured' | 'later', string>
  >
}

export interface ListWords {
  readonly headings: Readonly<
    Record<
      'flow' | 'client' | 'server' | 'packets' | 'seconds' | 'clientState' | 'serverState' | 'verdict',
      string
    >
  >
  readonly hint: (flow: number, file: string) => string
  /** `tcp`: packets with TCP that can be followed; where there are some, no connection matches. */
  readonly noFlows: (tcp: number) => string
  /** `flows`: the numbers that there are, ascending; a filter, or a flood that is only counted, leaves gaps. */
  readonly noSuchFlow: (flow: number, flows: readonly number[]) => string
  readonly more: (flows: number) => string
}

export interface SocketWords {
  readonly title: (host: string, at: string, iso: string) => string
  readonly none: (at: string) => string
  readonly legend: string
  /** Stands for the moment when none was asked for. */
  readonly end: string
  /** The moment, as it was asked for, lies so many seconds before the first packet, or behind the last; `iso`: when that was. */
  readonly outside: Readonly<Record<'before' | 'after', (at: string, seconds: number, iso: string) => string>>
  /** A packet that was captured by then and has not come, the socket it is for, and the state it leads to. */
  readonly onItsWay: (packet: Numbered, local: string, state: string) => string
  readonly moreOnTheirWay: (packets: number) => string
  /** They are not listed, though nothing shows that they are gone. */
  readonly takenForClosed: (sockets: number) => string
  readonly countHeading: { readonly time: string; readonly host: string }
  /** The counts go up to one moment, and not to the end; both in seconds since the first packet. */
  readonly leftOut: (at: number, endAt: number) => string
}

export interface CaptureWords {
  readonly other: (packets: number, reasons: string) => string
  readonly summedUp: (connections: number) => string
  readonly drops: (packets: number) => string
  /** Its clock was behind another capture's. */
  readonly clockBehind: (seconds: number) => string
  /** Its connections were watched until then, seconds as in `at`, and not to the end of all. */
  readonly watchedUntil: (at: number) => string
  /** The same of a capture whose times go back. */
  readonly timesGoBack: (at: number) => string
  /** The same of so many captures. */
  readonly watchedApart: (captures: number) => string
  /** `byte`: where it says so, null where that is not one place. */
  readonly headerOnly: (byte: number | null) => string
  /** Too little of their TCP headers was captured: so many of all packets with TCP. */
  readonly cutHeaders: (packets: number, tcp: number) => string
  readonly unknownLink: (type: string, byte: number | null) => string
}

/** What the command line says when it can't go on; each is put behind `bothends: `. */
export interface ProblemWords {
  /** `several`: there are several captures. */
  readonly badTime: (text: string, several: boolean) => string
  /** `file`: null where there is one capture; `other`: how a packet of another one is asked for, or null. */
  readonly noPacket: (text: string, packets: number, file: string | null, other: string | null) => string
  readonly noSuchCapture: (text: string, known: string) => string
  readonly badChoice: (option: string, value: string, choices: string) => string
  readonly badNumber: (option: string, value: string) => string
  readonly unknownHost: (host: string, known: string) => string
  readonly badInterval: (value: string) => string
  readonly atAndEvery: string
  /** At which character of the filter, what stands there ('': its end), what would make sense ('': nothing to offer). */
  readonly badFilter: (filter: string, at: number, found: string, expected: string) => string
  readonly cannotRead: (file: string, why: string) => string
  /** What the operating system says, by its code (`ENOENT`); `message`: in its own words, without the code. */
  readonly system: (code: string, message: string) => string
  /** What commander says of the command line, by its code; `message`: in its own words. */
  readonly usage: (code: string, message: string) => string
  readonly noCapture: string
  /** Stand behind a line. */
  readonly didYouMean: (word: string) => string
  readonly commandFirst: (command: string) => string
  readonly failOn: (findings: number, severity: string) => string
}
