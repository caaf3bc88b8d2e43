/** How many stretches of time overlap at most. In: from and to, seconds; null is open. Out: a count. */
export function peakOf(
  stretches: readonly { readonly from: number | null; readonly to: number | null }[],
): number {
  const steps = stretches.flatMap(({ from, to }) => [
    { at: from ?? Number.NEGATIVE_INFINITY, by: 1 },
    { at: to ?? Number.POSITIVE_INFINITY, by: -1 },
  ])
  // What ends at a moment makes room for what begins at it.
  steps.sort((a, b) => a.at - b.at || a.by - b.by)
  let now = 0
  let peak = 0
  for (const { by } of steps) {
    now += by
    if (now > peak) peak = now
  }
  return peak
}
