/**
 * Where everything of a ladder stands, from top to bottom.
 *
 * In: a story, what is folded, the scale. Out: places of events and folds, bands of states, timers, in pixels.
 */
import { SIDES, type Side } from '../../../../report.js'
import type { LadderEvent } from '../../../terminal/events.js'
import { fold } from '../../../terminal/fold.js'
import type { Gap } from '../../data.js'
import { type Band, bandsOf } from './bands.js'
import { type Distances, distancesOf } from './distances.js'
import { captureOf, type Story } from './story.js'
import { type TimerBar, timersOf } from './timers.js'

export type Scale = 'squeezed' | 'linear'

/** A line of the ladder: one event, or a stretch of quiet packets (`last` > `first`). */
export interface Place {
  readonly first: number
  readonly last: number
  readonly y: number
  /** Where its arrow leaves the sender's lifeline and reaches the receiver's. */
  readonly depart: number
  readonly arrive: number
  /** There is room for words. */
  readonly roomy: boolean
  /** The words that stand there, line by line. */
  readonly words: readonly string[]
  /** Seconds since the line above, where that is long. */
  readonly wait: number | null
  readonly gap: Gap | null
  /** The capture that begins here, an index into `Report.captures`: frame numbers begin anew. */
  readonly begins: number | null
}

export interface Layout {
  readonly places: readonly Place[]
  readonly bands: readonly Band[]
  readonly timers: readonly TimerBar[]
  readonly height: number
  /** The place that shows an event. */
  readonly placeOf: (index: number) => Place | undefined
}

const TOP = 40
export const TAIL = 36
const LINE = 34
/** Lines nearer than this can't have their numbers and arrows labelled. */
const NEAREST = 26
/** A line of words. */
export const WORDS = 13
/** On a small screen: more lines of words than this the reader finds beside the ladder. */
const MOST_WORDS = 5
const GAP = 30
/** For the name of a capture. */
const CAPTURE = 16
/** A packet's way from one lifeline to the other, where the scale does not tell. */
const SLANT = 16
/** Where the scale does: an arrow that is nearly upright tells nothing any more. */
const MOST_SLANT = 120
/** Waits from here on are told between the lines. */
const LONG = 1

type Line = { readonly first: number; readonly last: number }

export const layoutOf = (
  story: Story,
  scale: Scale,
  folded: boolean,
  wordsOf: (index: number) => readonly string[],
): Layout => {
  const words = story.events.map((_, index) => wordsOf(index))
  const lines = folded
    ? foldedLines(story, words)
    : story.events.map((_, index) => ({ first: index, last: index }))
  const distances = distancesOf(story.flow)
  const captures = capturesOf(story, lines)
  const ys = scale === 'linear' ? linear(story, lines) : squeezed(story, lines, words, captures)
  const perSecond = scale === 'linear' ? ys.perSecond : null
  let roomFrom = Number.NEGATIVE_INFINITY
  let named: number | null = null
  const places = lines.map(({ first, last }, line): Place => {
    const y = ys.at[line] ?? 0
    const capture = captures[line] ?? null
    const begins = capture === named ? null : capture
    const room = y - roomFrom - (begins === null ? 0 : CAPTURE)
    const roomy = room >= NEAREST
    if (roomy) {
      roomFrom = y
      named = capture
    }
    const event = story.events[first]
    const { depart, arrive } = slanted(event, y, distances, perSecond)
    const before = line === 0 ? story.times[0] : story.times[(lines[line - 1] ?? { last: 0 }).last]
    const wait = (story.times[first] ?? 0) - (before ?? 0)
    const gap = story.gaps.get(first) ?? null
    const long = wait >= LONG && room >= NEAREST + WORDS ? wait : null
    const said = roomy && first === last ? fitted(words[first] ?? [], (ys.at[line + 1] ?? Infinity) - y) : []
    return {
      first,
      last,
      y,
      depart,
      arrive,
      roomy,
      words: said,
      wait: long,
      gap,
      begins: roomy ? begins : null,
    }
  })
  const crossed = crossing(story, places)
  const height = (crossed.at(-1)?.y ?? TOP) + TAIL + (story.gaps.has(story.events.length) ? GAP : 0)
  const lineOf = new Map(
    lines.flatMap(({ first, last }, line) => range(first, last).map((index) => [index, line])),
  )
  const bands = SIDES.flatMap((side) => bandsOf(story, crossed, side, height))
  return {
    places: crossed,
    bands,
    timers: timersOf(story, crossed, bands, height),
    height,
    placeOf: (index) => crossed[lineOf.get(index) ?? -1],
  }
}

