/** Where timers run beside the lifelines. In: a story, the places and bands of its ladder. Out: bars, in pixels. */
import type { Side, StateSpan, TimerSpan } from '../../../../report.js'
import { type Band, NAME } from './bands.js'
import { type Place, TAIL } from './layout.js'
import type { Story } from './story.js'

export interface TimerBar {
  readonly timer: TimerSpan
  readonly top: number
  readonly bottom: number
  /** Baseline of its words, clear of the names of the bands. */
  readonly words: number
  /** It ran out, inside the ladder. */
  readonly ranOut: boolean
}

const OF_STATE: Readonly<Partial<Record<TimerSpan['name'], StateSpan['state']>>> = {
  syn: 'SYN_SENT',
  'syn-ack': 'SYN_RECEIVED',
  'time-wait': 'TIME_WAIT',
  'fin-wait-2': 'FIN_WAIT_2',
}
/** A timer that takes less of the ladder is not worth a line. */
const LEAST_TIMER = 40

export const timersOf = (
  story: Story,
  places: readonly Place[],
  bands: readonly Band[],
  height: number,
): TimerBar[] => {
  const yOf = timeToY(story, places, height)
  const until: Record<Side, number> = { client: 0, server: 0 }
  return story.flow.timers
    .toSorted((a, b) => a.from - b.from)
    .flatMap((timer): TimerBar[] => {
      const state = OF_STATE[timer.name]
      const span = story.flow.spans[timer.side].findLast(
        (each) => each.state === state && (each.from ?? 0) <= timer.from + 1e-6,
      )
      const end = Math.min(timer.expires, (state === undefined ? null : span?.to) ?? timer.expires)
      const top = Math.max(yOf(timer.from), until[timer.side])
      const bottom = yOf(end)
      if (bottom - top < LEAST_TIMER) return []
      until[timer.side] = bottom + 2
      const names = bands.filter(({ side }) => side === timer.side).flatMap((band) => band.names)
      let words = top + 26
      for (const name of names) if (Math.abs(name - words) < NAME) words = name + NAME
      if (words > bottom) return []
      return [{ timer, top, bottom, words, ranOut: end >= timer.expires && bottom < height - TAIL }]
    })
}

const timeToY = (story: Story, places: readonly Place[], height: number): ((at: number) => number) => {
  const knots = places.map(({ first, y }) => ({ at: story.times[first] ?? 0, y }))
  return (at) => {
    const after = knots.findIndex((knot) => knot.at > at)
    const [a, b] = [knots[after - 1], knots[after]]
    if (after < 0) return at > (knots.at(-1)?.at ?? 0) ? height - 10 : (knots.at(-1)?.y ?? height)
    if (a === undefined || b === undefined) return b?.y ?? 0
    return a.y + ((at - a.at) / (b.at - a.at)) * (b.y - a.y)
  }
}
