/**
 * SYNs that their sender had left behind: it had sent the same number before, and had gone on. No stack uses the number of a
 * finished attempt again, the network brings it.
 *
 * In: the segments of a connection. Out: for each row 1 where it is such a SYN. One pass, because a flood may be all SYNs.
 */
import type { Segment } from '../flow/segment.js'

export function oldSyns(segments: readonly Segment[]): Uint8Array {
  const old = new Uint8Array(segments.length)
  // Most connections have one.
  if (!isAgain(segments)) return old
  /** For each end: the row of the first SYN with a number; the last row that is no SYN. */
  const first = [new Map<number, number>(), new Map<number, number>()] as const
  const wentOn: [number, number] = [-1, -1]
  segments.forEach(({ from, seq, syn, ackBit, rst }, row) => {
    if (!syn || ackBit) {
      if (!rst) wentOn[from] = row
      return
    }
    const before = first[from].get(seq)
    if (before === undefined) first[from].set(seq, row)
    else if (wentOn[from] > before) old[row] = 1
  })
  return old
}

/** There is more than one SYN without ACK. */
function isAgain(segments: readonly Segment[]): boolean {
  let syns = 0
  for (let row = 0; row < segments.length; row++) {
    const { syn, ackBit } = segments[row] as Segment
    if (syn && !ackBit && ++syns > 1) return true
  }
  return false
}