/** As many lines as there is room for above the arrow of the next event: beside the ladder they all stand. */
const fitted = (words: readonly string[], room: number): readonly string[] => {
  const most = Math.min(MOST_WORDS, Math.max(0, Math.floor((room - LINE) / WORDS)))
  if (words.length <= most) return words
  return most === 0 ? [] : [...words.slice(0, most - 1), `${words[most - 1]}…`]
}

/** How far a place reaches above and below its `y`. */
export const extentOf = ({ y, words }: Place): { readonly top: number; readonly bottom: number } => ({
  top: y - 19,
  bottom: y + Math.max(17, 10 + WORDS * words.length),
})

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

const foldedLines = (story: Story, words: readonly (readonly string[])[]): Line[] => {
  let index = 0
  return fold(story.events, (at) => (story.gaps.has(at) ? 'gap' : (words[at] ?? []).join(' '))).map(
    (item) => {
      const first = index
      index += item.kind === 'fold' ? item.events.length : 1
      return { first, last: index - 1 }
    },
  )
}

/** The capture of each line; what no packet shows belongs to the one before, null in front of all. */
const capturesOf = (story: Story, lines: readonly Line[]): (number | null)[] => {
  let capture: number | null = null
  return lines.map(({ first }) => {
    const event = story.events[first]
    if (event !== undefined && event.kind !== 'silent') capture = captureOf(event)
    return capture
  })
}

/** Long waits grow with their logarithm only: a line a packet, and a little more for a millisecond, a second, a minute. */
const squeezed = (
  story: Story,
  lines: readonly Line[],
  words: readonly (readonly string[])[],
  captures: readonly (number | null)[],
) => {
  let y = TOP
  let below = 0
  const at = lines.map(({ first, last }, line) => {
    const wait = (story.times[first] ?? 0) - (story.times[(lines[line - 1] ?? { last: first }).last] ?? 0)
    const stretch = wait > 0.001 ? Math.min(60, Math.log10(wait / 0.001) * 7) : 0
    if (line > 0) y += LINE + below + stretch + (wait >= LONG ? 10 : 0)
    if (story.gaps.has(first)) y += GAP
    if (losesBefore(story.events[first])) y += 18
    if (line > 0 && captures[line] !== captures[line - 1]) y += CAPTURE
    below = first === last ? WORDS * Math.min(MOST_WORDS, words[first]?.length ?? 0) : 0
    return y
  })
  return { at, perSecond: null }
}

const linear = (story: Story, lines: readonly Line[]) => {
  const start = story.times[0] ?? 0
  const duration = (story.times.at(-1) ?? start) - start
  const room = Math.min(30_000, Math.max(560, lines.length * LINE))
  const perSecond = duration > 0 ? room / duration : 0
  let last = TOP - 1
  const at = lines.map(({ first }) => {
    last = Math.max(last + 1, TOP + ((story.times[first] ?? start) - start) * perSecond)
    return last
  })
  return { at, perSecond }
}

/** A segment in front of this packet was lost before the capture point: it gets a stub of its own. */
export const losesBefore = (event: LadderEvent | undefined): boolean =>
  event?.kind === 'packet' &&
  event.row.notes.some((note) => note.code === 'previous-segment-missing' && note.kind === 'lost')

const slanted = (
  event: LadderEvent | undefined,
  y: number,
  distances: Distances,
  perSecond: number | null,
): { depart: number; arrive: number } => {
  if (event?.kind !== 'packet') return { depart: y, arrive: y }
  const { from } = event.row
  const to: Side = from === 'client' ? 'server' : 'client'
  const all = distances.client + distances.server
  const pixels = (side: Side): number =>
    perSecond === null ? (SLANT * distances[side]) / all : Math.min(MOST_SLANT, distances[side] * perSecond)
  return { depart: y - pixels(from), arrive: y + pixels(to) }
}

/** Of two packets that crossed, each left before the other arrived: the arrows must cross too. */
const crossing = (story: Story, places: readonly Place[]): Place[] => {
  const moved = [...places]
  places.forEach((place, line) => {
    const event = story.events[place.first]
    if (event?.kind !== 'packet' || !event.row.crossing || place.first !== place.last) return
    const { from, notes, capture } = event.row
    const named = notes.find((note) => 'with' in note)
    const other = moved.findIndex((each, index) => {
      const one = story.events[each.first]
      if (one?.kind !== 'packet' || one.row.from === from || each.first !== each.last) return false
      if (named === undefined || !('with' in named)) return index > line
      return one.row.packet === named.with && one.row.capture === (named.withCapture ?? capture)
    })
    const [early, late] = other > line ? [line, other] : [other, line]
    const [a, b] = [moved[early], moved[late]]
    // Far apart they can't have crossed on the way.
    if (a === undefined || b === undefined || late - early > 4) return
    moved[early] = { ...a, arrive: Math.max(a.arrive, b.depart + 8) }
  })
  return moved
}
