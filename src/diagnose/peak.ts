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
  begins.sort()
  ends.sort()
  let over = 0
  let peak = 0
  begins.forEach((begin, begun) => {
    // What ends at a moment makes room for what begins at it.
    while ((ends[over] ?? Number.POSITIVE_INFINITY) <= begin) over++
    peak = Math.max(peak, begun + 1 - over)
  })
  return peak
}
