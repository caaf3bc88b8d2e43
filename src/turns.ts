/**
 * Long work in turns, so that signals and timers are heard.
 *
 * In: connections, what to do with each. Out: the results; when it is interrupted, those so far.
 */
import { setImmediate } from 'node:timers/promises'

/** Work is measured in packets: some hundredths of a second, so that a bar loads and Ctrl-C is heard soon. */
const PACKETS_A_TURN = 1000

export interface Turns {
  readonly signal?: AbortSignal
  /** Is told how many packets of how many are done: none before the first, then now and then. */
  readonly replaying?: (done: number, of: number) => void
}

export async function inTurns<T, R>(
  items: readonly T[],
  packets: (item: T) => number,
  work: (item: T, index: number) => R,
  turns: Turns,
): Promise<R[]> {
  const results: R[] = []
  const pauses = new Pauses(turns.replaying === undefined ? 0 : total(items, packets), turns)
  pauses.begin()
  for (const [index, item] of items.entries()) {
    results.push(work(item, index))
    if (pauses.isDue(packets(item)) && !(await pauses.goesOn())) break
  }
  return results
}

/** The same for those who have their own loop. */
export class Pauses {
  #done = 0
  #turn = 0
  /** An interruption while reading is no reason to hold back what was read. */
  readonly #heard: boolean

  /** `all`: packets, for those who are told. */
  constructor(
    private readonly all: number,
    private readonly turns: Turns,
  ) {
    this.#heard = turns.signal?.aborted === true
  }

  begin(): void {
    this.turns.replaying?.(0, this.all)
  }

  /** So many packets more are done: is it time to listen? */
  isDue(packets: number): boolean {
    this.#turn += packets
    return this.#turn >= PACKETS_A_TURN
  }

  /** Listens; false: it was interrupted. */
  async goesOn(): Promise<boolean> {
    this.#done += this.#turn
    this.#turn = 0
    this.turns.replaying?.(this.#done, this.all)
    await setImmediate()
    return this.#heard || this.turns.signal?.aborted !== true
  }
}

export const total = <T>(items: readonly T[], packets: (item: T) => number): number =>
  items.reduce((sum, item) => sum + packets(item), 0)
