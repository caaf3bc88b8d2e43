/**
 * The connections of a survey that need the full replay, one at a time; and the same again for those who want their packets,
 * which nobody keeps in between.
 *
 * In: their packets. Out: turns in the order in which the connections begin, each of which gives one flow.
 */
import { type Around, inOrder, replayed, type Tied } from './analyze.js'
import type { LongConnectionInBrief } from './long-connection.js'
import type { FlowList } from './plain/flow-list.js'
import type { OddPackets } from './plain/odd-packets.js'
import type { PlainFlows } from './plain/plain-flows.js'
import type { Flow, Place } from './report.js'

/** A connection that waits for its replay. */
export interface Turn {
  /** Number of its first packet, over all captures. */
  readonly begins: number
  readonly packets: number
  /** The number of its conversation in `OddPackets`, and whether that has no other. */
  readonly conversation: number
  readonly isOnly: boolean
  /** It has more packets than are held: of its rows there are but some, once. */
  readonly isLong: boolean
  /** Made when its turn comes: the packets of one conversation are objects at a time, not those of all. */
  flow(number: number): Flow
}

/** A flow, and the number of its first packet over all captures. */
interface Begun {
  readonly begins: number
  readonly flow: number
}

export class Replays {
  readonly turns: readonly Turn[]

  /** `most`: packets that may be objects before their turn. `isWhole`: all packets are there, the reading was not interrupted. */
  constructor(
    readonly odd: OddPackets<LongConnectionInBrief>,
    plain: PlainFlows,
    around: Around,
    most: number,
    readonly isWhole: boolean,
  ) {
    this.turns = turnsOf(odd, plain, around, most, isWhole)
  }

  /** The flows of a list that are wanted but have kept no rows, made again; by number. Not those that are too long. */
  again({ replayed, said }: FlowList, wanted: ReadonlySet<Flow>): ReadonlyMap<number, Flow> {
    const conversations = new Set<number>()
    for (const [turn, flow] of replayed.entries()) {
      const { conversation, isLong } = this.turns[turn] as Turn
      if (said.has(flow) && wanted.has(flow) && !isLong) conversations.add(conversation)
    }
    const flows = new Map<number, Flow>()
    for (const [turn, { flow }] of replayed.entries()) {
      const own = this.turns[turn] as Turn
      if (conversations.has(own.conversation)) flows.set(flow, own.flow(flow))
    }
    return flows
  }

  /** Of the flows that are wanted those that are too long to have kept their rows, by the numbers of their conversations. */
  longAmong({ replayed }: FlowList, wanted: ReadonlySet<Flow>): ReadonlyMap<number, Begun> {
    const long = new Map<number, Begun>()
    for (const [turn, flow] of replayed.entries()) {
      const { conversation, begins, isLong } = this.turns[turn] as Turn
      if (isLong && wanted.has(flow)) long.set(conversation, { begins, flow: flow.flow })
    }
    return long
  }
}

/** In order of their first packets. A 4-tuple may have had several connections, which are replayed as one chain. */
function turnsOf(
  odd: OddPackets<LongConnectionInBrief>,
  plain: PlainFlows,
  around: Around,
  most: number,
  isWhole: boolean,
): readonly Turn[] {
  const turns: Turn[] = []
  const flowOf =
    (tied: () => Tied) =>
    (number: number): Flow =>
      replayed(tied(), number, around)
  const place = (first: Place | undefined): number =>
    first === undefined ? 0 : plain.numberAt(first.packet, first.capture)
  let kept = 0
  for (let conversation = 0; conversation < odd.count; conversation++) {
    const taken = odd.taken(conversation)
    if (taken !== null) {
      const { taker, first, packets } = taken
      const flow = (number: number): Flow => taker.flow(number, isWhole)
      turns.push({ begins: place(first), packets, conversation, isOnly: true, isLong: true, flow })
      continue
    }
    // Of the others it is not known how they went on.
    if (!isWhole) continue
    // Captures of one time have their packets in another order than they were read in.
    const known = plain.several ? null : odd.oneConnection(conversation)
    if (known !== null) {
      const tied = (): Tied => inOrder([odd.conversation(conversation)])[0] as Tied
      const { first, packets } = known
      const flow = flowOf(tied)
      turns.push({ begins: place(first), packets, conversation, isOnly: true, isLong: false, flow })
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
      const { length: packets } = segments
      turns.push({ begins, packets, conversation, isOnly: last === 0, isLong: false, flow: flowOf(tied) })
    }
  }
  return turns.sort((a, b) => a.begins - b.begins)
}
