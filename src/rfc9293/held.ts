/**
 * Text and FINs that came ahead of RCV.NXT and wait for the gap to fill (RFC 9293 3.10.7.4 step 1, SHLD-31).
 *
 * In: blocks of sequence space, all within one window. Out: blocks in order, apart from each other.
 */
import type { HeldBlock } from './event.js'
import { diff, gt, max } from './sequence.js'

/** More holes than this at one time are not kept, so that hostile segments cannot make the list long. */
export const MAX_HELD = 1024

/** The blocks with one more. Nothing is kept beyond a FIN; what contradicts an earlier FIN is passed over. */
export const hold = (held: readonly HeldBlock[], block: HeldBlock): readonly HeldBlock[] => {
  const sorted = [...held, block].sort((a, b) => diff(a.from, b.from))
  const apart: HeldBlock[] = []
  for (const next of sorted) {
    const last = apart.at(-1)
    if (last === undefined || (gt(next.from, last.to) && !last.fin)) apart.push(next)
    else if (!last.fin) apart[apart.length - 1] = joined(last, next)
  }
  return apart.slice(0, MAX_HELD)
}

const joined = (a: HeldBlock, b: HeldBlock): HeldBlock => ({
  from: a.from,
  to: max(a.to, b.to),
  fin: a.to === b.to ? a.fin || b.fin : gt(a.to, b.to) ? a.fin : b.fin,
})

/** What RCV.NXT becomes once every block that it reaches is taken. `fin`: the last block taken ends with a FIN. */
export const release = (
  held: readonly HeldBlock[],
  rcvNxt: number,
): { readonly rcvNxt: number; readonly held: readonly HeldBlock[]; readonly fin: boolean } => {
  let edge = rcvNxt
  let taken = 0
  let fin = false
  for (const block of held) {
    if (gt(block.from, edge)) break
    taken += 1
    if (!gt(block.to, edge)) continue
    edge = block.to
    fin = block.fin
  }
  return { rcvNxt: edge, held: held.slice(taken), fin }
}
