/** How far a packet came, as the ladder draws it. In: a packet, its story. Out: a part of the way, and the mark at its end. */
import { otherSide } from '../../../../text/row.js'
import { isThrownAway, isUnheard } from '../../../arrival.js'
import type { PacketEvent } from '../../../terminal/events.js'
import type { Story } from './story.js'

export interface Fate {
  /** Where along the way its arrow ends, 0 at the sender and 1 at the receiver. */
  readonly reach: number
  readonly mark: 'lost' | 'unheard' | 'thrown' | null
}

export const fateOf = ({ row }: PacketEvent, story: Story): Fate => {
  if (isUnheard(row)) return { reach: 0.93, mark: 'unheard' }
  if (row.received !== false) return { reach: 1, mark: null }
  if (isThrownAway(row)) return { reach: 1, mark: 'thrown' }
  // The capture saw it pass, so it was lost between the capture point and the receiver.
  const { where } = story.flow.capturedNear
  return { reach: where === row.from ? 0.6 : where === otherSide(row.from) ? 0.93 : 0.78, mark: 'lost' }
}
