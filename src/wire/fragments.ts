/**
 * Putting IP datagrams together from their fragments, within bounds.
 *
 * In: fragments, in any order. Out: the whole datagram's payload once the last missing one has come, in a
 * buffer that is used again. RFC 791 section 3.2, RFC 8200 section 4.5. As in Linux (and RFC 5722) a datagram
 * with overlapping fragments is not put together; an exact copy of a fragment is passed over, since captures
 * on several interfaces show packets twice. The oldest datagram goes when a bound is reached.
 */

/** An IPv4 datagram can't be longer; a longer IPv6 one (jumbogram) must not be fragmented (RFC 2675). */
const LONGEST = 65_535
const MOST_BYTES = 4 * 1024 * 1024
/** Counts against the bytes for each fragment held: a flood of tiny fragments costs objects, not bytes. */
const OVERHEAD = 128

interface Piece {
  readonly offset: number
  readonly bytes: Uint8Array
}

interface Datagram {
  /** In order of their offsets, without overlaps. */
  pieces: Piece[]
  /** Sum of the pieces' lengths. */
  held: number
  /** Length of the whole payload, once the last fragment has come; else -1. */
  total: number
}

export class Fragments {
  private readonly datagrams = new Map<string, Datagram>()
  private cost = 0
  private buffer = new Uint8Array(0)

  /**
   * Takes one fragment, `bytes[start, end)`, whose payload lies at `offset` (in bytes) of the datagram `key`.
   * Returns the whole payload when this fragment completed it, valid until the next call; else null.
   */
  add(
    key: string,
    offset: number,
    more: boolean,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): Uint8Array | null {
    const length = end - start
    if (length <= 0 || offset + length > LONGEST) return null
    let datagram = this.datagrams.get(key)
    if (datagram === undefined) {
      datagram = { pieces: [], held: 0, total: -1 }
      this.datagrams.set(key, datagram)
    }
    const where = position(datagram.pieces, offset)
    const same = datagram.pieces[where]
    if (same?.offset === offset && equal(same.bytes, bytes, start, length)) return null
    const total = more ? datagram.total : offset + length
    if (
      overlaps(datagram, where, offset, length) ||
      (datagram.total >= 0 && offset + length > datagram.total)
    ) {
      // Either an attack or the same identification used again: what was held is worth nothing now.
      this.forget(key, datagram)
      return this.add(key, offset, more, bytes, start, end)
    }
    datagram.total = total
    datagram.pieces.splice(where, 0, { offset, bytes: bytes.slice(start, end) })
    datagram.held += length
    this.cost += length + OVERHEAD
    if (datagram.held === datagram.total) return this.complete(key, datagram)
    this.makeRoom()
    return null
  }

  private complete(key: string, datagram: Datagram): Uint8Array {
    if (this.buffer.length === 0) this.buffer = new Uint8Array(LONGEST)
    for (const piece of datagram.pieces) this.buffer.set(piece.bytes, piece.offset)
    this.forget(key, datagram)
    return this.buffer.subarray(0, datagram.total)
  }

  private forget(key: string, datagram: Datagram): void {
    this.cost -= datagram.held + datagram.pieces.length * OVERHEAD
    this.datagrams.delete(key)
  }

  private makeRoom(): void {
    for (const [key, datagram] of this.datagrams) {
      if (this.cost <= MOST_BYTES) return
      this.forget(key, datagram)
    }
  }
}

/** The index of the first piece at or behind `offset`. */
function position(pieces: readonly Piece[], offset: number): number {
  let low = 0
  let high = pieces.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((pieces[middle]?.offset ?? LONGEST) < offset) low = middle + 1
    else high = middle
  }
  return low
}

function overlaps(datagram: Datagram, where: number, offset: number, length: number): boolean {
  const before = datagram.pieces[where - 1]
  const after = datagram.pieces[where]
  if (before !== undefined && before.offset + before.bytes.length > offset) return true
  return after !== undefined && offset + length > after.offset
}

function equal(held: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (held.length !== length) return false
  for (let i = 0; i < length; i++) if (held[i] !== bytes[start + i]) return false
  return true
}
