/** The parts of the ladder's picture. In: places and bands of `layout.ts`, the columns. Out: SVG. */
import type { Side } from '../../../../report.js'
import { seconds } from '../../../../text/amount.js'
import { otherSide } from '../../../../text/row.js'
import type { LadderEvent, PacketEvent } from '../../../terminal/events.js'
import { stateClass } from '../states.js'
import { language, spell, words } from '../store.js'
import { arrowText, shortOf } from './event-text.js'
import { type Band, losesBefore, type Place, type TimerBar } from './layout.js'
import type { Story } from './story.js'

export interface Columns {
  readonly width: number
  /** Middle of each lifeline. */
  readonly client: number
  readonly server: number
  readonly band: number
  /** Room beside a lifeline for the name of its state. */
  readonly lane: number
  readonly gutter: number
  /** Sequence numbers fit on the arrows. */
  readonly wide: boolean
}

export const columnsOf = (width: number): Columns => {
  const narrow = width < 560
  const gutter = narrow ? 48 : 92
  const lane = narrow ? 68 : 96
  const band = narrow ? 8 : 10
  return {
    width,
    gutter,
    lane,
    band,
    client: gutter + lane + band / 2,
    server: width - lane - band / 2 - 2,
    wide: width >= 580,
  }
}

const xOf = (columns: Columns, side: Side): number => columns[side]
/** +1 to the right: away from the other lifeline for the server, and for the client to the left. */
const outward = (side: Side): 1 | -1 => (side === 'client' ? -1 : 1)

export const BandArt = ({ band, columns }: { band: Band; columns: Columns }) => {
  const x = xOf(columns, band.side)
  const { state, certainty, hindsight } = band.end
  const height = band.bottom - band.top
  const at = x + outward(band.side) * (columns.band / 2 + 6)
  return (
    <g class={`band ${stateClass(state)}${certainty === 'assumed' ? ' assumed' : ''}`}>
      <rect class="fill" x={x - columns.band / 2} y={band.top} width={columns.band} height={height} rx="2" />
      {certainty === 'assumed' && (
        <rect
          class="hatch"
          x={x - columns.band / 2}
          y={band.top}
          width={columns.band}
          height={height}
          rx="2"
        />
      )}
      {hindsight !== undefined && (
        <rect
          class="hind"
          x={x - columns.band / 2 - 3}
          y={band.top + 1}
          width={columns.band + 6}
          height={height - 2}
          rx="4"
        />
      )}
      {band.names.map((y) => (
        <text key={y} class="name" x={at} y={y} text-anchor={band.side === 'client' ? 'end' : 'start'}>
          {spell(state)}
          {certainty === 'assumed' ? '?' : ''}
          {hindsight === undefined ? '' : '~'}
        </text>
      ))}
    </g>
  )
}

export const TimerArt = ({ bar, columns }: { bar: TimerBar; columns: Columns }) => {
  const { side, name, from, expires } = bar.timer
  const x = xOf(columns, side) + outward(side) * (columns.band / 2 + 5)
  return (
    <g class="timer">
      <title>{`${words.value.ladder.timer[name]}, ${seconds(expires - from)}`}</title>
      <line x1={x} x2={x} y1={bar.top + 3} y2={bar.bottom} />
      {bar.ranOut && <line class="ran-out" x1={x - 4} x2={x + 4} y1={bar.bottom} y2={bar.bottom} />}
      <g transform={`translate(${x + outward(side) * 9} ${bar.words - 3.5})`}>
        <circle r="4.2" />
        <path d="M0-2.4V0H1.8" />
        <text x={outward(side) * 8} y="3.4" text-anchor={side === 'client' ? 'end' : 'start'}>
          {seconds(expires - from)}
        </text>
      </g>
    </g>
  )
}

interface LineProps {
  readonly story: Story
  readonly place: Place
  readonly columns: Columns
}

