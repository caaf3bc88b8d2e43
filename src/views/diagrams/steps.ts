/**
 * What a sequence diagram shows, before any notation: two lifelines of a flow, or the hosts of many flows.
 *
 * In: a flow or flows. Out: participants and steps in order. Texts are plain: each notation escapes them itself.
 */
import { type EndState, type Extent, type Flow, type PacketRow, SIDES, type Side } from '../../report.js'
import { flagNames } from '../../text/amount.js'
import { otherSide } from '../../text/row.js'
import { safe } from '../../text/safe.js'
import type { WrittenWords } from '../../text/written.js'
import { endpoint } from '../endpoint.js'
import { captureMarks } from '../terminal/capture-marks.js'
import { before, eventsOf, type LadderEvent } from '../terminal/events.js'
import { type Fold, fold } from '../terminal/fold.js'
import type { Numbers } from '../terminal/segment.js'
import { type Speaker, wordsBeside } from '../terminal/words.js'

export interface Participant {
  readonly id: string
  readonly name: string
}

export type Step =
  | {
      readonly kind: 'arrow'
      readonly from: string
      readonly to: string
      readonly lines: readonly string[]
      readonly lost: boolean
    }
  /** A state that begins, at one lifeline. */
  | { readonly kind: 'state'; readonly at: string; readonly lines: readonly string[] }
  /** Words across all lifelines from the first to the last of `over`. */
  | { readonly kind: 'note'; readonly over: readonly string[]; readonly lines: readonly string[] }

export interface Diagram {
  readonly participants: readonly Participant[]
  readonly steps: readonly Step[]
}

export interface Drawing extends Speaker, Numbers {
  /** Nothing is folded and nothing left out. */
  readonly all: boolean
  readonly words: WrittenWords
}

const ID: Readonly<Record<Side, string>> = { client: 'C', server: 'S' }
const BOTH = [ID.client, ID.server]

export const flowDiagram = (flow: Flow, drawing: Drawing, extent: Extent): Diagram => {
  const { language, spell } = drawing
  const events = eventsOf(flow, extent, drawing.all)
  const beside = wordsBeside(flow, events, drawing)
  const words = new Map<LadderEvent | Fold, string>(events.map((event, n) => [event, beside[n] ?? '']))
  const drawn = drawing.all ? events : fold(events, (n) => beside[n] ?? '')
  const start = before(flow)
  const spelled = (end: EndState): string => spell(end.state) + (end.certainty === 'assumed' ? '?' : '')
  const state = (side: Side, end: EndState, more: readonly string[] = []): Step => ({
    kind: 'state',
    at: ID[side],
    lines: [spelled(end), ...more].filter((line) => line !== ''),
  })
  const changes = (event: LadderEvent): Step[] =>
    SIDES.filter((side) => event[side].state !== event[side].was).map((side) => state(side, event[side]))
  const captures = captureMarks(drawn, language)
  const stepsOf = (event: LadderEvent | Fold): Step[] => {
    const said = words.get(event) ?? ''
    if (event.kind === 'fold') return folded(event, drawing)
    if (event.kind === 'silent') return [state(event.side, event[event.side], [said])]
    if (event.kind === 'packet') return [arrow(event.row, said, drawing), ...changes(event)]
    const lines = [`#${event.row.packet} ${event.at.toFixed(6)} ICMP ${safe(event.row.name)}`, said]
    return [{ kind: 'note', over: [ID[event.row.to]], lines }, ...changes(event)]
  }
  const steps = drawn.flatMap((event): Step[] => {
    const capture = captures.get(event)
    const mark: Step[] = capture === undefined ? [] : [{ kind: 'note', over: BOTH, lines: [capture] }]
    return [...mark, ...stepsOf(event)]
  })
  return {
    participants: SIDES.map((side) => ({
      id: ID[side],
      name: safe(endpoint(flow[side])) + language.aside(language.side[side]),
    })),
    steps: [
      ...SIDES.map((side) => state(side, start[side])),
      ...steps,
      { kind: 'note', over: BOTH, lines: [language.verdicts[flow.verdict]] },
    ],
  }
}

const arrow = (row: PacketRow, said: string, { absolute }: Drawing): Step => {
  const seq = absolute ? row.seq : row.relativeSeq
  const ack = absolute ? row.ack : row.relativeAck
  const facts = [
    `#${row.packet}`,
    row.at.toFixed(6),
    flagNames(row.flags),
    `seq=${seq}`,
    ...(ack === null ? [] : [`ack=${ack}`]),
    ...(row.len > 0 ? [`len=${row.len}`] : []),
  ]
  return {
    kind: 'arrow',
    from: ID[row.from],
    to: ID[otherSide(row.from)],
    lines: [facts.join(' '), ...(said === '' ? [] : [said])],
    lost: row.received === false,
  }
}

const folded = ({ events }: Fold, { language }: Drawing): Step[] => {
  const first = events[0]?.row.packet ?? 0
  const last = events[events.length - 1]?.row.packet ?? 0
  const bytes = events.reduce((sum, { row }) => sum + row.len, 0)
  return [{ kind: 'note', over: BOTH, lines: [language.ladder.folded(events.length, first, last, bytes)] }]
}

/** More lifelines than this no page is wide enough for. */
const MOST_HOSTS = 40

/** All flows: a lifeline for every host, an arrow for every flow in order of time. */
export const flowsDiagram = (flows: readonly Flow[], drawing: Drawing): Diagram => {
  const { language, spell, all, words } = drawing
  const hosts = new Map<string, Participant>()
  const idOf = (address: string): string | null => {
    const known = hosts.get(address)
    if (known !== undefined) return known.id
    if (hosts.size >= MOST_HOSTS && !all) return null
    const host = { id: `H${hosts.size}`, name: safe(address) }
    hosts.set(address, host)
    return host.id
  }
  const end = (flow: Flow, side: Side): string =>
    spell(flow[side].state) + (flow[side].certainty === 'assumed' ? '?' : '')
  const steps: Step[] = []
  for (const flow of flows) {
    const from = idOf(flow.client.address)
    const to = idOf(flow.server.address)
    if (from === null || to === null) continue
    steps.push({
      kind: 'arrow',
      from,
      to,
      lines: [
        `${words.oneFlow(flow.flow)}${language.colon}${flow.client.port} -> ${flow.server.port}, ${language.verdictNames[flow.verdict]}`,
        `${end(flow, 'client')} / ${end(flow, 'server')}`,
      ],
      lost: false,
    })
  }
  const participants = [...hosts.values()]
  if (steps.length < flows.length) steps.push(leftOut(flows.length - steps.length, participants, drawing))
  return { participants, steps }
}

const leftOut = (lines: number, participants: readonly Participant[], { words }: Drawing): Step => {
  const ends = [participants[0]?.id ?? '', participants[participants.length - 1]?.id ?? '']
  return { kind: 'note', over: [...new Set(ends)], lines: [words.notDrawn(lines)] }
}

/**
 * Renders steps until `most` characters are full; what is left out is said in a last note. Renderers refuse
 * longer texts (Mermaid: 50,000 characters, `maxTextSize`).
 */
export const withinBounds = (
  { participants, steps }: Diagram,
  render: (step: Step) => string,
  most: number,
  drawing: Drawing,
): string[] => {
  const lines: string[] = []
  let length = 0
  for (const [n, step] of steps.entries()) {
    const line = render(step)
    length += line.length + 1
    if (length > most && !drawing.all)
      return [...lines, render(leftOut(steps.length - n, participants, drawing))]
    lines.push(line)
  }
  return lines
}
