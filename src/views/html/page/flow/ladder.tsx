/**
 * The ladder of one connection: two lifelines in the colours of their states, an arrow for every packet.
 *
 * A list box for the keyboard and for screen readers; only what can be seen is drawn.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { SIDES } from '../../../../report.js'
import { endpoint } from '../../../endpoint.js'
import { type Extent, useVisible, useWidth } from '../measure.js'
import { route } from '../route.js'
import { language, nameOf, printing, words } from '../store.js'
import { Breakable } from './breakable.js'
import { columnsOf, type Longest } from './columns.js'
import { EventStory } from './detail.js'
import { arrowText } from './event-text.js'
import { BandArt, LineArt, TimerArt } from './ladder-art.js'
import { briefly, linesOf } from './ladder-words.js'
import { extentOf, type Layout, layoutOf, type Place, type Scale } from './layout.js'
import { Options, withCurrent } from './options.js'
import type { Replay } from './replay.js'
import { packetOf, type Story } from './story.js'

interface Props {
  readonly story: Story
  readonly replay: Replay
  readonly scale: Scale
  readonly folded: boolean
}

/** More lines than this no one wants on paper. */
const PRINTED = 1000
/** A picture is never broken between two sheets of paper, so it is printed in parts of about this height. */
const PART = 200
/** How far a line's arrow and words reach above and below it. */
const REACH = 80

/** Parts that end between two lines. */
const sheetsOf = (places: readonly Place[], layout: Layout): Extent[] => {
  const end = places.length < layout.places.length ? (places.at(-1)?.y ?? 0) + 24 : layout.height
  const sheets: Extent[] = []
  let top = 0
  for (const { y } of places) {
    if (y - 20 - top < PART) continue
    sheets.push({ top, bottom: y - 20 })
    top = y - 20
  }
  return [...sheets, { top, bottom: end }]
}

/** Times grow, and only the first can be below zero. */
const longestOf = ({ events, times }: Story): Longest => ({
  number: 1 + String(events.reduce((most, event) => Math.max(most, packetOf(event) ?? 0), 0)).length,
  time: Math.max((times[0] ?? 0).toFixed(4).length, (times.at(-1) ?? 0).toFixed(4).length),
  label: events.reduce((most, event) => Math.max(most, arrowText(event, true).length), 0),
})

/** On paper everything of a part, on the screen what is in sight. */
const within =
  (sheet: Extent, extent: Extent) =>
  (part: Extent): boolean =>
    part.bottom > sheet.top &&
    part.top < sheet.bottom &&
    (printing.value || (part.bottom > extent.top && part.top < extent.bottom))

export const Ladder = ({ story, replay, scale, folded }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box, 720)
  const extent = useVisible(box)
  const [hovered, setHovered] = useState<Hovered | null>(null)
  const longest = useMemo(() => longestOf(story), [story])
  const columns = useMemo(() => columnsOf(width, longest), [width, longest])
  const code = language.value
  const layout = useMemo(() => {
    const brief = briefly(code, columns)
    return layoutOf(story, scale, folded, (index) => linesOf(story, index, columns, brief))
  }, [story, scale, folded, code, columns])
  const index = replay.position.value
  const current = layout.placeOf(index)
  useFollow(box, current, replay)
  const drawn = printing.value
    ? layout.places.slice(0, PRINTED)
    : layout.places.filter(({ y }) => y > extent.top && y < extent.bottom)
  const sheets = printing.value ? sheetsOf(drawn, layout) : [{ top: 0, bottom: layout.height }]
  if (story.events.length === 0) return <p class="calm">{words.value.ladder.empty}</p>
  const { flow } = story
  return (
    <div class="ladder" ref={box}>
      <div class="ladder-ends" style={{ paddingLeft: `${columns.gutter}px` }}>
        {SIDES.map((side) => (
          <div key={side}>
            <b>{code.side[side]}</b>{' '}
            <span class="mono">
              <Breakable address={endpoint(flow[side])} />
            </span>
            {nameOf(flow[side].address) !== null && <bdi class="faint"> {nameOf(flow[side].address)}</bdi>}
          </div>
        ))}
      </div>
      <div
        class="ladder-list"
        role="listbox"
        tabIndex={0}
        aria-label={words.value.ladder.list(flow.flow, story.events.length)}
        aria-activedescendant={current === undefined ? undefined : `event-${current.first}`}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
          if (by === 0) return
          event.preventDefault()
          replay.step(by)
        }}
        onPointerLeave={() => setHovered(null)}
      >
        <Options story={story} places={withCurrent(drawn, current)} all={layout.places} current={current} />
        {sheets.map((sheet) => (
          <svg
            key={sheet.top}
            width={width}
            height={sheet.bottom - sheet.top}
            viewBox={`0 ${sheet.top} ${width} ${sheet.bottom - sheet.top}`}
            aria-hidden="true"
          >
            <Patterns />
            {current !== undefined && <Extended class="current" place={current} width={width} />}
            {layout.bands.filter(within(sheet, extent)).map((band) => (
              <BandArt key={`${band.side} ${band.top}`} band={band} columns={columns} />
            ))}
            {layout.timers.filter(within(sheet, extent)).map((bar) => (
              <TimerArt key={`${bar.timer.side} ${bar.top}`} bar={bar} columns={columns} />
            ))}
            {drawn
              .filter(({ y }) => y > sheet.top - REACH && y < sheet.bottom + REACH)
              .map((place) => (
                <Line
                  key={place.first}
                  story={story}
                  place={place}
                  columns={columns}
                  state={place === current ? 'now' : place.first > index ? 'later' : 'past'}
                  choose={() => replay.go(place.first)}
                  hover={(low) => setHovered({ place, low })}
                />
              ))}
          </svg>
        ))}
      </div>
      <GapAtEnd story={story} />
      {printing.value && layout.places.length > PRINTED && (
        <p class="aside warn">{words.value.ladder.notPrinted(layout.places.length - PRINTED)}</p>
      )}
      {hovered !== null && hovered.place !== current && (
        <Hover story={story} hovered={hovered} left={columns.gutter + columns.lane} />
      )}
    </div>
  )
}

