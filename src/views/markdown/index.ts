/**
 * A report as Markdown, to be pasted into a ticket: one flow with its facts, findings and packets, or all flows.
 *
 * In: a report, a view. Out: lines. No raw HTML; every text goes through `escape.ts`.
 */
import { basename } from 'node:path'
import {
  type EndState,
  type Finding,
  type Flow,
  followable,
  type Report,
  SIDES,
  type Side,
} from '../../report.js'
import { flagNames } from '../../text/amount.js'
import { describeFinding } from '../../text/finding.js'
import { safe } from '../../text/safe.js'
import { isAbout } from '../about-flow.js'
import { isUnheard } from '../arrival.js'
import { sizeOf } from '../copies.js'
import type { Drawing } from '../diagrams/steps.js'
import { endpoint } from '../endpoint.js'
import { captureMarks } from '../terminal/capture-marks.js'
import { before, eventsOf, type LadderEvent } from '../terminal/events.js'
import { worstFirst } from '../terminal/flow-list.js'
import { type Fold, fold } from '../terminal/fold.js'
import { factsOf } from '../terminal/summary.js'
import { wordsBeside } from '../terminal/words.js'
import { code, escapeMarkdown } from './escape.js'

/** Rows of a table that a ticket can still be read with; `--all` writes the rest. */
const MOST_ROWS = 200

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const head = (cells: readonly string[], right: readonly number[]): string[] => [
  row(cells),
  row(cells.map((_, n) => (right.includes(n) ? '--:' : '---'))),
]

/** Rows below `most`, and a line that says how many there are beyond. */
const bounded = (rows: readonly string[], { all, words }: Drawing): string[] =>
  all || rows.length <= MOST_ROWS
    ? [...rows]
    : [...rows.slice(0, MOST_ROWS), '', `*${escapeMarkdown(words.notDrawn(rows.length - MOST_ROWS))}*`]

const capturesLine = (report: Report, { language, words }: Drawing): string =>
  `${words.capture}${language.colon}${report.captures.map(({ file }) => code(safe(basename(file)))).join(', ')}`

const findingItems = (
  findings: readonly Finding[],
  { language, words, spell }: Drawing,
  withFlow: boolean,
): string[] =>
  findings.map((finding) => {
    const flow = withFlow && finding.flow !== null ? words.oneFlow(finding.flow) + language.colon : ''
    return `- **${language.severity[finding.severity]}**${language.colon}${escapeMarkdown(flow + describeFinding(finding, language, spell))}`
  })

/** One flow. */
export const flowMarkdown = (report: Report, flow: Flow, drawing: Drawing): string[] => {
  const { language, words } = drawing
  const findings = report.findings.filter(isAbout(flow.flow))
  const [client, server] = SIDES.map((side) => code(safe(endpoint(flow[side]))))
  const start = flow.start === '' ? [] : [`${flow.start.slice(0, 10)} ${flow.start.slice(11, 26)} UTC`]
  const { packets, bytes } = sizeOf(flow)
  const size = language.ladder.size(packets, bytes)
  return [
    `### ${words.oneFlow(flow.flow)}${language.colon}${client} → ${server}`,
    '',
    [capturesLine(report, drawing), ...start, size].join(' · '),
    '',
    ...factsOf(flow, drawing, report).map(
      ([label, text]) => `- **${label}**${language.colon}${escapeMarkdown(text)}`,
    ),
    ...(findings.length === 0
      ? []
      : ['', `**${language.ladder.findings}**`, '', ...findingItems(findings, drawing, false)]),
    '',
    ...packetTable(report, flow, drawing),
  ]
}

