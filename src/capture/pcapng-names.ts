/**
 * Names for addresses: Name Resolution Block (draft-ietf-opsawg-pcapng, section 4.4).
 *
 * In: a block's octets. Out: address and name, once for every name.
 */
import { eachOption, readComments, textAt } from './pcapng-options.js'
import type { Block } from './pump.js'
import type { RecordSink } from './record.js'

/** Record types with an address, and the address's length in bytes. */
const ADDRESS_LENGTHS: ReadonlyMap<number, number> = new Map([
  [1, 4],
  [2, 16],
])

/** Reads the block `[at, end)`. A record list has the form of an option list, and options may follow its end. */
export function readNames(
  block: Block,
  littleEndian: boolean,
  at: number,
  end: number,
  sink: RecordSink,
): void {
  let next = at + 8
  eachOption(block, littleEndian, next, end - 4, (type, start, length) => {
    next = start + ((length + 3) & ~3)
    const size = ADDRESS_LENGTHS.get(type)
    if (size === undefined || length < size) return
    const address = textOf(block.view, start, size)
    for (let name = start + size; name < start + length; ) {
      const text = textAt(block, name, start + length - name)
      if (text !== '') sink.name?.(address, text)
      const zero = block.bytes.indexOf(0, name)
      if (zero === -1) break
      name = zero + 1
    }
  })
  // Behind nrb_record_end come the block's options.
  readComments(block, littleEndian, next + 4, end - 4, sink)
}

/**
 * Dotted quad, or RFC 5952: no leading zeros, the first longest run of two or more zero groups as `::`, and the IPv4 address in
 * `::ffff:0:0/96`. As `wire/address.ts` has it, of which nothing is known here.
 */
function textOf(view: DataView, at: number, size: number): string {
  if (size === 4) {
    return [0, 1, 2, 3].map((i) => view.getUint8(at + i)).join('.')
  }
  const isMapped = [0, 4].every((i) => view.getUint32(at + i) === 0) && view.getUint32(at + 8) === 0xffff
  if (isMapped) return `::ffff:${textOf(view, at + 12, 4)}`
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((i) => view.getUint16(at + i).toString(16))
  let best = { from: 0, length: 1 }
  for (let from = 0; from < 8; from++) {
    let length = 0
    while (groups[from + length] === '0') length++
    if (length > best.length) best = { from, length }
  }
  if (best.length === 1) return groups.join(':')
  return `${groups.slice(0, best.from).join(':')}::${groups.slice(best.from + best.length).join(':')}`
}
