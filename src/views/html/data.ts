/**
 * What the report page is given: a report made small, as plain JSON.
 *
 * `pack.ts` writes it, `page/unpack.ts` reads it back into a {@link Report}. Equal ends, rules and spans are written once
 * and pointed at, rows are tuples: a row takes about 110 bytes instead of 600.
 */
import type { EndState, Flow, Note, Report, StateSpan } from '../../report.js'
import type { Spelling } from '../../text/states.js'
import type { LanguageCode } from '../../text/table.js'
import type { HostCounts } from './counts.js'

/** 0 client, 1 server. */
export type SideNumber = 0 | 1

export type PackedRow = readonly [
  packet: number,
  capture: number,
  at: number,
  from: SideNumber,
  flags: string,
  seq: number,
  ack: number | null,
  relativeSeq: number,
  relativeAck: number | null,
  len: number,
  window: number,
  /** Indices into {@link PageData.ends}. */
  client: number,
  server: number,
  received: boolean | null,
  receivedBy: number | null,
  crossing: 0 | 1,
  notes: readonly Note[],
  receivedByCapture?: number,
]

/** A span without its times, which are what makes spans differ. */
export type SpanKind = Omit<StateSpan, 'from' | 'to' | 'packet'>
export type PackedSpan = readonly [
  kind: number,
  from: number | null,
  to: number | null,
  packet: number | null,
]

/** Packets that were not put into the page: `count` of them before row `before`. */
export interface Gap {
  readonly before: number
  readonly count: number
  readonly first: number
  readonly last: number
}

export interface PackedFlow extends Omit<Flow, 'rows' | 'spans'> {
  readonly rows: readonly PackedRow[]
  readonly spans: { readonly client: readonly PackedSpan[]; readonly server: readonly PackedSpan[] }
  readonly gaps: readonly Gap[]
}

export interface LeftOut {
  readonly flows: number
  readonly findings: number
  readonly hosts: number
}

export interface PageData extends Omit<Report, 'flows'> {
  readonly language: LanguageCode
  /** `language` only where the browser prefers none of the page's. */
  readonly browserDecides: boolean
  readonly spelling: Spelling
  /** What to type behind `bothends` for the same connections. */
  readonly typed: string
  /** Connections of the whole report, also those that are left out. */
  readonly allFlows: number
  readonly ends: readonly EndState[]
  readonly spanKinds: readonly SpanKind[]
  readonly flows: readonly PackedFlow[]
  readonly hosts: readonly HostCounts[]
  /** Where the time of `hosts` begins, seconds as in `at`. */
  readonly startAt: number
  readonly leftOut: LeftOut
}