interface LineProps {
  readonly story: Story
  readonly place: Place
  readonly columns: ReturnType<typeof columnsOf>
  readonly state: 'past' | 'now' | 'later'
  readonly choose: () => void
  /** Told whether the pointer is in the lower part of the window. */
  readonly hover: (low: boolean) => void
}

const Line = ({ story, place, columns, state, choose, hover }: LineProps) => (
  // biome-ignore lint/a11y/noStaticElementInteractions: the list box above it is for the keyboard, this for the pointer
  <g
    class={`line ${state}`}
    onClick={choose}
    onPointerEnter={(pointer) => {
      if (pointer.pointerType === 'mouse') hover(pointer.clientY > innerHeight * 0.55)
    }}
  >
    <Extended class="hit" place={place} width={columns.width} />
    <LineArt story={story} place={place} columns={columns} />
  </g>
)

/** All that a line of the ladder takes up. */
const Extended = ({ class: name, place, width }: { class: string; place: Place; width: number }) => {
  const { top, bottom } = extentOf(place)
  return <rect class={name} x="0" y={top} width={width} height={bottom - top} rx="6" />
}

interface Hovered {
  readonly place: Place
  /** Its words stand above it: below there is no room in the window. */
  readonly low: boolean
}

/** What the detail tells about the current event, for the one under the pointer. */
const Hover = ({ story, hovered, left }: { story: Story; hovered: Hovered; left: number }) => {
  const { place, low } = hovered
  const event = story.events[place.first]
  if (event === undefined || place.last > place.first) return null
  return (
    <div
      class={low ? 'hover card above' : 'hover card'}
      aria-hidden="true"
      style={{ top: `${place.y + (low ? 8 : 49 + extentOf(place).bottom - place.y)}px`, left: `${left}px` }}
    >
      <EventStory event={event} at={story.times[place.first] ?? 0} flow={story.flow.flow} />
    </div>
  )
}

const GapAtEnd = ({ story }: { story: Story }) => {
  const gap = story.gaps.get(story.events.length)
  return gap === undefined ? null : <p class="aside">⋯ {gap.count} ⋯</p>
}

const Patterns = () => (
  <defs>
    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="hatch-line" width="2.4" height="6" />
    </pattern>
  </defs>
)

/** Keeps the current line in sight while the replay moves, and at first the one that a link asked for. */
const useFollow = (
  box: { readonly current: HTMLElement | null },
  current: Place | undefined,
  replay: Replay,
): void => {
  const before = useRef(route.peek().packet === null ? replay.position.peek() : null)
  useEffect(() => {
    if (before.current === replay.position.peek()) return
    before.current = replay.position.peek()
    reveal(box.current, current)
  })
}

/** Room for the header above and the replay bar below. */
const EDGE = 150

export const reveal = (box: HTMLElement | null, place: Place | undefined): void => {
  if (box === null || place === undefined) return
  const y = box.getBoundingClientRect().top + place.y + 40
  if (y > EDGE && y < innerHeight - EDGE) return
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth'
  scrollBy({ top: y - innerHeight * 0.42, behavior: Math.abs(y) > 4 * innerHeight ? 'instant' : behavior })
}
