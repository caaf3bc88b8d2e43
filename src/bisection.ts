/** Where a condition begins to hold in what is in order. In: a range of indices, the condition. Out: an index. */

/** The first index from `from` on, below `to`, of which it holds; `to`: of none. Once it holds it must hold of all that follow. */
export function firstThat(from: number, to: number, holds: (index: number) => boolean): number {
  let low = from
  for (let high = to; low < high; ) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
