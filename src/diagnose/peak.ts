/** What counting connections over time needs. Seconds, and numbers of connections. */

/** Local ports of a client towards one server: 32768 to 60999, the default of Linux. */
export const PORTS = 28_232

/** Length of TIME_WAIT on Linux, seconds. */
export const TIME_WAIT = 60

/** A rate needs this much to be one. */
const LEAST = { flows: 100, seconds: 0.5 }

/** Connections a second; 0: too few, or too short a time, to say. */
export const perSecond = (flows: number, seconds: number): number =>
  flows >= LEAST.flows && seconds >= LEAST.seconds ? flows / seconds : 0

/** How many stretches of time overlap at most. In: from and to, seconds; null is open. Out: a count. */
export function peakOf(
  stretches: readonly { readonly from: number | null; readonly to: number | null }[],
): number {
  // Typed arrays: there may be a million of them.
  const begins = new Float64Array(stretches.length)
  const ends = new Float64Array(stretches.length)
  stretches.forEach(({ from, to }, n) => {
    begins[n] = from ?? Number.NEGATIVE_INFINITY
    ends[n] = to ?? Number.POSITIVE_INFINITY
  })
  return peakIn(begins, ends)
}

/** The same for all begins and all ends; sorts them. */
export function peakIn(begins: Float64Array, ends: Float64Array): number {
  begins.sort()
  ends.sort()
  let over = 0
  let peak = 0
  for (let begun = 0; begun < begins.length; begun++) {
    const begin = begins[begun] as number
    // What ends at a moment makes room for what begins at it.
    while (over < ends.length && (ends[over] as number) <= begin) over++
    if (begun + 1 - over > peak) peak = begun + 1 - over
  }
  return peak
}
