/** What somebody may have meant. In: a word as it was typed, the words there are. Out: those that are a slip or two away, the nearest first. */

/** Longer words are no slip of the fingers, and would take long to compare. */
const LONGEST = 40

export const nearest = (word: string, all: readonly string[]): string[] => {
  const typed = word.toLowerCase()
  if (typed.length < 2 || typed.length > LONGEST) return []
  const far = Math.min(2, Math.floor(typed.length / 2))
  return all
    .map((each) => ({ each, slips: slipsBetween(typed, each.toLowerCase()) }))
    .filter(({ slips }) => slips <= far)
    .sort((a, b) => a.slips - b.slips)
    .map(({ each }) => each)
}

/** Optimal string alignment: letters left out, put in, changed, or two neighbours the wrong way round. */
const slipsBetween = (a: string, b: string): number => {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1])
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (beforeLast[j - 2] ?? Infinity) + 1 : Infinity
      row.push(Math.min(changed, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, swapped))
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