/** One line: its number and time, its arrow and words. */
export const LineArt = ({ story, place, columns }: LineProps) => {
  const event = story.events[place.first]
  if (event === undefined) return null
  const at = story.times[place.first] ?? 0
  const { y } = place
  return (
    <>
      {place.gap !== null && <GapArt story={story} place={place} columns={columns} />}
      {place.wait !== null && place.roomy && (
        <text class="wait" x={columns.gutter - 8} y={y - 17} text-anchor="end">
          ⋮ {seconds(place.wait)}
        </text>
      )}
      {place.roomy && (
        <Gutter event={event} at={at} y={y} columns={columns} fold={place.last > place.first} />
      )}
      {place.last > place.first ? (
        <FoldArt story={story} place={place} columns={columns} />
      ) : event.kind === 'packet' ? (
        <PacketArt story={story} place={place} columns={columns} event={event} />
      ) : (
        <OtherArt story={story} place={place} columns={columns} event={event} />
      )}
    </>
  )
}

const Gutter = ({
  event,
  at,
  y,
  columns,
  fold,
}: {
  event: LadderEvent
  at: number
  y: number
  columns: Columns
  fold: boolean
}) => {
  const number = event.kind === 'silent' || fold ? '' : `#${event.row.packet}`
  const narrow = columns.gutter < 60
  const time = event.at === null ? '' : at.toFixed(narrow ? 2 : 4)
  if (narrow)
    return (
      <>
        <text class="number" x="2" y={y - 1}>
          {number}
        </text>
        <text class="time" x="2" y={y + 10}>
          {time}
        </text>
      </>
    )
  return (
    <>
      <text class="number" x="34" y={y + 4} text-anchor="end">
        {number}
      </text>
      <text class="time" x={columns.gutter - 8} y={y + 4} text-anchor="end">
        {time}
      </text>
    </>
  )
}

const FoldArt = ({ story, place, columns }: LineProps) => {
  const [first, last] = [story.events[place.first], story.events[place.last]]
  const number = (event: LadderEvent | undefined): number =>
    event === undefined || event.kind === 'silent' ? 0 : event.row.packet
  const middle = (columns.client + columns.server) / 2
  return (
    <g class="fold">
      <line x1={columns.client + 14} x2={columns.server - 14} y1={place.y} y2={place.y} />
      <text class="halo" x={middle} y={place.y + 4} text-anchor="middle">
        {columns.wide
          ? words.value.ladder.folded(place.last - place.first + 1, number(first), number(last))
          : `⋯ ${place.last - place.first + 1} ⋯`}
      </text>
    </g>
  )
}

const GapArt = ({ place, columns }: LineProps) => {
  const y = place.y - 30
  return (
    <g class="gap">
      <line x1={columns.client + 14} x2={columns.server - 14} y1={y} y2={y} />
      <text class="halo" x={(columns.client + columns.server) / 2} y={y + 4} text-anchor="middle">
        ⋯ {place.gap?.count} ⋯
      </text>
    </g>
  )
}

/** Where along the way a lost packet ends, 0 at the sender and 1 at the receiver. */
const fateOf = (
  { row }: PacketEvent,
  story: Story,
): { readonly reach: number; readonly mark: 'lost' | 'thrown' | null } => {
  if (row.received !== false) return { reach: 1, mark: null }
  const note = row.notes.find(({ code }) => code === 'thrown-away' || code === 'not-received')
  if (note?.code === 'thrown-away') return { reach: 1, mark: 'thrown' }
  // The capture saw it pass, so it was lost between the capture point and the receiver.
  const { where } = story.flow.capturedNear
  return { reach: where === row.from ? 0.6 : where === otherSide(row.from) ? 0.93 : 0.78, mark: 'lost' }
}

/** Pixels from end to end; a packet that crosses another takes longer than the line it stands on. */
const STEEP = 24

