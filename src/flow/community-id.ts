/**
 * Community ID version 1: one name for a 4-tuple that Zeek, Suricata and others print too.
 *
 * In: two ends. Out: `1:` and 28 base64 characters. Specification: github.com/corelight/community-id-spec.
 * Seed 0; the inner tuple of a tunnel is hashed. Incarnations of one tuple share it, by design.
 */
import { parseAddress } from '../wire/address.js'
import type { Address } from './conversation.js'
import { sha1 } from './sha1.js'

const PROTOCOL_TCP = 6

/** An address as words in network order, as many as there are, and a port. */
export interface End {
  readonly words: ArrayLike<number>
  readonly port: number
}

const block = new Uint8Array(64)
const digest = Buffer.alloc(20)

export const communityId = (a: Address, b: Address): string => communityIdOf(endOf(a), endOf(b))

export const communityIdOf = (a: End, b: End): string => `1:${communityDigest(a, b).toString('base64')}`

/** What the name is made of, valid until the next one's is asked for. */
export function communityDigest(a: End, b: End): Buffer {
  const [first, second] = comesFirst(a, b) ? [a, b] : [b, a]
  block[0] = 0 // seed
  block[1] = 0
  let at = putWords(first.words, 2)
  at = putWords(second.words, at)
  block[at] = PROTOCOL_TCP
  block[at + 1] = 0
  block[at + 2] = first.port >>> 8
  block[at + 3] = first.port
  block[at + 4] = second.port >>> 8
  block[at + 5] = second.port
  sha1(block, at + 6, digest)
  return digest
}

/** The smaller address; for equal addresses the smaller port. */
function comesFirst(a: End, b: End): boolean {
  const shared = Math.min(a.words.length, b.words.length)
  for (let n = 0; n < shared; n++) {
    const [one, other] = [(a.words[n] as number) >>> 0, (b.words[n] as number) >>> 0]
    if (one !== other) return one < other
  }
  return a.words.length === b.words.length ? a.port <= b.port : a.words.length < b.words.length
}

function putWords(words: ArrayLike<number>, from: number): number {
  let at = from
  for (let n = 0; n < words.length; n++) {
    const word = words[n] as number
    block[at] = word >>> 24
    block[at + 1] = word >>> 16
    block[at + 2] = word >>> 8
    block[at + 3] = word
    at += 4
  }
  return at
}

/** Text that is no address hashes as nothing. */
function endOf({ address, port }: Address): End {
  const parsed = parseAddress(address)
  if (parsed === null) return { words: [], port }
  return { words: parsed.version === 4 ? [parsed.words[3]] : parsed.words, port }
}
