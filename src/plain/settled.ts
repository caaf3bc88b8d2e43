/**
 * How each connection of a survey is told: from its row, like another one, only by counting, or after its replay.
 *
 * In: all rows, and until when they were watched. Out: which need the full replay (they are marked so), and the others for the
 * list of flows. Of those that never were open, half-open or refused, the first of each kind is replayed, for all others of it.
 */
import { firstThat } from '../bisection.js'
import type { Flow } from '../report.js'
import type { Brief } from './brief.js'
import { type FlowList, UNOPENED } from './flow-list.js'
import { NOT_PLAIN, outcomeOf } from './outcome.js'
import { firstPacket, isEscalated, type PlainFlows } from './plain-flows.js'
import type { PlainWatch } from './plain-watch.js'
import { Chains, escalateTied } from './tied.js'
import { isHalfOpen, isUnopened, UNCLEAR_KIND, UnopenedKinds } from './unopened-kinds.js'

/** In place of an outcome: a half-open connection that is only counted. */
const COUNTED = 0xfc

export class Settled {
  /** Half-open ones that are not told one by one. */
  readonly summedUp: number
  /** For each conversation the number of its outcome; or that it never was open, is only counted, to be replayed. */
  readonly #outcomes: Uint8Array
  /** For each that never was open its kind. */
  readonly #kinds: Int32Array
  /** Kinds by the first packets of those that stand for them; the flows of these. */
  readonly #kindOf = new Map<number, number>()
  readonly #examples: (Flow | undefined)[] = []
  /** The conversation that is told next. */
  #next = 0

  /** So many half-open ones are told, the latest. */
  constructor(
    private readonly plain: PlainFlows,
    watch: PlainWatch,
    maxFlows: number,
  ) {
    this.#outcomes = new Uint8Array(plain.count)
    this.#kinds = new Int32Array(plain.count)
    const chains = new Chains(plain)
    escalateTied(plain, chains)
    this.summedUp = plain.count <= maxFlows ? 0 : Math.max(0, halfOpenIn(plain) - maxFlows)
    this.#settle(watch, chains)
  }

  #settle(watch: PlainWatch, chains: Chains): void {
    const { plain } = this
    const outcomes = this.#outcomes
    const kinds = new UnopenedKinds(plain, watch)
    let over = this.summedUp
    for (let conversation = 0; conversation < plain.count; conversation++) {
      const row = plain.look(conversation)
      if (!isUnopened(row)) outcomes[conversation] = outcomeOf(plain, row, watch)
      else if (over > 0 && isHalfOpen(row)) {
        over--
        outcomes[conversation] = COUNTED
      } else {
        const known = kinds.count
        const kind = kinds.of(row)
        this.#kinds[conversation] = kind
        if (kind !== UNCLEAR_KIND && kind === known) this.#kindOf.set(firstPacket(row), kind)
        const isLikeAnother = kind !== UNCLEAR_KIND && kind < known
        outcomes[conversation] = isLikeAnother ? UNOPENED : outcomeOf(plain, row, watch)
      }
    }
    // Some did not go plainly after all.
    escalateTied(plain, chains)
    for (const chain of chains.several().values())
      for (const conversation of chain)
        if (isEscalated(plain.look(conversation))) outcomes[conversation] = NOT_PLAIN
  }

  /** Adds to the list what needs no replay and begins before packet `packet` of all captures. */
  addBefore(packet: number, list: FlowList): void {
    const outcomes = this.#outcomes
    const until = this.#firstFrom(packet)
    for (let conversation = this.#next; conversation < until; conversation++) {
      const outcome = outcomes[conversation] as number
      if (outcome === NOT_PLAIN) continue
      // Those of a flood that are only counted have numbers too: those of the others are the same in every command.
      if (outcome === COUNTED) list.next++
      else if (outcome !== UNOPENED) list.addPlain(conversation, outcome)
      else {
        const example = this.#examples[this.#kinds[conversation] as number]
        // None when the replay was interrupted.
        if (example !== undefined) list.addUnopened(conversation, example)
      }
    }
    this.#next = until
  }

  /** The first conversation that begins with `packet` or behind it: they are in order. */
  #firstFrom(packet: number): number {
    const { plain } = this
    return firstThat(
      this.#next,
      plain.count,
      (conversation) => firstPacket(plain.look(conversation)) >= packet,
    )
  }

  /** A flow that was replayed, and its first packet over all captures. */
  addReplayed(flow: Flow, packet: number, list: FlowList, brief: Brief): void {
    const kind = this.#kindOf.get(packet)
    if (kind !== undefined) this.#examples[kind] = flow
    // What others went like is whole.
    if (kind !== undefined) list.addReplayed(flow)
    else brief.add(flow, list)
  }
}

function halfOpenIn(plain: PlainFlows): number {
  let count = 0
  for (let conversation = 0; conversation < plain.count; conversation++)
    if (isHalfOpen(plain.look(conversation))) count++
  return count
}
