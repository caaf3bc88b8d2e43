/**
 * The flows of a survey, of which there may be a million: a few octets each, and an object of one that is looked at.
 *
 * In: flows in the order of their numbers, plain and unopened ones (half-open, refused) by their rows. Out: columns of what is asked of all,
 * by place in the list; flows, made when somebody asks.
 */
import type { Said } from '../diagnose/alone.js'
import type { ManyFlows } from '../listed.js'
import { type Flow, VERDICTS } from '../report.js'
import type { Row } from './address.js'
import { START_S } from './layout.js'
import { timeIn } from './opening.js'
import { OUTCOMES } from './outcome.js'
import { PlainFlow } from './plain-flow.js'
import { firstPacket, type PlainFlows } from './plain-flows.js'
import { UnopenedFlow } from './unopened-flow.js'

const NOBODY: ReadonlyMap<Flow, Said> = new Map()

/** In place of a plain connection's outcome. */
export const UNOPENED = 0xfd
export const REPLAYED = 0xfe

export class FlowList implements ManyFlows {
  length = 0
  /** The number of the flow that is added next. */
  next = 0
  /** Numbers of the flows; of their outcomes, or what stands in place of one; their conversations. */
  readonly number: Int32Array
  readonly outcome: Uint8Array
  readonly conversation: Int32Array
  /** Which outcomes there are: 1. */
  readonly outcomes = new Uint8Array(OUTCOMES.length)
  /** Those that were replayed, in order, and their places. */
  readonly replayed: Flow[] = []
  readonly replayedAt: number[] = []
  /** What rules said of those whose rows are gone but for an excerpt. */
  readonly said = new Map<Flow, Said>()
  /** Those that others went like. */
  readonly examples: Flow[] = []
  readonly #places = new Map<Flow, number>()
  /** Of a replayed one its place among those, of an unopened one that of its example. */
  readonly #which: Int32Array
  /** Those that were asked for. */
  readonly #made = new Map<number, Flow>()
  #all: readonly Flow[] | null = null

  /** Room for `most` flows. */
  constructor(
    readonly plain: PlainFlows,
    most: number,
  ) {
    this.number = new Int32Array(most)
    this.outcome = new Uint8Array(most)
    this.conversation = new Int32Array(most)
    this.#which = new Int32Array(most)
  }

  /** Of flows that were chosen from another list's. */
  static of(plain: PlainFlows, flows: readonly Flow[], said: ReadonlyMap<Flow, Said> = NOBODY): FlowList {
    const list = new FlowList(plain, flows.length)
    for (const flow of flows) {
      list.next = flow.flow
      if (flow instanceof PlainFlow) list.addPlain(flow.conversation, flow.outcome.number)
      else if (flow instanceof UnopenedFlow) list.addUnopened(flow.conversation, flow.alike)
      else list.addReplayed(flow, said.get(flow))
    }
    list.#all = flows
    return list
  }

  /** `said`: what rules said of it, when its rows are gone. */
  addReplayed(flow: Flow, said: Said | null = null): void {
    if (said !== null) this.said.set(flow, said)
    this.#which[this.length] = this.replayed.length
    this.replayed.push(flow)
    this.replayedAt.push(this.length)
    this.#add(-1, REPLAYED)
  }

  addPlain(conversation: number, outcome: number): void {
    this.outcomes[outcome] = 1
    this.#add(conversation, outcome)
  }

  /** One that went like `example`. */
  addUnopened(conversation: number, example: Flow): void {
    let which = this.#places.get(example)
    if (which === undefined) {
      which = this.examples.push(example) - 1
      this.#places.set(example, which)
    }
    this.#which[this.length] = which
    this.#add(conversation, UNOPENED)
  }

  #add(conversation: number, outcome: number): void {
    const n = this.length++
    this.number[n] = this.next++
    this.conversation[n] = conversation
    this.outcome[n] = outcome
  }

  /** The row of one that was not replayed: the same object each time. */
  row(n: number): Row {
    return this.plain.look(this.conversation[n] as number)
  }

  /** When its first packet was captured: seconds as in `Segment.at`. */
  startAt(n: number): number {
    if (this.outcome[n] === REPLAYED) return this.exampleOf(n).startAt
    const { page, base } = this.row(n)
    return timeIn(this.plain, page, base + START_S)
  }

  /** The capture of its first packet. */
  firstCapture(n: number): number {
    if (this.outcome[n] === REPLAYED) return this.exampleOf(n).rows[0]?.capture ?? 0
    return this.plain.captureOf(firstPacket(this.row(n)))
  }

  /** Of one that is not plain: the flow itself when it was replayed, else the one that it went like. */
  exampleOf(n: number): Flow {
    const which = this.#which[n] as number
    return (this.outcome[n] === REPLAYED ? this.replayed[which] : this.examples[which]) as Flow
  }

  flow(n: number): Flow {
    if (this.#all !== null) return this.#all[n] as Flow
    const known = this.#made.get(n)
    if (known !== undefined) return known
    const made = this.#make(n)
    this.#made.set(n, made)
    return made
  }

  /** The same objects each time. */
  get all(): readonly Flow[] {
    if (this.#all !== null) return this.#all
    const all: Flow[] = []
    for (let n = 0; n < this.length; n++) all.push(this.#made.get(n) ?? this.#make(n))
    this.#all = all
    return all
  }

  *[Symbol.iterator](): Generator<Flow> {
    for (let n = 0; n < this.length; n++) yield this.#all?.[n] ?? this.#make(n)
  }

  #make(n: number): Flow {
    const outcome = this.outcome[n] as number
    if (outcome === REPLAYED) return this.exampleOf(n)
    const [number, conversation] = [this.number[n] as number, this.conversation[n] as number]
    if (outcome === UNOPENED) return new UnopenedFlow(number, this.plain, conversation, this.exampleOf(n))
    return new PlainFlow(number, this.plain, conversation, outcome)
  }

  worst(most: number): readonly Flow[] {
    const lists = VERDICTS.map((): number[] => [])
    const ranks = new Map(VERDICTS.map((verdict, rank) => [verdict, rank]))
    const ofOutcome = OUTCOMES.map(({ verdict }) => ranks.get(verdict) ?? 0)
    for (let n = 0; n < this.length; n++) {
      const rank = ofOutcome[this.outcome[n] as number] ?? ranks.get(this.exampleOf(n).verdict) ?? 0
      const list = lists[rank] as number[]
      if (list.length < most) list.push(n)
    }
    return lists
      .flat()
      .slice(0, most)
      .map((n) => this.flow(n))
  }
}
