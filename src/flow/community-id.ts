/**
 * Community ID version 1: one name for a 4-tuple that Zeek, Suricata and others print too.
 *
 * In: two ends. Out: `1:` and 28 base64 characters. Specification: github.com/corelight/community-id-spec.
 * Seed 0; the inner tuple of a tunnel is hashed. Incarnations of one tuple share it, by design.
 */
import { createHash } from 'node:crypto'
import { parseAddress } from '../wire/address.js'
import type { Address } from './conversation.js'

const PROTOCOL_TCP = 6

export function communityId(a: Address, b: Address): string {
  const [first, second] = ordered(a, b)
  const data = Buffer.concat([
    Buffer.from([0, 0]), // seed
    addressBytes(first.address),
    addressBytes(second.address),
    Buffer.from([PROTOCOL_TCP, 0]),
    Buffer.from([first.port >> 8, first.port & 0xff, second.port >> 8, second.port & 0xff]),
  ])
  return `1:${createHash('sha1').update(data).digest('base64')}`
}

/** The smaller address first; for equal addresses the smaller port. */
function ordered(a: Address, b: Address): [Address, Address] {
  const order = Buffer.compare(addressBytes(a.address), addressBytes(b.address))
  return order < 0 || (order === 0 && a.port <= b.port) ? [a, b] : [b, a]
}

/** The address in network order: 4 or 16 bytes. Text that is no address hashes as nothing. */
function addressBytes(text: string): Buffer {
  const address = parseAddress(text)
  if (address === null) return Buffer.alloc(0)
  const bytes = Buffer.alloc(16)
  address.words.forEach((word, i) => {
    bytes.writeInt32BE(word | 0, 4 * i)
  })
  return address.version === 4 ? bytes.subarray(12) : bytes
}
