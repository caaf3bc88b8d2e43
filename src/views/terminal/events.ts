/**
 * What the ladder of a flow shows, line by line: packets, ICMP errors, and state changes that no packet shows.
 *
 * In: a flow. Out: events in order of time, each with both ends' states after it. Nothing is drawn here.
 */
import {
  type EndState,
  type Extent,
  type Flow,
  type IcmpRow,
  type PacketRow,
  SIDES,
  type Side,
  type State,
  type StateSpan,
  watchedUntil,
} from '../../report.js'
import { isToldElsewhere } from '../copies.js'

export interface PacketEvent {
  readonly kind: 'packet'
  readonly at: number
  readonly row: PacketRow
  readonly client: EndState
  readonly server: EndState
}
export interface IcmpEvent {
  readonly kind: 'icmp'
  readonly at: number
  readonly row: IcmpRow
  readonly client: EndState
  readonly server: EndState
}
/** A change without a packet. `at` is null when only its order is known. */
export interface SilentEvent {
  readonly kind: 'silent'
  readonly at: number | null
  readonly side: Side
  readonly cause: StateSpan['cause']
  readonly client: EndState
  readonly server: EndState
}
export type LadderEvent = PacketEvent | IcmpEvent | SilentEvent

type Timed = { readonly at: number; readonly order: number } & (
  | { readonly row: PacketRow }
  | { readonly icmp: IcmpRow }
  | { readonly side: Side; readonly span: StateSpan }
)

const rest = (state: State, certainty: EndState['certainty']): EndState => ({
  state,
  was: state,
  certainty,
  rules: [],
})

/** Both ends before the first packet, as the first line of the RFC's figures has them. */
export const before = (flow: Flow): { readonly client: EndState; readonly server: EndState } => {
  const first = flow.rows[0]
  const start = (side: Side): EndState => {
    const span = flow.spans[side][0]
    // One that crosses another finds its receiver behind what that one sent meanwhile: a row further down tells of it.
    const isLater = first?.crossing === true && first.from !== side && span?.from === null
    const state = (isLater ? undefined : first?.[side].was) ?? span?.state ?? flow[side].state
    return rest(state, span?.state === state ? span.certainty : 'implied')
  }
  return { client: start('client'), server: start('server') }
}

/** An ICMP error carries no segment of the flow, so the span it begins may name no packet: then the time tells. */
const isBegunBy = ({ packet, from }: StateSpan, icmp: IcmpRow): boolean =>
  from !== null && (packet === null ? from === icmp.at : packet === icmp.packet)

/** Spans that began without a packet up to `until`, and that no row shows already. */
const silentSpans = (flow: Flow, until: number): Timed[] => {
  const shown = (side: Side, span: StateSpan): boolean =>
    flow.icmp.some((icmp) => icmp.to === side && isBegunBy(span, icmp)) ||
    (span.packet !== null &&
      flow.rows.some(
        (row) =>
          row.packet === span.packet && row.capture === (span.capture ?? 0) && row[side].state === span.state,
      ))
  return SIDES.flatMap((side) =>
    flow.spans[side].flatMap((span, index): Timed[] =>
      index === 0 ||
      span.from === null ||
      span.from > until ||
      !(span.cause === 'timer' || span.cause === 'call') ||
      shown(side, span)
        ? []
        : [{ at: span.from, order: 0, side, span }],
    ),
  )
}

/**
 * The flow's events. `extent`: timers that run out after the flow was watched are none of them. `copies`: also of packets that an earlier row of
 * another capture tells of.
 */
export const eventsOf = (flow: Flow, extent: Extent, copies = false): LadderEvent[] => {
  const rows = copies ? flow.rows : flow.rows.filter((row) => !isToldElsewhere(row))
  const timed: Timed[] = [
    ...rows.map((row): Timed => ({ at: row.at, order: 1, row })),
    ...flow.icmp.map((icmp): Timed => ({ at: icmp.at, order: 1, icmp })),
    ...silentSpans(flow, watchedUntil(flow, extent)),
  ]
  // Frames decide among packets of one moment; a timer of that moment came before them.
  const frame = (entry: Timed): number =>
    'row' in entry ? entry.row.packet : 'icmp' in entry ? entry.icmp.packet : 0
  const capture = (entry: Timed): number =>
    'row' in entry ? entry.row.capture : 'icmp' in entry ? entry.icmp.capture : 0
  timed.sort((a, b) => a.at - b.at || a.order - b.order || capture(a) - capture(b) || frame(a) - frame(b))

  const events: LadderEvent[] = []
  let now = before(flow)
  for (const entry of timed) {
    if ('row' in entry) {
      for (const side of SIDES) {
        const end = entry.row[side]
        // A note says that this end had changed unseen; without a span of its own the change has no time either.
        if (end.was === now[side].state || !saysHidden(entry.row, side, end.was)) continue
        now = { ...settled(now), [side]: { ...end, was: now[side].state, state: end.was, rules: [] } }
        events.push({ kind: 'silent', at: null, side, cause: 'packet', ...now })
      }
      now = { client: toldOnce('client', entry.row, now), server: toldOnce('server', entry.row, now) }
      events.push({ kind: 'packet', at: entry.at, row: entry.row, ...now })
    } else if ('icmp' in entry) {
      now = afterIcmp(flow, entry.icmp, settled(now))
      events.push({ kind: 'icmp', at: entry.at, row: entry.icmp, ...now })
    } else {
      const { side, span } = entry
      if (span.state === now[side].state) continue
      now = {
        ...settled(now),
        [side]: { state: span.state, was: now[side].state, certainty: span.certainty, rules: span.rules },
      }
      events.push({ kind: 'silent', at: entry.at, side, cause: span.cause, ...now })
    }
  }
  return events
}

const saysHidden = ({ notes }: PacketRow, side: Side, to: State): boolean =>
  notes.some((note) => note.code === 'hidden-change' && note.side === side && note.to === to)

/** What a timer of this ladder has changed already is no change of the packet that brought it to light. */
const toldOnce = (side: Side, row: PacketRow, now: Ends): EndState => {
  const end = row[side]
  const known = end.state === now[side].state && saysHidden(row, side, end.state)
  return known
    ? { ...end, was: end.state, rules: end.rules.filter((rule) => !rule.startsWith('infer/')) }
    : end
}

type Ends = { readonly client: EndState; readonly server: EndState }

/** The ends some time after an event: what changed has changed. */
const settled = ({ client, server }: Ends): Ends => ({
  client: rest(client.state, client.certainty),
  server: rest(server.state, server.certainty),
})

const afterIcmp = (flow: Flow, icmp: IcmpRow, ends: Ends): Ends => {
  const span = flow.spans[icmp.to].find((each) => isBegunBy(each, icmp))
  if (span === undefined) return ends
  const end: EndState = {
    state: span.state,
    was: ends[icmp.to].state,
    certainty: span.certainty,
    rules: span.rules,
  }
  return icmp.to === 'client' ? { ...ends, client: end } : { ...ends, server: end }
}
