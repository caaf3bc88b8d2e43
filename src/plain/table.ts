/**
 * Which conversation a packet belongs to: open addressing on typed arrays, the key in the row itself.
 *
 * In: a decoded packet. Out: the number of its row, and which way round it is. Both directions hash alike. Whoever
 * makes the packets could choose tuples that collide, so the hash has a seed of its own in each run; nothing in the
 * output depends on it, since rows are numbered in the order in which they come.
 */
import { CLIENT, type End, SERVER } from '../flow/segment.js'
import type { PacketView } from '../wire/packet.js'
import { KEY_4, KEY_6, SHORT_WORDS } from './layout.js'
import { Pages } from './pages.js'

const SEED = (Math.random() * 0x1_0000_0000) | 0

/** A slot holds the number of a row plus one, and above it the highest bits of the hash: few wrong rows are looked at. */
const ROW_BITS = 27
const ROW = (1 << ROW_BITS) - 1

const mixed = (word: number, by: number): number => {
  const product = Math.imul(word ^ by, 0x9e3779b1)
  return product ^ (product >>> 15)
}

export class FlowTable {
  readonly rows: Pages
  readonly keyWords: number
  /** After `find`: the packet goes from the second address of the key to the first. */
  backwards = false
  /** After `find` and `add`: the page of the row, and where its words behind the key begin. */
  page: Int32Array = new Int32Array(0)
  base = 0
  /** Rows that took the place of one with the same key. */
  reused = 0
  /** By row: the one whose place it took, plus one; twice how many there were before it, plus one where another took its place. */
  private replaced = new Int32Array(0)
  private slots = new Int32Array(1 << 12)
  private mask = (1 << 12) - 1

  constructor(readonly version: 4 | 6) {
    this.keyWords = version === 4 ? KEY_4 : KEY_6
    this.rows = new Pages(this.keyWords + SHORT_WORDS)
  }

  get count(): number {
    return this.rows.count
  }

  /** The row of the packet's conversation, or -1. */
  find(view: PacketView, outer: number): number {
    const hash = this.hash(view, outer)
    const { slots, mask } = this
    let at = hash & mask
    for (;;) {
      const slot = slots[at] as number
      if (slot === 0) return -1
      if ((slot ^ hash) >>> ROW_BITS === 0) {
        const row = (slot & ROW) - 1
        if (this.version === 4 ? this.is4(row, view, outer) : this.is6(row, view, outer)) return row
      }
      at = (at + 1) & mask
    }
  }

  /** The row that was there before, with the same key, or -1. */
  before(row: number): number {
    return (this.replaced[2 * row] ?? 0) - 1
  }

  /** How many rows had the same key before. */
  countBefore(row: number): number {
    return (this.replaced[2 * row + 1] ?? 0) >>> 1
  }

  /** Where the words behind a row's key begin. */
  at(row: number): { readonly page: Int32Array; readonly base: number } {
    return { page: this.rows.page(row), base: this.rows.base(row) + this.keyWords }
  }

  /** As `add`, for a packet whose key `row` has: from now on `find` finds the new one. */
  addInPlace(row: number, view: PacketView, outer: number): number {
    const added = this.add(view, outer)
    // It came to stand behind the other one, in a slot that was free: that is free again.
    const { slots, mask } = this
    const hash = this.hash(view, outer)
    const next = (at: number): number => (at + 1) & mask
    let first = hash & mask
    while (((slots[first] as number) & ROW) - 1 !== row) first = next(first)
    let second = next(first)
    while (((slots[second] as number) & ROW) - 1 !== added) second = next(second)
    slots[first] = slots[second] as number
    slots[second] = 0
    if (2 * added >= this.replaced.length) {
      const replaced = new Int32Array(Math.max(1024, 4 * added))
      replaced.set(this.replaced)
      this.replaced = replaced
    }
    this.replaced[2 * added] = row + 1
    this.replaced[2 * added + 1] = 2 * (this.countBefore(row) + 1)
    this.replaced[2 * row + 1] = (this.replaced[2 * row + 1] as number) | 1
    this.reused++
    return added
  }

