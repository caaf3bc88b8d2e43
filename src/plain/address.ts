/** Who a row is about. In: where the words behind its key begin. Out: its ends, the first packet's sender first. */
import { communityDigest, communityIdOf, type End } from '../flow/community-id.js'
import type { Address } from '../flow/conversation.js'
import { formatAddress } from '../wire/address.js'
import { KEY_4, KEY_6 } from './layout.js'

/** A row: its page, where the words behind its key begin, and what its addresses are. */
export interface Row {
  readonly page: Int32Array
  readonly base: number
  readonly version: 4 | 6
}

export function endOf(row: Row, second: boolean): Address {
  const { page, base, version } = row
  const ports = portsOf(row)
  const port = second ? ports & 0xffff : ports >>> 16
  if (version === 4) return { address: formatAddress(4, 0, 0, 0, addressWord(row, second)), port }
  const at = base - KEY_6 + (second ? 4 : 0)
  const word = (n: number): number => page[at + n] as number
  return { address: formatAddress(6, word(0), word(1), word(2), word(3)), port }
}

/** Which tunnel, as a number of `PlainFlows.outers`. */
export const outerOf = ({ page, base }: Row): number => page[base - 1] as number

/** The last word of an address: for IPv4 all of it. */
export const addressWord = ({ page, base, version }: Row, second: boolean): number =>
  page[base + (version === 4 ? (second ? 1 : 0) - KEY_4 : (second ? 7 : 3) - KEY_6)] as number

/** The first end's port above, the second one's below. */
export const portsOf = ({ page, base }: Pick<Row, 'page' | 'base'>): number => page[base - 2] as number

/** The name that Zeek and others have for its 4-tuple. */
export const communityIdIn = (row: Row): string => communityIdOf(wordsOf(row, false), wordsOf(row, true))

/** What that name is the base64 of: five words. */
export function putCommunity(row: Row, into: Float64Array, at: number): void {
  const digest = communityDigest(wordsOf(row, false), wordsOf(row, true))
  for (let word = 0; word < 5; word++) into[at + word] = digest.readInt32BE(4 * word)
}

function wordsOf(row: Row, second: boolean): End {
  const ports = portsOf(row)
  const port = second ? ports & 0xffff : ports >>> 16
  if (row.version === 4) return { words: [addressWord(row, second)], port }
  const key = row.base - KEY_6 + (second ? 4 : 0)
  return { words: row.page.subarray(key, key + 4), port }
}
