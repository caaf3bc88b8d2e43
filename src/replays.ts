/**
 * The connections of a survey that need the full replay, one at a time; and the same again for those who want their packets,
 * which nobody keeps in between.
 *
 * In: their packets. Out: turns in the order in which the connections begin, each of which gives one flow.
 */
import { type Around, inOrder, replayed, type Tied } from './analyze.js'
import type { FlowList } from './plain/flow-list.js'
import type { Frame, OddPackets } from './plain/odd-packets.js'
import type { PlainFlows } from './plain/plain-flows.js'
import type { Flow } from './report.js'

/** A connection that waits for its replay. */
export interface Turn {
  /** Number of its first packet, over all captures. */
  readonly begins: number
  readonly packets: number
  /** The number of its conversation in `OddPackets`, and whether that has no other. */
  readonly conversation: number
  readonly isOnly: boolean
  /** Made when its turn comes: the packets of one conversation are objects at a time, not those of all. */
  tied(): Tied
}

export class Replays {
  readonly turns: readonly Turn[]

  /** `most`: packets that may be objects before their turn. */
  constructor(
    readonly odd: OddPackets,
    plain: PlainFlows,
    private readonly around: Around,
    most: number,
  ) {
    this.turns = turnsOf(odd, plain, most)
  }

  /** Those of one 4-tuple must come in order, each time from the first one on. */
  flow({ tied }: Turn, number: number): Flow {
    return replayed(tied(), number, this.around)
  }

  /** The flows of a list that are wanted but have kept no rows, made again; by number. */
  again({ replayed, said }: FlowList, wanted: ReadonlySet<Flow>): ReadonlyMap<number, Flow> {
    const conversations = new Set<number>()
    for (const [turn, flow] of replayed.entries())
      if (said.has(flow) && wanted.has(flow)) conversations.add((this.turns[turn] as Turn).conversation)
    const flows = new Map<number, Flow>()
    for (const [turn, { flow }] of replayed.entries()) {
      const own = this.turns[turn] as Turn
      if (conversations.has(own.conversation)) flows.set(flow, this.flow(own, flow))
    }
    return flows
  }
}

/** In order of their first packets. A 4-tuple may have had several connections, which are replayed as one chain. */
function turnsOf(odd: OddPackets, plain: PlainFlows, most: number): readonly Turn[] {
  const turns: Turn[] = []
  const place = (first: Frame | undefined): number =>
    first === undefined ? 0 : plain.numberAt(first.packet, first.capture)
  let kept = 0
  for (let conversation = 0; conversation < odd.count; conversation++) {
    // Captures of one time have their packets in another order than they were read in.
    const known = plain.several ? null : odd.oneConnection(conversation)
    if (known !== null) {
      const tied = (): Tied => inOrder([odd.conversation(conversation)])[0] as Tied
      turns.push({ begins: place(known.first), packets: known.packets, conversation, isOnly: true, tied })
      continue
    }
    const gathered = odd.conversation(conversation)
    const all = inOrder([gathered])
    const { length } = gathered.segments
    const stays = odd.count === 1 || kept + length <= most
    if (stays) kept += length
    let made: readonly Tied[] | null = stays ? all : null
    let isReplayed = false
    const last = all.length - 1
    // In captures of one time a later connection may begin in an earlier capture: not before those that it is tied to.
    let begins = 0
    for (const [n, { connection }] of all.entries()) {
      const { segments } = connection
      begins = Math.max(begins, place(segments[0]))
      const tied = (): Tied => {
        // What an earlier replay left to the next connection is no longer true.
        if (n === 0 && isReplayed) made = null
        isReplayed = true
        made ??= inOrder([odd.conversation(conversation)])
        const own = made[n] as Tied
        if (n === last) made = null
        return own
      }
      turns.push({ begins, packets: segments.length, conversation, isOnly: last === 0, tied })
    }
  }
  return turns.sort((a, b) => a.begins - b.begins)
}
