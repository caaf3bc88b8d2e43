/**
 * Who tried to open connections to one port, and who of them went on, gathered attempt by attempt.
 *
 * In: attempts in order, by what counts of them. Out: the same in columns. There may be a million, so that nothing of them
 * is kept but numbers.
 */
import type { FlowEnd } from '../report.js'
import type { Frame } from './holding.js'

/** SYNs that are quoted. */
const QUOTED = 24

/** In place of SYN+ACKs: its client went on. */
export const WENT_ON = -1

export class PortAttempts {
  /**
   * Of each attempt: its flow, for how many seconds from its begin the capture that it begins in was watched, its client by
   * number, the SYN+ACKs that nobody took up.
   */
  readonly flow: number[] = []
  readonly watched: number[] = []
  readonly client: number[] = []
  readonly synAcks: number[] = []
  /** Nothing but segments with SYN was captured. */
  synsOnly = true
  /** The first packets of those whose clients did not go on. */
  readonly quoted: Frame[] = []
  /** The address of the first of those clients. */
  firstClient = ''
  #first = Number.POSITIVE_INFINITY
  #last = Number.NEGATIVE_INFINITY

  constructor(readonly server: Pick<FlowEnd, 'address' | 'port'>) {}

  get length(): number {
    return this.flow.length
  }
  /** Seconds from the first attempt whose client did not go on to the last one. */
  get seconds(): number {
    return this.#last - this.#first
  }
  /** More first packets of those whose clients did not go on are wanted. */
  get quotes(): boolean {
    return this.quoted.length < QUOTED
  }

  /** `startAt`, `until`: its begin, and until when the capture was watched. */
  add(flow: number, startAt: number, until: number, client: number, synAcks: number): void {
    if (synAcks !== WENT_ON) {
      this.#first = Math.min(this.#first, startAt)
      this.#last = Math.max(this.#last, startAt)
    }
    this.flow.push(flow)
    this.watched.push(until - startAt)
    this.client.push(client)
    this.synAcks.push(synAcks)
  }

  quote({ packet, capture }: Frame): void {
    this.quoted.push({ packet, capture })
  }
}
