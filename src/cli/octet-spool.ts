/**
 * What is printed later: some megabytes in memory, the rest in a file of its own.
 *
 * In: octets. Out: the same, in their order, once.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Octets. */
const IN_MEMORY = 32 << 20
const BLOCK = 1 << 20

export class OctetSpool {
  #pieces: Uint8Array[] = []
  #size = 0
  #folder: string | null = null
  #file = -1

  constructor(private readonly inMemory = IN_MEMORY) {}

  /** Copies them. */
  add(octets: Uint8Array): void {
    this.#pieces.push(octets.slice())
    this.#size += octets.length
    if (this.#size > this.inMemory) this.#writeOut()
  }

  /** A piece is valid until the next one is asked for. */
  *pieces(): Generator<Uint8Array> {
    if (this.#file >= 0) {
      const block = new Uint8Array(BLOCK)
      for (let at = 0; ; ) {
        const count = readSync(this.#file, block, 0, BLOCK, at)
        if (count === 0) break
        at += count
        yield block.subarray(0, count)
      }
    }
    yield* this.#pieces
  }

  /** Whatever happened before. */
  remove(): void {
    if (this.#file >= 0) closeSync(this.#file)
    this.#file = -1
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true })
    this.#folder = null
  }

  #writeOut(): void {
    if (this.#file < 0) {
      this.#folder = mkdtempSync(join(tmpdir(), 'bothends-'))
      this.#file = openSync(join(this.#folder, 'lines'), 'wx+', 0o600)
    }
    for (const piece of this.#pieces)
      for (let at = 0; at < piece.length; ) at += writeSync(this.#file, piece, at)
    this.#pieces = []
    this.#size = 0
  }
}