const packetTable = (report: Report, flow: Flow, drawing: Drawing): string[] => {
  const { language, words } = drawing
  const events = eventsOf(flow, report, drawing.all)
  const beside = wordsBeside(flow, events, drawing)
  const said = new Map<LadderEvent | Fold, string>(events.map((event, n) => [event, beside[n] ?? '']))
  const drawn = drawing.all ? events : fold(events, (n) => beside[n] ?? '')
  const captures = captureMarks(drawn, language)
  const { columns } = words
  const start = before(flow)
  return [
    ...head(
      [
        columns.packet,
        language.ladder.time,
        language.side.client,
        columns.segment,
        language.side.server,
        columns.what,
      ],
      [0, 1],
    ),
    row(['', '', stateCell(start.client, drawing), '', stateCell(start.server, drawing), '']),
    ...bounded(
      drawn.flatMap((event) => {
        const capture = captures.get(event)
        return [
          ...(capture === undefined ? [] : [row(['', '', '', code(capture, true), '', ''])]),
          eventRow(event, said.get(event) ?? '', drawing),
        ]
      }),
      drawing,
    ),
  ]
}

/** Changed states stand out. */
const stateCell = (end: EndState, { spell }: Drawing): string => {
  const text = escapeMarkdown(spell(end.state)) + (end.certainty === 'assumed' ? '?' : '')
  return end.state === end.was ? text : `**${text}**`
}

const eventRow = (event: LadderEvent | Fold, said: string, drawing: Drawing): string => {
  const { language } = drawing
  if (event.kind === 'fold') {
    const first = event.events[0]
    const last = event.events[event.events.length - 1]
    if (first === undefined || last === undefined) return ''
    const bytes = event.events.reduce((sum, { row: { len } }) => sum + len, 0)
    const text = language.ladder.folded(event.events.length, first.row.packet, last.row.packet, bytes)
    return row([
      '…',
      '',
      stateCell(last.client, drawing),
      '…',
      stateCell(last.server, drawing),
      escapeMarkdown(text),
    ])
  }
  const number = event.kind === 'silent' ? '' : String(event.row.packet)
  const time = event.at === null ? '' : event.at.toFixed(6)
  const client = stateCell(event.client, drawing)
  const server = stateCell(event.server, drawing)
  return row([number, time, client, middle(event, drawing), server, escapeMarkdown(said)])
}

const middle = (event: LadderEvent, { absolute, language }: Drawing): string => {
  if (event.kind === 'silent') return `*${escapeMarkdown(language.ladder.noPacket[event.cause])}*`
  if (event.kind === 'icmp') return escapeMarkdown(`ICMP ${safe(event.row.name)}`)
  const { row: packet } = event
  const ack = absolute ? packet.ack : packet.relativeAck
  const text = [
    flagNames(packet.flags),
    `seq=${absolute ? packet.seq : packet.relativeSeq}`,
    ...(ack === null ? [] : [`ack=${ack}`]),
    ...(packet.len > 0 ? [`len=${packet.len}`] : []),
  ].join(' ')
  if (packet.received === false) return packet.from === 'client' ? `${text} ✗` : `✗ ${text}`
  const unheard = isUnheard(packet) ? '?' : ''
  return packet.from === 'client' ? `${text} →${unheard}` : `${unheard}← ${text}`
}

/** All flows, the worst first. */
export const flowsMarkdown = (report: Report, drawing: Drawing): string[] => {
  const { language, spell } = drawing
  const { headings } = language.list
  const end = (flow: Flow, side: Side): string =>
    escapeMarkdown(spell(flow[side].state)) + (flow[side].certainty === 'assumed' ? '?' : '')
  const rows = worstFirst(report.flows).map((flow) =>
    row([
      String(flow.flow),
      code(safe(endpoint(flow.client)), true),
      code(safe(endpoint(flow.server)), true),
      String(flow.packets),
      (flow.endAt - flow.startAt).toFixed(3),
      end(flow, 'client'),
      end(flow, 'server'),
      escapeMarkdown(language.verdictNames[flow.verdict]),
    ]),
  )
  if (rows.length === 0) return [escapeMarkdown(language.list.noFlows(followable(report)))]
  const { flow, client, server, packets, seconds, clientState, serverState, verdict } = headings
  return [
    capturesLine(report, drawing),
    '',
    ...(report.findings.length === 0
      ? []
      : [`**${language.ladder.findings}**`, '', ...findingItems(report.findings, drawing, true), '']),
    ...head([flow, client, server, packets, seconds, clientState, serverState, verdict], [0, 3, 4]),
    ...bounded(rows, drawing),
  ]
}
