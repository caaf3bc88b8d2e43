/**
 * Lines that are printed later: some megabytes in memory, the rest in a file of its own.
 *
 * In: lines. Out: the same, in their order, once.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Characters. */
const IN_MEMORY = 32 << 20
/** Bytes. */
const BLOCK = 1 << 20

export class LineSpool {
  #lines: string[] = []
  #size = 0
  #folder: string | null = null
  #file = -1

  constructor(private readonly inMemory = IN_MEMORY) {}

  add(line: string): void {
    this.#lines.push(line)
    this.#size += line.length
    if (this.#size > this.inMemory) this.#writeOut()
  }

  *lines(): Generator<string> {
    if (this.#file >= 0) yield* linesOf(this.#file)
    yield* this.#lines
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
    const bytes = Buffer.from(`${this.#lines.join('\n')}\n`)
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at)
    this.#lines = []
    this.#size = 0
  }
}

function* linesOf(file: number): Generator<string> {
  const block = Buffer.alloc(BLOCK)
  const decoder = new TextDecoder()
  let rest = ''
  for (let at = 0; ; ) {
    const count = readSync(file, block, 0, BLOCK, at)
    if (count === 0) break
    at += count
    const lines = (rest + decoder.decode(block.subarray(0, count), { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}
