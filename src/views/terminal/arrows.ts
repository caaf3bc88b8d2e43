/**
 * Arrows and marks of the ladder. As in the RFC's figures the arrow beside the sender shows that the segment left,
 * the one beside the receiver that it arrived, and `...` that it is still under way.
 *
 * In: an event. Out: both arrows, the marks of a state, and which of them a legend must explain.
 */
import type { EndState } from '../../report.js'
import { isThrownAway, isUnheard } from '../arrival.js'
import type { LadderEvent } from './events.js'
import type { Glyphs } from './look.js'

export type Mark = '*' | '?' | '~' | 'lost' | 'dropped' | 'crossing' | 'unheard'

/** `*` changed, `?` assumed, `~` known only from a later packet. */
export const marks = (end: EndState): Mark[] => {
  const found: Mark[] = []
  if (end.state !== end.was) found.push('*')
  if (end.certainty === 'assumed') found.push('?')
  if (end.hindsight !== undefined) found.push('~')
  return found
}

export interface Arrows {
  readonly left: string
  readonly right: string
  readonly leftLost: boolean
  readonly rightLost: boolean
}

const NONE = '   '

export const arrows = (event: LadderEvent, glyphs: Glyphs, used: Set<Mark>): Arrows => {
  if (event.kind === 'silent') return { left: NONE, right: NONE, leftLost: false, rightLost: false }
  if (event.kind === 'icmp') {
    const toClient = event.row.to === 'client'
    return {
      left: toClient ? '<--' : NONE,
      right: toClient ? NONE : '-->',
      leftLost: false,
      rightLost: false,
    }
  }
  const { row } = event
  const toRight = row.from === 'client'
  const [arrival, failed] = arrivalOf(event, glyphs, toRight, used)
  return toRight
    ? { left: '-->', right: arrival, leftLost: false, rightLost: failed }
    : { left: arrival, right: '<--', leftLost: failed, rightLost: false }
}

const arrivalOf = (
  { row }: Extract<LadderEvent, { kind: 'packet' }>,
  glyphs: Glyphs,
  toRight: boolean,
  used: Set<Mark>,
): [string, boolean] => {
  if (row.received === false) {
    const dropped = isThrownAway(row)
    used.add(dropped ? 'dropped' : 'lost')
    if (dropped) return [toRight ? '--x' : 'x--', true]
    return [toRight ? glyphs.lostRight : glyphs.lostLeft, true]
  }
  if (row.crossing) {
    used.add('crossing')
    return [glyphs.underWay, false]
  }
  if (isUnheard(row)) {
    used.add('unheard')
    return [toRight ? glyphs.unheardRight : glyphs.unheardLeft, false]
  }
  return [toRight ? '-->' : '<--', false]
}
