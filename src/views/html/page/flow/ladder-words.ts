/**
 * The few words beside an event of the ladder, in lines that fit between the lifelines.
 *
 * In: an event, the columns, a language. Out: lines; the same words whole, with the captures' full names.
 */
import { briefNames } from '../../../../text/brief-names.js'
import type { Language } from '../../../../text/table.js'
import { widthOf, wrap } from '../../../terminal/width.js'
import type { Columns } from './columns.js'
import { shortOf } from './event-text.js'
import { fateOf } from './fate.js'
import type { Story } from './story.js'

/** Pixels of a narrow character (UAX #11) of these words; a wide one takes two. */
const CHARACTER = 6

/** The language as these words have it: names of captures take at most half a line. */
export const briefly = (language: Language, columns: Columns): Language => {
  const { captureNames } = language
  if (captureNames === undefined) return language
  const hasRoom = (name: string): boolean => widthOf(name) * CHARACTER <= between(columns) / 2
  return { ...language, captureNames: briefNames(captureNames, hasRoom) }
}

export const wholeWords = (story: Story, index: number, language: Language): string => {
  const event = story.events[index]
  if (event === undefined) return ''
  const short = shortOf(event, story.events[index - 1], language)
  if (event.kind === 'icmp') return `${event.row.name} · ${short}`
  return event.kind === 'silent' ? `${language.ladder.noPacket[event.cause]} · ${short}` : short
}

/** `language`: as {@link briefly} returns it. */
export const linesOf = (story: Story, index: number, columns: Columns, language: Language): string[] =>
  wrap(wholeWords(story, index, language), Math.max(6, Math.floor(roomAt(story, index, columns) / CHARACTER)))

/** Pixels of a line: words stand below the arrow, as far as it reaches, or beside the clock of a silent change. */
const roomAt = (story: Story, index: number, columns: Columns): number => {
  const event = story.events[index]
  if (event?.kind === 'silent') return between(columns) - 40
  const reach = event?.kind === 'packet' ? fateOf(event, story) : { reach: 1, mark: null }
  const lost = reach.mark === 'lost' || reach.mark === 'unheard'
  return between(columns) * (lost ? reach.reach : 1) - 14
}

const between = ({ client, server }: Columns): number => server - client
