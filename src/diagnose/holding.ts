/**
 * What one host holds in TIME_WAIT on one side, gathered connection by connection.
 *
 * In: connections in order, by what counts of them. Out: how many and when. There may be a million, so that nothing of
 * them is kept but numbers.
 */
import type { Side } from '../report.js'
import { peakIn } from './peak.js'

/** FINs that are quoted. */
export const QUOTED = 24

/** A frame, by its number and its capture. */
export interface Frame {
  readonly packet: number
  readonly capture: number
}

/** What a rule asks of it. */
export interface Held {
  readonly host: string
  readonly side: Side
  readonly flows: readonly number[]
  /** The first FINs. */
  readonly quoted: readonly Frame[]
  /** How many hosts are at the other end; which, when it is always the same one. */
  readonly peers: number
  readonly peer: string | null
  /** The service's port, when it is always the same one. */
  readonly port: number | null
  /** Seconds from the first connection's begin to the last one's. */
  readonly seconds: number
  /** How many at one time, at most. */
  readonly peak: number
}

export class Holding implements Held {
  readonly flows: number[] = []
  readonly quoted: Frame[] = []
  readonly #begins: number[] = []
  readonly #ends: number[] = []
  readonly #peers = new Set<string | number>()
  #port: number | null | undefined
  #firstAt = 0
  #lastAt = 0

  constructor(
    readonly host: string,
    readonly side: Side,
    private readonly firstPeer: string,
  ) {}

  /** More FINs are wanted. */
  get quotes(): boolean {
    return this.flows.length <= QUOTED
  }
  get peers(): number {
    return this.#peers.size
  }
  get peer(): string | null {
    return this.#peers.size === 1 ? this.firstPeer : null
  }
  get port(): number | null {
    return this.#port ?? null
  }
  get seconds(): number {
    return this.#lastAt - this.#firstAt
  }
  get peak(): number {
    return peakIn(Float64Array.from(this.#begins), Float64Array.from(this.#ends))
  }

  /** A connection that began at `at`. `peer` is the same for the same host, and different for another one. */
  add(flow: number, at: number, peer: string | number, port: number): void {
    if (this.flows.length === 0) this.#firstAt = at
    this.#lastAt = at
    this.flows.push(flow)
    this.#peers.add(peer)
    if (this.#port === undefined) this.#port = port
    else if (this.#port !== port) this.#port = null
  }

  /** A stay in TIME_WAIT, in seconds; null: not known, or not over. */
  wait(from: number | null, to: number | null): void {
    this.#begins.push(from ?? Number.NEGATIVE_INFINITY)
    this.#ends.push(to ?? Number.POSITIVE_INFINITY)
  }

  quote({ packet, capture }: Frame): void {
    this.quoted.push({ packet, capture })
  }
}
