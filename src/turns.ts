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
  /** Is told how many packets of how many are done, now and then. */
  readonly replaying?: (done: number, of: number) => void
}

export async function inTurns<T, R>(
  items: readonly T[],
  packets: (item: T) => number,
  work: (item: T, index: number) => R,
  { signal, replaying }: Turns,
): Promise<R[]> {
  const results: R[] = []
  const all = replaying === undefined ? 0 : items.reduce((sum, item) => sum + packets(item), 0)
  // An interruption while reading is no reason to hold back what was read.
  const heard = signal?.aborted === true
  let done = 0
  let turn = 0
  for (const [index, item] of items.entries()) {
    results.push(work(item, index))
    turn += packets(item)
    if (turn < PACKETS_A_TURN) continue
    done += turn
    turn = 0
    replaying?.(done, all)
    await setImmediate()
    if (signal?.aborted && !heard) break
  }
  return results
}
