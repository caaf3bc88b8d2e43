/**
 * The ladder while packets come: columns that are fixed before anything is known, a line above each new connection, and
 * the connection's number before each line once there are several.
 *
 * In: rows as they are told. Out: lines.
 */
import type { EndState, Flow, IcmpRow, PacketRow, Side, State } from '../../report.js'
import { shortRow } from '../../text/row.js'
import type { RunningWords } from '../../text/running.js'
import { safe } from '../../text/safe.js'
import { endpoint } from '../endpoint.js'
import type { Mark } from './arrows.js'
import { type Clock, clockText, isoAt, type Moment } from './clock.js'
import { eventsOf, type LadderEvent } from './events.js'
import { draw, type Extent } from './ladder.js'
import { type Layout, layoutFor, roomForSegment } from './layout.js'
import { legendLine } from './legend.js'
import { formThatFits } from './segment.js'
import type { View } from './view.js'
import { padStart } from './width.js'
import { wordsBeside } from './words.js'

/** Columns: packet numbers, flow numbers, the longest state with two marks, a data segment spelled out. */
const NUMBER = 5
const FLOW = 4
const STATE = 13
const SEGMENT = 40
const TIMES: Readonly<Record<Clock, number>> = { r: 11, d: 11, a: 15, ad: 26, u: 15, ud: 26, e: 17 }

/** How a row reads: it is drawn again when this changes. */
export const reads = ({ client, server, received, crossing }: PacketRow): string =>
  [
    ...[client, server].map((end) => `${end.was} ${end.state} ${end.hindsight?.instead}`),
    received === false,
    crossing,
  ].join()

/** The notation begins with what holds these: an ACK with numbers of some digits, and the first data. */
const USUAL = [
  { flags: 'A', relativeSeq: 1234, relativeAck: 1234, seq: 1e9, ack: 1e9, len: 0 },
  { flags: 'PA', relativeSeq: 1, relativeAck: 1, seq: 1e9, ack: 1e9, len: 517 },
] as const

export class LiveLadder {
  /** Never goes back to a longer notation: a reader compares rows. */
  #form = 0
  readonly #flows = new Set<number>()
  readonly #used = new Set<Mark>()
  #above: { readonly row: PacketRow; readonly flow: number } | undefined
  #moment: Moment | undefined

  constructor(
    private readonly view: View,
    private readonly words: RunningWords,
  ) {}

  lines(flow: Flow, row: PacketRow | IcmpRow, revised: boolean): string[] {
    const lines = this.#heading(flow)
    const beside = this.#beside(flow, row)
    const said = revised ? [this.words.revised, beside].filter((text) => text !== '') : [beside]
    const words = said.join(this.view.language.clauseGap)
    return [...lines, ...this.#draw(flow, eventOf(row, flow), row, words)]
  }

  #draw(flow: Flow, event: LadderEvent, moment: Moment, words: string): string[] {
    const time = clockText(moment, this.view.clock, this.#moment)
    this.#moment = moment
    const number = this.#flows.size > 1 ? `${padStart(String(flow.flow), FLOW)} ` : ''
    const layout = this.#layout(event, number.length)
    const drawn = draw(event, time, words, this.view, layout, this.#used)
    return drawn.map((line, index) => (index === 0 ? number : ' '.repeat(number.length)) + line)
  }

  /** A timer that ran out: a line of its own, as in the ladder of the whole capture. */
  timer(flow: Flow, { side, at }: { readonly side: Side; readonly at: number }, extent: Extent): string[] {
    const events = eventsOf(flow, { ...extent, endAt: at })
    const index = events.findLastIndex(
      (each) => each.kind === 'silent' && each.side === side && each.at === at,
    )
    const event = events[index]
    if (event === undefined) return []
    const moment = { at, time: isoAt(extent.epochSeconds, extent.epochNanoseconds, at) }
    const words = wordsBeside(flow, events, this.view)[index] ?? ''
    // Where the clock goes back a timer may come before all packets.
    return [...this.#heading(flow), ...this.#draw(flow, event, moment, words)]
  }

  /** What the marks so far mean. */
  legend(): string[] {
    return legendLine(this.#used, this.view)
  }

  #heading(flow: Flow): string[] {
    if (this.#flows.has(flow.flow)) return []
    this.#flows.add(flow.flow)
    const { client, server } = flow
    return [this.view.look.strong(this.words.begins(flow.flow, endpoint(client), endpoint(server)))]
  }

  #beside(flow: Flow, row: PacketRow | IcmpRow): string {
    const { language, spell } = this.view
    if (!('from' in row)) return language.row.icmpShort(safe(row.router))
    const above = this.#above?.flow === flow.flow ? this.#above.row : undefined
    this.#above = { row, flow: flow.flow }
    return shortRow(row, above, language, spell)
  }

  #layout(event: LadderEvent, before: number): Layout {
    const wants = { number: NUMBER, time: TIMES[this.view.clock], state: STATE }
    const width = this.view.look.width - before
    const room = Math.min(SEGMENT, roomForSegment(width, wants))
    const rows = event.kind === 'packet' ? [...USUAL, event.row] : USUAL
    this.#form = Math.max(this.#form, formThatFits(rows, room, this.view))
    return layoutFor(width, wants, room, this.#form)
  }
}

const rest = (state: State): EndState => ({ state, was: state, certainty: 'seen', rules: [] })

const eventOf = (row: PacketRow | IcmpRow, flow: Flow): LadderEvent => {
  if ('from' in row) return { kind: 'packet', at: row.at, row, client: row.client, server: row.server }
  const last = flow.rows.findLast(({ at }) => at <= row.at)
  const client = rest(last?.client.state ?? flow.client.state)
  return { kind: 'icmp', at: row.at, row, client, server: rest(last?.server.state ?? flow.server.state) }
}