  /** A new row for a packet that `find` did not know. `sender`: which end of its key sent the packet. */
  add(view: PacketView, outer: number, sender: End = CLIENT): number {
    if ((this.rows.count + 1) * 2 > this.slots.length) this.grow()
    const row = this.rows.add()
    const page = this.rows.page(row)
    const key = this.rows.base(row)
    const { srcPort, dstPort } = view
    const ports = sender === CLIENT ? (srcPort << 16) | dstPort : (dstPort << 16) | srcPort
    if (this.version === 4) {
      page[key + sender] = view.srcD
      page[key + 1 - sender] = view.dstD
      page[key + 2] = ports
      page[key + 3] = outer
    } else {
      page.set([view.srcA, view.srcB, view.srcC, view.srcD], key + 4 * sender)
      page.set([view.dstA, view.dstB, view.dstC, view.dstD], key + 4 * (1 - sender))
      page[key + 8] = ports
      page[key + 9] = outer
    }
    this.put(row, this.hash(view, outer))
    this.backwards = sender === SERVER
    this.page = page
    this.base = key + this.keyWords
    return row
  }

  private is4(row: number, view: PacketView, outer: number): boolean {
    const page = this.rows.page(row)
    const key = this.rows.base(row)
    const { srcD, dstD, srcPort, dstPort } = view
    const first = page[key]
    if (first === srcD && page[key + 1] === dstD && page[key + 2] === ((srcPort << 16) | dstPort)) {
      this.backwards = false
    } else if (first === dstD && page[key + 1] === srcD && page[key + 2] === ((dstPort << 16) | srcPort)) {
      this.backwards = true
    } else return false
    if (page[key + 3] !== outer) return false
    this.page = page
    this.base = key + KEY_4
    return true
  }

  private is6(row: number, view: PacketView, outer: number): boolean {
    const page = this.rows.page(row)
    const key = this.rows.base(row)
    const { srcPort, dstPort } = view
    if (page[key + 9] !== outer) return false
    const ports = page[key + 8]
    this.page = page
    this.base = key + KEY_6
    if (ports === ((srcPort << 16) | dstPort) && this.ends6(page, key, key + 4, view)) {
      this.backwards = false
      return true
    }
    if (ports !== ((dstPort << 16) | srcPort) || !this.ends6(page, key + 4, key, view)) return false
    this.backwards = true
    return true
  }

  private ends6(page: Int32Array, source: number, target: number, view: PacketView): boolean {
    return (
      page[source] === view.srcA &&
      page[source + 1] === view.srcB &&
      page[source + 2] === view.srcC &&
      page[source + 3] === view.srcD &&
      page[target] === view.dstA &&
      page[target + 1] === view.dstB &&
      page[target + 2] === view.dstC &&
      page[target + 3] === view.dstD
    )
  }

  private hash(view: PacketView, outer: number): number {
    let source = mixed(view.srcD, SEED)
    let target = mixed(view.dstD, SEED)
    if (this.version === 6) {
      source = mixed(mixed(mixed(view.srcC, source), view.srcB), view.srcA)
      target = mixed(mixed(mixed(view.dstC, target), view.dstB), view.dstA)
    }
    return joined(source, view.srcPort, target, view.dstPort, outer)
  }

  private hashOf(row: number): number {
    const page = this.rows.page(row)
    const key = this.rows.base(row)
    const word = (at: number): number => page[key + at] as number
    const ports = word(this.keyWords - 2)
    const outer = word(this.keyWords - 1)
    if (this.version === 4)
      return joined(mixed(word(0), SEED), ports >>> 16, mixed(word(1), SEED), ports & 0xffff, outer)
    const end = (at: number): number =>
      mixed(mixed(mixed(word(at + 2), mixed(word(at + 3), SEED)), word(at + 1)), word(at))
    return joined(end(0), ports >>> 16, end(4), ports & 0xffff, outer)
  }

  private put(row: number, hash: number): void {
    let at = hash & this.mask
    while (this.slots[at] !== 0) at = (at + 1) & this.mask
    this.slots[at] = (row + 1) | (hash & ~ROW)
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2)
    this.mask = this.slots.length - 1
    for (let row = 0; row < this.rows.count; row++)
      if (((this.replaced[2 * row + 1] ?? 0) & 1) === 0) this.put(row, this.hashOf(row))
  }
}

/** The same for both directions. One 4-tuple may stand in thousands of tunnels, so the tunnel's number is in it too. */
const joined = (
  source: number,
  sourcePort: number,
  target: number,
  targetPort: number,
  outer: number,
): number => {
  const ends = mixed(sourcePort, source) + mixed(targetPort, target)
  const sum = (ends + Math.imul(outer, 0x9e3779b1)) | 0
  const product = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b)
  return product ^ (product >>> 13)
}
