/** The parts of the ladder's picture. In: places and bands of `layout.ts`, the columns. Out: SVG. */
import { seconds } from '../../../../text/amount.js'
import { briefNames } from '../../../../text/brief-names.js'
import type { LadderEvent, PacketEvent } from '../../../terminal/events.js'
import { widthOf } from '../../../terminal/width.js'
import { stateClass } from '../states.js'
import { language, shown, spell, words } from '../store.js'
import type { Band } from './bands.js'
import { type Columns, outward, xOf } from './columns.js'
import { Head, Said } from './marks.js'
import { type LineProps, PacketArt } from './packet-art.js'
import type { TimerBar } from './timers.js'

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
      {place.begins !== null && place.roomy && <CaptureArt place={place} columns={columns} />}
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
  const { narrow } = columns
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
      <text class="number" x={columns.number} y={y + 4} text-anchor="end">
        {number}
      </text>
      <text class="time" x={columns.gutter - 8} y={y + 4} text-anchor="end">
        {time}
      </text>
    </>
  )
}

/** Pixels of a character of a capture's name. */
const IN_GUTTER = 6.4

/** Its name, where there are several. */
const CaptureArt = ({ place, columns }: Pick<LineProps, 'place' | 'columns'>) => {
  const names = (language.value.captureNames ?? []).map(shown)
  const name = names[place.begins ?? -1]
  if (name === undefined) return null
  const brief = briefNames(names, (text) => widthOf(text) * IN_GUTTER <= columns.gutter)
  return (
    <text class="capture" x={2} y={place.y - (place.wait === null ? 22 : 34)}>
      <title>{name}</title>
      {brief[place.begins ?? -1]}
    </text>
  )
}

/** Pixels of a character of a fold's words. */
const IN_FOLD = 6.7

const FoldArt = ({ story, place, columns }: LineProps) => {
  const [first, last] = [story.events[place.first], story.events[place.last]]
  const number = (event: LadderEvent | undefined): number =>
    event === undefined || event.kind === 'silent' ? 0 : event.row.packet
  const middle = (columns.client + columns.server) / 2
  const whole = words.value.ladder.folded(place.last - place.first + 1, number(first), number(last))
  return (
    <g class="fold">
      <line x1={columns.client + 14} x2={columns.server - 14} y1={place.y} y2={place.y} />
      <text class="halo" x={middle} y={place.y + 4} text-anchor="middle">
        {widthOf(whole) * IN_FOLD <= columns.server - columns.client - 40
          ? whole
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

const OtherArt = ({
  story,
  place,
  columns,
  event,
}: LineProps & { event: Exclude<LadderEvent, PacketEvent> }) => {
  const { y } = place
  const middle = (columns.client + columns.server) / 2
  if (event.kind === 'icmp') {
    const { to } = event.row
    const x = xOf(columns, to) - outward(to) * (columns.band / 2 + 6)
    return (
      <g class="other icmp">
        <line x1={middle} y1={y} x2={x} y2={y} />
        <Head x={x} y={y} from={{ x: middle, y }} />
        {place.roomy && (
          <text class="label halo" x={middle} y={y - 8} text-anchor="middle">
            ICMP
          </text>
        )}
        <Said story={story} place={place} x={middle} y={y + 16} anchor="middle" />
      </g>
    )
  }
  const inward = -outward(event.side)
  const x = xOf(columns, event.side) + inward * (columns.band / 2 + 12)
  const anchor = event.side === 'client' ? 'start' : 'end'
  return (
    <g class="other silent">
      <g transform={`translate(${x} ${y})`}>
        <circle r="5" />
        <path d="M0-3V0H2.2" />
      </g>
      <Said story={story} place={place} x={x + inward * 12} y={y + 4} anchor={anchor} />
    </g>
  )
}
