/**
 * A connection as the page tells it: events in order, each with its time, and where packets were left out.
 *
 * In: a flow. Out: {@link Story}; where a packet number stands in it.
 */
import type { EndState, Extent, Flow } from '../../../../report.js'
import { eventsOf, type LadderEvent, before as startOf } from '../../../terminal/events.js'
import type { Gap } from '../../data.js'

export interface Story {
  readonly flow: Flow
  readonly events: readonly LadderEvent[]
  /** Seconds as in `PacketRow.at`, one for every event; an event without a time has that of the one before. */
  readonly times: readonly number[]
  readonly start: { readonly client: EndState; readonly server: EndState }
  /** Packets left out before the event of that index. */
  readonly gaps: ReadonlyMap<number, Gap>
}

/** `left`: what `selection.ts` left out of this flow. */
export const storyOf = (flow: Flow, extent: Extent, left: readonly Gap[]): Story => {
  const events = eventsOf(flow, extent)
  let last = flow.startAt
  const times = events.map(({ at }) => {
    last = at ?? last
    return last
  })
  const before = new Map(left.map((gap) => [flow.rows[gap.before], gap]))
  const gaps = new Map<number, Gap>()
  if (before.size > 0)
    events.forEach((event, index) => {
      const gap = event.kind === 'packet' ? before.get(event.row) : undefined
      if (gap !== undefined) gaps.set(index, gap)
    })
  const after = before.get(undefined)
  if (after !== undefined) gaps.set(events.length, after)
  return { flow, events, times, start: startOf(flow), gaps }
}

/** Frame number of an event, or null for a change without a packet. */
export const packetOf = (event: LadderEvent | undefined): number | null =>
  event === undefined || event.kind === 'silent' ? null : event.row.packet

/** In which capture that number counts: 0 where there is but one. */
export const captureOf = (event: LadderEvent | undefined): number =>
  event === undefined || event.kind === 'silent' ? 0 : event.row.capture

/** The event of a packet; of one that is not in the page, the last event of its capture before it; -1 before all. */
export const indexOfPacket = (story: Story, packet: number, capture = 0): number => {
  const of = (event: LadderEvent): number | null => (captureOf(event) === capture ? packetOf(event) : null)
  const exact = story.events.findIndex((event) => of(event) === packet)
  return exact >= 0 ? exact : story.events.findLastIndex((event) => (of(event) ?? packet + 1) < packet)
}

/** Both ends after the event of that index; before the first one for -1. */
export const endsAt = (
  story: Story,
  index: number,
): { readonly client: EndState; readonly server: EndState } => story.events[index] ?? story.start
