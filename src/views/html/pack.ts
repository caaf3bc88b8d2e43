/** A report made small for the page. In: a report, limits. Out: {@link PageData}. */
import type { EndState, Flow, PacketRow, Report, Side, StateSpan } from '../../report.js'
import type { Spelling } from '../../text/states.js'
import type { LanguageCode } from '../../text/table.js'
import { earliest, hostCounts } from './counts.js'
import type { PackedFlow, PackedRow, PackedSpan, PageData, SpanKind } from './data.js'
import { chosenFlows, chosenRows, LIMITS, type Limits, rowsEach } from './selection.js'

export interface PageOptions {
  /** The language it opens in; it holds all of them. */
  readonly language: LanguageCode
  /** Nobody asked for that language: where the browser prefers another that the page has, it opens in that. */
  readonly browserDecides?: boolean
  readonly spelling: Spelling
  /** What to type behind `bothends` for the same connections: options, captures, a filter; quoted for a shell. */
  readonly typed: string
  readonly limits?: Limits
}

export const pack = (
  report: Report,
  { language, browserDecides = false, spelling, typed, limits = LIMITS }: PageOptions,
): PageData => {
  const ends = new Pool<EndState>()
  const spanKinds = new Pool<SpanKind>()
  const flows = chosenFlows(report, limits.flows)
  const most = rowsEach(flows, limits)
  const { hosts, leftOut } = hostCounts(report, limits.hosts)
  const { flows: _all, ...rest } = report
  const named = new Set(flows.flatMap(({ client, server }) => [client.address, server.address]))
  return {
    ...rest,
    language,
    browserDecides,
    spelling,
    typed,
    names: Object.fromEntries(Object.entries(report.names).filter(([address]) => named.has(address))),
    findings: report.findings.slice(0, limits.findings),
    allFlows: report.flows.length,
    flows: flows.map((flow) => packFlow(flow, most, ends, spanKinds)),
    ends: ends.items,
    spanKinds: spanKinds.items,
    hosts,
    startAt: earliest(report),
    leftOut: {
      flows: report.flows.length - flows.length,
      findings: Math.max(0, report.findings.length - limits.findings),
      hosts: leftOut,
    },
  }
}

const packFlow = (flow: Flow, most: number, ends: Pool<EndState>, kinds: Pool<SpanKind>): PackedFlow => {
  const { kept, gaps } = chosenRows(flow.rows, most)
  const spans = (side: Side): PackedSpan[] => flow.spans[side].map((span) => packSpan(span, kinds))
  return {
    ...flow,
    rows: kept.map((row) => packRow(row, ends)),
    spans: { client: spans('client'), server: spans('server') },
    gaps,
  }
}

const packRow = (row: PacketRow, ends: Pool<EndState>): PackedRow => [
  row.packet,
  row.capture,
  row.at,
  row.from === 'client' ? 0 : 1,
  row.flags,
  row.seq,
  row.ack,
  row.relativeSeq,
  row.relativeAck,
  row.len,
  row.window,
  ends.index(row.client),
  ends.index(row.server),
  row.received,
  row.receivedBy,
  row.crossing ? 1 : 0,
  row.notes,
  ...(row.receivedByCapture === undefined ? NOWHERE_ELSE : ([row.receivedByCapture] as const)),
]

const NOWHERE_ELSE: readonly [] = []

const packSpan = ({ from, to, packet, ...kind }: StateSpan, kinds: Pool<SpanKind>): PackedSpan => [
  kinds.index(kind),
  from,
  to,
  packet,
]

/** Equal values once, by their JSON. */
class Pool<T> {
  readonly items: T[] = []
  readonly #known = new Map<string, number>()

  index(item: T): number {
    const key = JSON.stringify(item)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, this.items.length)
    return this.items.push(item) - 1
  }
}
