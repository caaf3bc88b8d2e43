/**
 * A report as tables: packets, flows, findings, transitions. docs/export.md describes every column.
 *
 * In: a report, a language for the sentences. Out: the tables. Lists are written with spaces between their parts,
 * so that they are the same in every format.
 */
import {
  type EndState,
  type Finding,
  type Flow,
  type FlowEnd,
  type PacketRow,
  type Report,
  SIDES,
  type Side,
  type StateSpan,
} from '../../report.js'
import { describeFinding } from '../../text/finding.js'
import { describeRow, otherSide } from '../../text/row.js'
import { safe } from '../../text/safe.js'
import type { Language } from '../../text/table.js'
import { isoAt } from '../terminal/clock.js'
import { type Column, type ColumnType, type Table, tableOf, type Value } from './table.js'

export const TABLE_NAMES = ['packets', 'flows', 'findings', 'transitions'] as const

const column = <Row>(name: string, type: ColumnType, of: (row: Row) => Value): Column<Row> => ({
  name,
  type,
  of,
})

interface OfFlow {
  readonly flow: Flow
}
interface OfPacket extends OfFlow {
  readonly row: PacketRow
}
interface OfSpan extends OfFlow {
  readonly side: Side
  readonly span: StateSpan
  readonly was: StateSpan | undefined
}

/** The file's name as it was asked for. */
const fileOf = (report: Report, capture: number | undefined): string =>
  safe(report.captures[capture ?? -1]?.file ?? '')

const end = <Row>(side: Side, of: (row: Row) => EndState): Column<Row>[] => [
  column(`${side}_state`, 'text', (row) => of(row).state),
  column(`${side}_was`, 'text', (row) => of(row).was),
  column(`${side}_certainty`, 'text', (row) => of(row).certainty),
  column(`${side}_rules`, 'text', (row) => of(row).rules.join(' ')),
]

export const packetsTable = (report: Report, flows: readonly Flow[], language: Language): Table =>
  tableOf<OfPacket>(
    'packets',
    [
      column('capture', 'text', ({ row }) => fileOf(report, row.capture)),
      column('packet', 'integer', ({ row }) => row.packet),
      column('flow', 'integer', ({ flow }) => flow.flow),
      column('time', 'time', ({ row }) => row.time),
      column('captured_at', 'real', ({ row }) => row.at),
      column('sender', 'text', ({ row }) => row.from),
      column('flags', 'text', ({ row }) => row.flags),
      column('seq', 'long', ({ row }) => row.seq),
      column('ack', 'long', ({ row }) => row.ack),
      column('relative_seq', 'long', ({ row }) => row.relativeSeq),
      column('relative_ack', 'long', ({ row }) => row.relativeAck),
      column('length', 'integer', ({ row }) => row.len),
      column('receive_window', 'long', ({ row }) => row.window),
      ...end<OfPacket>('client', ({ row }) => row.client),
      ...end<OfPacket>('server', ({ row }) => row.server),
      column('received', 'boolean', ({ row }) => row.received),
      column('received_by', 'integer', ({ row }) => row.receivedBy),
      column('crossing', 'boolean', ({ row }) => row.crossing),
      column('events', 'text', ({ row }) => row.notes.map(({ code }) => code).join(' ')),
      column('text', 'text', ({ row }) => describeRow(row, language)),
    ],
    function* () {
      for (const flow of flows) for (const row of flow.rows) yield { flow, row }
    },
  )

const flowEnd = (side: Side, of: (flow: Flow) => FlowEnd): Column<OfFlow>[] => [
  column(`${side}_address`, 'text', ({ flow }) => of(flow).address),
  column(`${side}_port`, 'integer', ({ flow }) => of(flow).port),
  column(`${side}_state`, 'text', ({ flow }) => of(flow).state),
  column(`${side}_certainty`, 'text', ({ flow }) => of(flow).certainty),
]

