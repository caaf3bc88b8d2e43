/**
 * The ladder of one flow in the notation of the RFC's figures 6 to 13: both ends' states on both sides of the arrows.
 *
 * In: a flow, a view. Out: lines that fit the terminal.
 */
import type { EndState, Flow, Report } from '../../report.js'
import { arrows, type Mark, marks } from './arrows.js'
import { captureMarks } from './capture-marks.js'
import { clockText, isoAt, type Moment } from './clock.js'
import { before, eventsOf, type LadderEvent } from './events.js'
import { type Fold, fold } from './fold.js'
import { headingLines } from './heading.js'
import { type Layout, layoutFor, roomForSegment } from './layout.js'
import { legendLine } from './legend.js'
import { formThatFits, segmentText } from './segment.js'
import type { View } from './view.js'
import { padEnd, padStart, widthOf, wrap } from './width.js'
import { whole, wordsBeside } from './words.js'

/** The start of `at`, and how long was captured. */
export type Extent = Pick<Report, 'captures' | 'epochSeconds' | 'epochNanoseconds' | 'endAt'>

export const ladderLines = (flow: Flow, view: View, extent: Extent): string[] => {
  const events = eventsOf(flow, extent, view.all)
  const words = wordsBeside(flow, events, view)
  const drawn = view.all ? events : fold(events, (index) => words[index] ?? '')
  const beside = new Map<LadderEvent | Fold, string>(
    events.map((event, index) => [event, words[index] ?? '']),
  )
  const times = timesOf(drawn, view, extent)
  const used = new Set<Mark>()
  const layout = measure(flow, drawn, times, view)
  const lines = headingLines(flow, view, layout, before(flow))
  const captures = captureMarks(drawn, view.language)
  for (const event of drawn) {
    const capture = captures.get(event)
    if (capture !== undefined) lines.push(...wrap(capture, view.look.width).map(view.look.faint))
    lines.push(...draw(event, times.get(event) ?? '', beside.get(event) ?? '', view, layout, used))
  }
  const legend = legendLine(used, view)
  return legend.length === 0 ? lines : [...lines, '', ...legend]
}

const timesOf = (
  drawn: readonly (LadderEvent | Fold)[],
  view: View,
  extent: Extent,
): Map<LadderEvent | Fold, string> => {
  const times = new Map<LadderEvent | Fold, string>()
  let above: Moment | undefined
  for (const event of drawn) {
    if (event.kind === 'fold' || event.at === null) {
      times.set(event, view.look.glyphs.ellipsis)
      continue
    }
    const time =
      event.kind === 'silent' ? isoAt(extent.epochSeconds, extent.epochNanoseconds, event.at) : event.row.time
    const moment = { time, at: event.at }
    times.set(event, clockText(moment, view.clock, above))
    above = moment
  }
  return times
}

const endText = (end: EndState, view: View): string => view.spell(end.state) + marks(end).join('')

const measure = (
  flow: Flow,
  drawn: readonly (LadderEvent | Fold)[],
  times: ReadonlyMap<LadderEvent | Fold, string>,
  view: View,
): Layout => {
  const shown = drawn.filter((event) => event.kind !== 'fold')
  const start = before(flow)
  const ends = [start, ...shown].flatMap(({ client, server }) => [
    endText(client, view),
    endText(server, view),
  ])
  const widest = (texts: Iterable<string>, least: number): number => {
    let width = least
    for (const text of texts) width = Math.max(width, widthOf(text))
    return width
  }
  const wants = {
    number: widest(
      shown.map((event) => (event.kind === 'silent' ? '' : String(event.row.packet))),
      3,
    ),
    time: widest(times.values(), widthOf(view.language.ladder.time)),
    state: widest(ends, 8),
  }
  const rows = shown.flatMap((event) => (event.kind === 'packet' ? [event.row] : []))
  const form = formThatFits(rows, roomForSegment(view.look.width, wants), view)
  const segment = widest(
    rows.map((row) => segmentText(row, form, view)),
    0,
  )
  return layoutFor(view.look.width, wants, segment, form)
}

/** One event. Marks that need a legend are put into `used`. */
export const draw = (
  event: LadderEvent | Fold,
  time: string,
  words: string,
  view: View,
  layout: Layout,
  used: Set<Mark>,
): string[] => {
  const { look, language } = view
  const margin = (number: string): string =>
    `${look.faint(padStart(number, layout.number))} ${look.faint(padStart(time, layout.time))}  `
  if (event.kind === 'fold') {
    const first = event.events[0]?.row
    const last = event.events[event.events.length - 1]?.row
    if (first === undefined || last === undefined) return []
    const bytes = event.events.reduce((sum, { row }) => sum + row.len, 0)
    const text = language.ladder.folded(event.events.length, first.packet, last.packet, bytes)
    return [`${margin(look.glyphs.ellipsis)}${look.faint(text)}`]
  }
  const number = event.kind === 'silent' ? '' : String(event.row.packet)
  const { left, right, leftLost, rightLost } = arrows(event, look.glyphs, used)
  const line =
    margin(number) +
    [
      state(event.client, view, layout, used),
      leftLost ? look.bad(left) : left,
      middle(event, view, layout),
      rightLost ? look.bad(right) : right,
      state(event.server, view, layout, used),
    ].join(' ')
  const story = view.why ? whole(event, view) : ''
  // The story says all that the words say.
  return story === ''
    ? withWords(line, words, view, layout)
    : [line.trimEnd(), ...below(story, view, layout.left)]
}

const state = (end: EndState, view: View, layout: Layout, used: Set<Mark>): string => {
  const own = marks(end)
  for (const mark of own) used.add(mark)
  const text = view.spell(end.state) + own.join('')
  return paintOf(end, view)(text) + ' '.repeat(Math.max(0, layout.state - text.length))
}

const paintOf = (end: EndState, { look }: View): ((text: string) => string) => {
  if (end.hindsight !== undefined) return look.warn
  if (end.state !== end.was) return look.changed
  return end.certainty === 'assumed' ? look.faint : look.plain
}

const middle = (event: LadderEvent, view: View, layout: Layout): string => {
  if (event.kind === 'packet') return padEnd(segmentText(event.row, layout.form, view), layout.segment)
  const text =
    event.kind === 'icmp' ? `ICMP ${event.row.name}` : `(${view.language.ladder.noPacket[event.cause]})`
  return view.look.warn(padEnd(wrap(text, layout.segment)[0] ?? '', layout.segment))
}

const withWords = (line: string, words: string, view: View, layout: Layout): string[] => {
  if (words === '') return [line.trimEnd()]
  if (layout.words === 0) {
    // Under its segment when one line holds it there, else from the left, where there is more room.
    const room = view.look.width - layout.middle - widthOf(view.look.glyphs.below)
    return [line.trimEnd(), ...below(words, view, widthOf(words) <= room ? layout.middle : layout.left)]
  }
  const [first = '', ...more] = wrap(words, view.look.width - layout.words)
  const indent = ' '.repeat(layout.words)
  return [`${line}  ${view.look.faint(first)}`, ...more.map((text) => indent + view.look.faint(text))]
}

const below = (text: string, view: View, column: number): string[] => {
  const { glyphs, faint, width } = view.look
  const indent = ' '.repeat(column)
  return wrap(text, width - column - 2).map(
    (part, index) => indent + faint((index === 0 ? glyphs.below : '  ') + part),
  )
}
