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
  /** Of each attempt: its flow, its begin in seconds, its client by number, the SYN+ACKs that nobody took up. */
  readonly flow: number[] = []
  readonly startAt: number[] = []
  readonly client: number[] = []
  readonly synAcks: number[] = []
  /** Nothing but segments with SYN was captured. */
  synsOnly = true
  /** The first packets of those whose clients did not go on. */
  readonly quoted: Frame[] = []
  /** The address of the first of those clients. */
  firstClient = ''

  constructor(readonly server: Pick<FlowEnd, 'address' | 'port'>) {}

  get length(): number {
    return this.flow.length
  }
  /** More first packets of those whose clients did not go on are wanted. */
  get quotes(): boolean {
    return this.quoted.length < QUOTED
  }

  add(flow: number, startAt: number, client: number, synAcks: number): void {
    this.flow.push(flow)
    this.startAt.push(startAt)
    this.client.push(client)
    this.synAcks.push(synAcks)
  }

  quote({ packet, capture }: Frame): void {
    this.quoted.push({ packet, capture })
  }
}