export const flowsTable = (report: Report, flows: readonly Flow[], language: Language): Table =>
  tableOf<OfFlow>(
    'flows',
    [
      column('capture', 'text', ({ flow }) => fileOf(report, flow.rows[0]?.capture)),
      column('flow', 'integer', ({ flow }) => flow.flow),
      ...flowEnd('client', ({ client }) => client),
      ...flowEnd('server', ({ server }) => server),
      column('verdict', 'text', ({ flow }) => flow.verdict),
      column('closed_first', 'text', ({ flow }) => flow.closedFirst),
      column('calls', 'text', ({ flow }) =>
        flow.calls.map(({ side, call, errno }) => `${side}:${call}:${errno}`).join(' '),
      ),
      column('start_time', 'time', ({ flow }) => flow.start),
      column('end_time', 'time', ({ flow }) => flow.end),
      column('start_at', 'real', ({ flow }) => flow.startAt),
      column('end_at', 'real', ({ flow }) => flow.endAt),
      column('packets', 'integer', ({ flow }) => flow.packets),
      column('bytes', 'long', ({ flow }) => flow.bytes),
      column('incarnation', 'integer', ({ flow }) => flow.incarnation),
      column('begins_in_middle', 'boolean', ({ flow }) => flow.beginsInMiddle),
      column('roles', 'text', ({ flow }) => flow.roles),
      column('captured_near', 'text', ({ flow }) => flow.capturedNear.where),
      column('tunnel', 'text', ({ flow }) => safe(flow.outer)),
      column('community_id', 'text', ({ flow }) => flow.communityId),
      column('text', 'text', ({ flow }) => language.verdicts[flow.verdict]),
    ],
    function* () {
      for (const flow of flows) yield { flow }
    },
  )

export const findingsTable = (report: Report, language: Language): Table =>
  tableOf<{ readonly finding: Finding; readonly n: number }>(
    'findings',
    [
      column('finding', 'integer', ({ n }) => n),
      column('id', 'text', ({ finding }) => finding.id),
      column('severity', 'text', ({ finding }) => finding.severity),
      column('flow', 'integer', ({ finding }) => finding.flow),
      column('flows', 'text', ({ finding }) => finding.flows.join(' ')),
      column('side', 'text', ({ finding }) => finding.side),
      column('certainty', 'text', ({ finding }) => finding.certainty),
      column('packets', 'text', ({ finding }) => finding.packets.join(' ')),
      column('causes', 'text', ({ finding }) =>
        finding.causes.map(({ code, likelihood }) => `${code}:${likelihood}`).join(' '),
      ),
      column('args', 'text', ({ finding }) => JSON.stringify(finding.args)),
      column('text', 'text', ({ finding }) => describeFinding(finding, language)),
    ],
    function* () {
      for (const [n, finding] of report.findings.entries()) yield { finding, n }
    },
  )

export const transitionsTable = (report: Report, flows: readonly Flow[]): Table => {
  const time = (at: number | null): string | null =>
    at === null ? null : isoAt(report.epochSeconds, report.epochNanoseconds, at) || null
  return tableOf<OfSpan>(
    'transitions',
    [
      column('capture', 'text', ({ flow }) => fileOf(report, flow.rows[0]?.capture)),
      column('flow', 'integer', ({ flow }) => flow.flow),
      column('side', 'text', ({ side }) => side),
      column('host', 'text', ({ flow, side }) => flow[side].address),
      column('port', 'integer', ({ flow, side }) => flow[side].port),
      column('peer', 'text', ({ flow, side }) => flow[otherSide(side)].address),
      column('peer_port', 'integer', ({ flow, side }) => flow[otherSide(side)].port),
      column('was', 'text', ({ was }) => was?.state ?? null),
      column('state', 'text', ({ span }) => span.state),
      column('since_time', 'time', ({ span }) => time(span.from)),
      column('until_time', 'time', ({ span }) => time(span.to)),
      column('since_at', 'real', ({ span }) => span.from),
      column('until_at', 'real', ({ span }) => span.to),
      column('certainty', 'text', ({ span }) => span.certainty),
      column('cause', 'text', ({ span }) => span.cause),
      column('packet', 'integer', ({ span }) => span.packet),
      column('rules', 'text', ({ span }) => span.rules.join(' ')),
    ],
    function* () {
      for (const flow of flows)
        for (const side of SIDES)
          for (const [n, span] of flow.spans[side].entries())
            yield { flow, side, span, was: flow.spans[side][n - 1] }
    },
  )
}

/** All tables of a report. */
export const tablesOf = (report: Report, language: Language): readonly Table[] => [
  packetsTable(report, report.flows, language),
  flowsTable(report, report.flows, language),
  findingsTable(report, language),
  transitionsTable(report, report.flows),
]
