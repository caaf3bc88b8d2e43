/**
 * Octets that are wanted once more: some megabytes in memory, the rest in a file that has no name any more.
 *
 * In: octets. Out: the same, in their order, as often as they are asked for. Where the folder for temporary files can't be
 * written, or is full, more of them stay in memory; when that is full too, {@link NoRoom} says so, and what is kept stays.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import type { ByteSource } from '../capture/source.js'
import { type Fault, faultLine } from '../faults.js'
import { ENGLISH_FAULTS } from '../faults-english.js'

/** Octets. */
const IN_MEMORY = 32 << 20
const BLOCK = 1 << 16
/** Of what is free on the disk: others need some of it too. */
const DISK_SHARE = 0.9
/** Of the machine's memory, where there is no disk. */
const MEMORY_SHARE = 0.25

export class NoRoom extends Error {
  override readonly name = 'NoRoom'
  readonly fault: Fault
  constructor(octets: number) {
    const fault: Fault = { what: 'no-room', folder: tmpdir(), octets }
    super(faultLine(ENGLISH_FAULTS, fault))
    this.fault = fault
  }
}

/** Octets, for those who know better than the system. */
export interface Room {
  readonly disk?: number
  readonly memory?: number
}

export class OctetSpool {
  /** What is in memory: blocks that are full but for the last, the first of which begins at `#base`. */
  #blocks: Uint8Array[] = []
  #base = 0
  #end = 0
  /** The file holds all that is before this. */
  #written = 0
  #file = -1
  #folder: string | null = null
  #disk: number | null
  #isOver = false

  constructor(
    private readonly inMemory = IN_MEMORY,
    private readonly room: Room = {},
  ) {
    this.#disk = room.disk ?? null
  }

  /** How many there are. */
  get length(): number {
    return this.#end
  }

  /** Copies them; all, or none when there is no room. */
  add(octets: Uint8Array): void {
    // A pipe's last read may come back when all is over.
    if (this.#isOver) return
    const held = this.#end - this.#base
    if (held > this.inMemory && held + octets.length > this.#mostInMemory()) throw new NoRoom(this.#end)
    for (let at = 0; at < octets.length; ) {
      const into = (this.#end - this.#base) % BLOCK
      if (into === 0) this.#blocks.push(new Uint8Array(BLOCK))
      const count = Math.min(BLOCK - into, octets.length - at)
      this.#blocks[this.#blocks.length - 1]?.set(octets.subarray(at, at + count), into)
      at += count
      this.#end += count
    }
    if (this.#end - this.#base > this.inMemory) this.#writeOut()
  }

  /** From the beginning to where the end is when it gets there. */
  source(): ByteSource {
    let position = 0
    return {
      read: (into, at, length) => {
        const count = this.#read(position, into, at, length)
        position += count
        return count
      },
      close: () => {},
    }
  }

  /** A piece is valid until the next one is asked for. */
  *pieces(): Generator<Uint8Array> {
    const piece = new Uint8Array(16 * BLOCK)
    for (let position = 0; ; ) {
      const count = this.#read(position, piece, 0, piece.length)
      if (count === 0) return
      position += count
      yield piece.subarray(0, count)
    }
  }

  /** Whatever happened before. */
  remove(): void {
    this.#isOver = true
    this.#blocks = []
    this.#base = this.#end = this.#written = 0
    if (this.#file >= 0) closeSync(this.#file)
    this.#file = -1
    this.#unlink()
  }

  #read(position: number, into: Uint8Array, at: number, length: number): number {
    if (position >= this.#end) return 0
    if (position < this.#written)
      return readSync(this.#file, into, at, Math.min(length, this.#written - position), position)
    const from = position - this.#base
    const block = this.#blocks[Math.floor(from / BLOCK)]
    const count = Math.min(length, BLOCK - (from % BLOCK), this.#end - position)
    if (block !== undefined) into.set(block.subarray(from % BLOCK, (from % BLOCK) + count), at)
    return count
  }

  /** A container may have less than its machine. */
  #mostInMemory(): number {
    const all = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
    return this.room.memory ?? all * MEMORY_SHARE
  }

  #writeOut(): void {
    try {
      if (this.#file < 0) this.#open()
      if (this.#end > (this.#disk ?? 0)) return
      for (const [n, block] of this.#blocks.entries()) {
        const from = this.#base + n * BLOCK
        while (this.#written < Math.min(from + BLOCK, this.#end))
          this.#written += writeSync(
            this.#file,
            block,
            this.#written - from,
            Math.min(BLOCK, this.#end - from) - (this.#written - from),
            this.#written,
          )
      }
      this.#blocks = []
      this.#base = this.#end
    } catch {
      // Full, or not to be written at all: what is behind `#written` stays in memory, and so does all that comes.
      this.#disk = 0
      this.#unlink()
    }
  }

  #open(): void {
    if (this.#disk === 0) return
    this.#folder = mkdtempSync(join(tmpdir(), 'bothends-'))
    this.#file = openSync(join(this.#folder, 'octets'), 'wx+', 0o600)
    if (this.#disk === null) {
      const { bavail, bsize } = statfsSync(this.#folder)
      this.#disk = DISK_SHARE * bavail * bsize
    }
    // Without a name it goes with the process, however that ends. Where open files keep their names it goes at the end.
    if (!this.#unlink()) process.once('exit', () => this.remove())
  }

  #unlink(): boolean {
    try {
      if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true })
      this.#folder = null
      return true
    } catch {
      return false
    }
  }
}
