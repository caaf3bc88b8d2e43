/**
 * What must not stay behind when the process ends in the middle: half a file beside its place, a pipe's copy in /tmp.
 *
 * In: how to tidy up. Out: how to say that there is nothing to tidy any more. Neither a signal nor `process.exit` (nobody
 * reads on, the disk is full) runs what stands in `finally`.
 */

/** A shell knows a process that a signal ended by 128 and the signal's number. */
const SIGNALS = [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const

const tidying = new Set<() => void>()

const tidyAll = (): void => {
  for (const tidy of tidying) {
    try {
      tidy()
    } catch {
      // Gone already, or not to be removed: the others still are.
    }
  }
}

const handlers = SIGNALS.map(([signal, number]) => [signal, () => process.exit(128 + number)] as const)

export const whenEnded = (tidy: () => void): (() => void) => {
  if (tidying.size === 0) {
    process.on('exit', tidyAll)
    for (const [signal, end] of handlers) process.on(signal, end)
  }
  tidying.add(tidy)
  return () => {
    if (!tidying.delete(tidy) || tidying.size > 0) return
    process.off('exit', tidyAll)
    for (const [signal, end] of handlers) process.off(signal, end)
  }
}