const PacketArt = ({ story, place, columns, event }: LineProps & { event: PacketEvent }) => {
  const { row } = event
  const to = otherSide(row.from)
  const inset = columns.band / 2 + 2
  const x1 = xOf(columns, row.from) - outward(row.from) * inset
  const x2 = xOf(columns, to) - outward(to) * inset
  const { reach, mark } = fateOf(event, story)
  const endX = x1 + (x2 - x1) * reach
  const endY = place.depart + (place.arrive - place.depart) * reach
  const lost = mark === 'lost'
  const short = place.roomy ? shortOf(event, story.events[place.first - 1], language.value) : ''
  // A steep arrow would carry its words into the lines below: they go near its sender.
  const along = place.arrive - place.depart > STEEP ? 0.32 : 0.5
  const slope = place.depart + (place.arrive - place.depart) * along
  const text = arrowText(event, columns.wide)
  const half = Math.max(Math.abs(x2 - x1) * along, (text.length * 7) / 2 + 8)
  const middle = along === 0.5 ? (x1 + x2) / 2 : x1 + Math.sign(x2 - x1) * half
  const kind = /R/.test(row.flags) ? ' rst' : /[SF]/.test(row.flags) ? ' syn-fin' : row.len > 0 ? ' data' : ''
  return (
    <g class={`arrow${kind}${lost ? ' lost' : ''}${row.crossing ? ' crossing' : ''}`}>
      {losesBefore(event) && <Unseen event={event} place={place} x1={x1} x2={x2} />}
      <line x1={x1} y1={place.depart} x2={endX} y2={endY} />
      {!lost && <Head x={endX} y={endY} from={{ x: x1, y: place.depart }} />}
      {mark !== null && (
        <Mark kind={mark} x={mark === 'thrown' ? endX - Math.sign(x2 - x1) * 14 : endX} y={endY} />
      )}
      {place.roomy && (
        <text class="label halo" x={middle} y={slope - (along === 0.5 ? 8 : 13)} text-anchor="middle">
          {text}
        </text>
      )}
      {short !== '' && (
        <text class="said halo" x={middle} y={slope + 14} text-anchor="middle">
          {clipped(short, columns.server - columns.client - 24)}
        </text>
      )}
    </g>
  )
}

/** What is too long for the space between the lifelines stands whole beside the ladder. */
const clipped = (text: string, room: number): string => {
  let left = room
  for (const [index, character] of [...text].entries()) {
    left -= (character.codePointAt(0) ?? 0) > 0x2e7f ? 11 : 5.7
    if (left < 8) return `${[...text].slice(0, index).join('')}…`
  }
  return text
}

const Head = ({ x, y, from }: { x: number; y: number; from: { x: number; y: number } }) => {
  const angle = (Math.atan2(y - from.y, x - from.x) * 180) / Math.PI
  return <path class="head" d="M0 0L-9 -4.2L-9 4.2Z" transform={`translate(${x} ${y}) rotate(${angle})`} />
}

const Mark = ({ kind, x, y }: { kind: 'lost' | 'thrown'; x: number; y: number }) =>
  kind === 'lost' ? (
    <path class="mark" d="M-5-5L5 5M5-5L-5 5" transform={`translate(${x} ${y})`} />
  ) : (
    <g class="mark" transform={`translate(${x} ${y})`}>
      <circle r="6" />
      <path d="M-4.2-4.2L4.2 4.2" />
    </g>
  )

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

const OtherArt = ({
  story,
  place,
  columns,
  event,
}: LineProps & { event: Exclude<LadderEvent, PacketEvent> }) => {
  const side: Side = event.kind === 'icmp' ? event.row.to : event.side
  const inward = -outward(side)
  const x = xOf(columns, side) + inward * (columns.band / 2 + 6)
  const text =
    event.kind === 'icmp'
      ? `${arrowText(event, false)} · ${shortOf(event, undefined, language.value)}`
      : `${language.value.ladder.noPacket[event.cause]} · ${shortOf(event, story.events[place.first - 1], language.value)}`
  return (
    <g class={`other ${event.kind}`}>
      {event.kind === 'icmp' ? (
        <>
          <line x1={(columns.client + columns.server) / 2} y1={place.y + 8} x2={x} y2={place.y + 8} />
          <Head x={x} y={place.y + 8} from={{ x: (columns.client + columns.server) / 2, y: place.y + 8 }} />
        </>
      ) : (
        <g transform={`translate(${x + inward * 6} ${place.y})`}>
          <circle r="5" />
          <path d="M0-3V0H2.2" />
        </g>
      )}
      {place.roomy && (
        <text
          class="said halo"
          x={event.kind === 'icmp' ? (columns.client + columns.server) / 2 : x + inward * 18}
          y={place.y + (event.kind === 'icmp' ? 0 : 4)}
          text-anchor={event.kind === 'icmp' ? 'middle' : side === 'client' ? 'start' : 'end'}
        >
          {clipped(text, columns.server - columns.client - 40)}
        </text>
      )}
    </g>
  )
}
