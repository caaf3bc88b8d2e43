/**
 * The report as NDJSON, the names and order that docs/json.md promises.
 *
 * In: a report, a language for `text`. Out: lines without their line end: header, packets in capture order, flows, findings.
 */
import { listedIn } from '../listed.js'
import { type Finding, type Flow, type IcmpRow, inCapture, type PacketRow, type Report } from '../report.js'
import { adviseOn, describeFinding } from '../text/finding.js'
import { describeIcmp, describeRow } from '../text/row.js'
import type { Language } from '../text/table.js'
import { isAbout } from './about-flow.js'
import { JsonBytes } from './json-bytes.js'
import { flowLine } from './json-flow.js'
import { FLOW_END, FlowBytes } from './json-flow-bytes.js'
import { inTenths } from './json-time.js'

/** The first line of every stream. */
export const headerLine = (report: Report): string =>
  JSON.stringify({
    type: 'bothends',
    schema: report.schema,
    version: report.version,
    captures: report.captures,
    stack: report.stack,
    epoch: report.epoch,
    ...(report.interrupted === true ? { interrupted: true } : {}),
  })

/** `revised`: it was printed before and reads otherwise now. */
const packetLine = (row: PacketRow, flow: number, language: Language, revised = false): string =>
  JSON.stringify({
    type: 'packet',
    packet: row.packet,
    capture: row.capture,
    time: row.time,
    at: inTenths(row.at),
    flow,
    ...(revised ? { revised } : {}),
    from: row.from,
    flags: row.flags,
    seq: row.seq,
    ack: row.ack,
    len: row.len,
    relativeSeq: row.relativeSeq,
    relativeAck: row.relativeAck,
    window: row.window,
    client: row.client,
    server: row.server,
    received: row.received,
    receivedBy: row.receivedBy,
    ...(row.receivedByCapture === undefined ? {} : { receivedByCapture: row.receivedByCapture }),
    crossing: row.crossing,
    events: row.notes.map(({ code }) => code),
    notes: row.notes,
    text: describeRow(row, language),
  })

// `type` is the line's own, so the ICMP header's two fields get longer names.
const icmpLine = ({ type, code, ...row }: IcmpRow, flow: number, language: Language): string =>
  JSON.stringify({
    type: 'icmp',
    ...row,
    at: inTenths(row.at),
    icmpType: type,
    icmpCode: code,
    flow,
    events: row.notes.map((note) => note.code),
    text: describeIcmp({ type, code, ...row }, language),
  })

const findingLine = (finding: Finding, language: Language): string => {
  const { id, severity, flow, flows, side, ...rest } = finding
  const text = describeFinding(finding, language)
  const advice = adviseOn(finding, language)
  return JSON.stringify({ type: 'finding', id, severity, flow, flows, side, ...rest, text, advice })
}

/** A row with what it is sorted by. */
type Placed =
  | { readonly flow: number; readonly row: PacketRow }
  | { readonly flow: number; readonly icmp: IcmpRow }

const placeOf = (placed: Placed): PacketRow | IcmpRow => ('row' in placed ? placed.row : placed.icmp)

/** Capture order over all flows: by time over several captures, by frame within one. */
const inCaptureOrder = (report: Report, flows: readonly Flow[]): Placed[] => {
  const placed = flows.flatMap(({ flow, rows, icmp }): Placed[] => [
    ...rows.map((row) => ({ flow, row })),
    ...icmp.map((row) => ({ flow, icmp: row })),
  ])
  const several = report.captures.length > 1
  return placed.sort((one, two) => {
    const a = placeOf(one)
    const b = placeOf(two)
    return (several ? a.at - b.at : 0) || inCapture(a, b)
  })
}

/** Of one flow what speaks of it, and of no flow but of the captures. */
const findingsOf = ({ findings }: Report, only: number | null): readonly Finding[] =>
  only === null ? findings : findings.filter((each) => each.flows.length === 0 || isAbout(only)(each))

/** Everything: `annotate --json`. `only`: one flow's number, or null for all. */
export function* annotateLines(report: Report, language: Language, only: number | null): Generator<string> {
  const flows = only === null ? report.flows : report.flows.filter(({ flow }) => flow === only)
  yield headerLine(report)
  for (const placed of inCaptureOrder(report, flows))
    yield 'row' in placed
      ? packetLine(placed.row, placed.flow, language)
      : icmpLine(placed.icmp, placed.flow, language)
  yield* endLines(report, language, only)
}

/** What stands behind the packets. */
export function* endLines(report: Report, language: Language, only: number | null): Generator<string> {
  for (const flow of report.flows) if (only === null || flow.flow === only) yield flowLine(flow, true)
  for (const finding of findingsOf(report, only)) yield findingLine(finding, language)
}

/** All of them. */
export function* findingLines({ findings }: Pick<Report, 'findings'>, language: Language): Generator<string> {
  for (const finding of findings) yield findingLine(finding, language)
}

/** The first line where packets are told as they come: of the captures only the names are known. */
export const liveHeaderLine = (
  report: Pick<Report, 'version' | 'stack' | 'epoch'>,
  files: readonly string[],
) =>
  JSON.stringify({
    type: 'bothends',
    schema: 1,
    version: report.version,
    captures: files.map((file) => ({ file })),
    stack: report.stack,
    epoch: report.epoch,
    following: true,
  })

/** A row that is told while packets come. */
export const liveLine = (
  row: PacketRow | IcmpRow,
  flow: number,
  language: Language,
  revised: boolean,
): string => ('from' in row ? packetLine(row, flow, language, revised) : icmpLine(row, flow, language))

/** Octets a piece, about. */
const PIECE = 1 << 16

/**
 * The same lines as {@link flowLines}, with their ends, as octets: there may be millions of flows. A piece is valid
 * until the next one is asked for. `only`: one flow's number, or null for all.
 */
export function* flowPieces(report: Report, language: Language, only: number | null): Generator<Uint8Array> {
  const json = new JsonBytes()
  const bytes = new FlowBytes()
  json.raw(`${headerLine(report)}\n`)
  for (const flow of listedIn(report) ?? report.flows) {
    if (only !== null && flow.flow !== only) continue
    bytes.put(json, flow)
    json.octets(FLOW_END)
    if (json.length < PIECE) continue
    yield json.bytes.subarray(0, json.length)
    json.clear()
  }
  for (const finding of findingsOf(report, only)) json.raw(`${findingLine(finding, language)}\n`)
  yield json.bytes.subarray(0, json.length)
}

/** Without packets: `flows --json`. */
export function* flowLines(report: Report, language: Language): Generator<string> {
  yield headerLine(report)
  for (const flow of report.flows) yield flowLine(flow, false)
  for (const finding of report.findings) yield findingLine(finding, language)
}
