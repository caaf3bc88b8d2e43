/** Each end's states as bands of the ladder. In: a story, its places. Out: from where to where, and where their names stand. */
import type { EndState, Side } from '../../../../report.js'
import type { LadderEvent } from '../../../terminal/events.js'
import type { Place } from './layout.js'
import type { Story } from './story.js'

export interface Band {
  readonly side: Side
  readonly end: Pick<EndState, 'state' | 'certainty' | 'hindsight'>
  readonly top: number
  readonly bottom: number
  /** Baselines of its name, which stands again and again beside a long band. */
  readonly names: readonly number[]
}

/** Names this far apart can be read. */
export const NAME = 13
/** In a long band its name stands again and again, so that one is always in sight. */
const AGAIN = 420

export const bandsOf = (story: Story, places: readonly Place[], side: Side, height: number): Band[] => {
  const bands: Band[] = []
  let named = Number.NEGATIVE_INFINITY
  let end: Band['end'] = story.start[side]
  let top = 14
  const close = (bottom: number): void => {
    if (bottom <= top) return
    // Names of short bands move down, as far as they can, rather than into each other.
    const first = Math.max(top + 10, named + NAME)
    const names: number[] = []
    for (let at = first; at < Math.max(bottom, top + 2 * NAME); at += AGAIN) names.push(at)
    named = names.at(-1) ?? named
    bands.push({ side, end, top, bottom, names })
  }
  for (const place of places) {
    // Nothing changes inside a fold, so its first event stands for all of it.
    const event = story.events[place.first]
    if (event === undefined) continue
    const next = event[side]
    if (sameBand(end, next)) continue
    const y = Math.max(top + 2, changeAt(event, place, side))
    close(y)
    end = next
    top = y
  }
  close(height - 8)
  return bands
}

const sameBand = (a: Band['end'], b: Band['end']): boolean =>
  a.state === b.state &&
  (a.certainty === 'assumed') === (b.certainty === 'assumed') &&
  (a.hindsight === undefined) === (b.hindsight === undefined)

const changeAt = (event: LadderEvent, place: Place, side: Side): number => {
  if (event.kind !== 'packet' || event.row.received === false) return place.y
  if (event.row.from === side) return place.depart
  return event.row.crossing ? place.y : place.arrive
}
