/** A packet's arrow, as far as it came, and its words. In: a place of `layout.ts`, the columns. Out: SVG. */
import { otherSide } from '../../../../text/row.js'
import type { PacketEvent } from '../../../terminal/events.js'
import { type Columns, outward, xOf } from './columns.js'
import { arrowText } from './event-text.js'
import { fateOf } from './fate.js'
import { losesBefore, type Place } from './layout.js'
import { Head, Mark, Said } from './marks.js'
import type { Story } from './story.js'

export interface LineProps {
  readonly story: Story
  readonly place: Place
  readonly columns: Columns
}

/** Pixels from end to end; a packet that crosses another takes longer than the line it stands on. */
const STEEP = 24

export const PacketArt = ({ story, place, columns, event }: LineProps & { event: PacketEvent }) => {
  const { row } = event
  const to = otherSide(row.from)
  const inset = columns.band / 2 + 2
  const x1 = xOf(columns, row.from) - outward(row.from) * inset
  const x2 = xOf(columns, to) - outward(to) * inset
  const { reach, mark } = fateOf(event, story)
  const endX = x1 + (x2 - x1) * reach
  const endY = place.depart + (place.arrive - place.depart) * reach
  const lost = mark === 'lost' || mark === 'unheard'
  // A steep arrow would carry its words into the lines below: they go near its sender.
  const steep = place.arrive - place.depart > STEEP
  const along = steep ? 0.32 : 0.5
  const slope = place.depart + (place.arrive - place.depart) * along
  const text = arrowText(event, columns.wide)
  const half = Math.max(Math.abs(x2 - x1) * along, (text.length * 7) / 2 + 8)
  const onward = Math.sign(x2 - x1)
  const middle = steep ? x1 + onward * half : (x1 + x2) / 2
  const said = steep
    ? { x: x1 + onward * 8, y: slope + 2, anchor: row.from === 'client' ? 'start' : 'end' }
    : { x: lost ? (x1 + endX) / 2 : middle, y: slope + 16, anchor: 'middle' }
  const kind = /R/.test(row.flags) ? ' rst' : /[SF]/.test(row.flags) ? ' syn-fin' : row.len > 0 ? ' data' : ''
  return (
    <g class={`arrow${kind}${lost ? ' lost' : ''}${row.crossing ? ' crossing' : ''}`}>
      {losesBefore(event) && <Unseen event={event} place={place} x1={x1} x2={x2} />}
      <line x1={x1} y1={place.depart} x2={endX} y2={endY} />
      {!lost && <Head x={endX} y={endY} from={{ x: x1, y: place.depart }} />}
      {mark !== null && <Mark kind={mark} x={mark === 'thrown' ? endX - onward * 14 : endX} y={endY} />}
      {place.roomy && (
        <text class="label halo" x={middle} y={slope - (steep ? 13 : 8)} text-anchor="middle">
          {text}
        </text>
      )}
      <Said story={story} place={place} {...said} />
    </g>
  )
}

/** A segment that the capture never saw: it was lost between its sender and the capture point. */
const Unseen = ({ place, x1, x2 }: { event: PacketEvent; place: Place; x1: number; x2: number }) => {
  const y = place.depart - 22
  const x = x1 + (x2 - x1) * 0.22
  return (
    <g class="unseen">
      <line x1={x1} y1={y} x2={x} y2={y + 4} />
      <Mark kind="lost" x={x} y={y + 4} />
    </g>
  )
}
