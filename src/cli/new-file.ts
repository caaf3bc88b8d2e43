/**
 * A file that is written beside its place and put there whole: nobody ever sees half of it.
 *
 * In: its name, and what must not be overwritten. Out: a file to write to, kept with `keep` or thrown away.
 */
import {
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { safe } from '../text/safe.js'
import type { WrittenWords } from '../text/written.js'
import { whenEnded } from './ending.js'
import { Problem } from './problem.js'
import { reasonOf } from './sysctl.js'

/** Pieces are gathered: a system call a packet would be slow. */
const PIECE = 1 << 18

export interface NewFileOptions {
  /** Whether a regular file in its place may be replaced. */
  readonly force: boolean
  /** Files it must never replace, whatever `force` says. */
  readonly inputs: readonly string[]
  readonly words: WrittenWords['problems']
}

export class NewFile {
  readonly #beside: string
  readonly #descriptor: number
  readonly #piece = new Uint8Array(PIECE)
  #held = 0
  #open = true
  readonly #forget: () => void

  /** Throws a {@link Problem} when its place is taken, or nothing can be written there. */
  constructor(
    private readonly file: string,
    private readonly options: NewFileOptions,
  ) {
    checkPlace(file, options)
    const random = Math.random().toString(36).slice(2, 10)
    this.#beside = join(dirname(file), `.${basename(file).slice(0, 200)}.${process.pid}-${random}`)
    this.#descriptor = told(file, options, () => openSync(this.#beside, 'wx'))
    this.#forget = whenEnded(() => this.discard())
  }

  /** `bytes` may change after the call. */
  readonly write = (bytes: Uint8Array): void => {
    if (this.#held + bytes.length > PIECE) this.#flush()
    if (bytes.length > PIECE) writeAll(this.#descriptor, bytes)
    else {
      this.#piece.set(bytes, this.#held)
      this.#held += bytes.length
    }
  }

  /** Puts it in its place. */
  keep(): void {
    this.#flush()
    this.#close()
    try {
      if (this.options.force) {
        checkPlace(this.file, this.options)
        renameSync(this.#beside, this.file)
      } else {
        this.#putWhereNothingIs()
      }
    } catch (error) {
      unlinkSync(this.#beside)
      throw error
    }
  }

  /** For when something went wrong on the way; harmless after {@link keep}. */
  discard(): void {
    if (!this.#open) return
    this.#close()
    unlinkSync(this.#beside)
  }

  /** A link, unlike a rename, fails when somebody has put a file there since we looked. */
  #putWhereNothingIs(): void {
    try {
      linkSync(this.#beside, this.file)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? ''
      if (code === 'EEXIST') throw new Problem(this.options.words.exists(safe(this.file)))
      // FAT and some network file systems have no links.
      checkPlace(this.file, this.options)
      renameSync(this.#beside, this.file)
      return
    }
    unlinkSync(this.#beside)
  }

  #flush(): void {
    writeAll(this.#descriptor, this.#piece.subarray(0, this.#held))
    this.#held = 0
  }

  #close(): void {
    this.#open = false
    this.#forget()
    closeSync(this.#descriptor)
  }
}

const writeAll = (descriptor: number, bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}

const statsOf = (file: string, follow: boolean): Stats | undefined =>
  follow ? statSync(file, { throwIfNoEntry: false }) : lstatSync(file, { throwIfNoEntry: false })

/** Throws a {@link Problem} when `file` must not be written. */
export const checkPlace = (file: string, options: NewFileOptions): void =>
  told(file, options, () => checked(file, options))

/** What the system says about `file`, and not about the name beside it. */
const told = <T>(file: string, { words }: NewFileOptions, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem(words.cannotWrite(safe(file), reasonOf(error, words)))
  }
}

const checked = (file: string, { force, inputs, words }: NewFileOptions): void => {
  const there = statsOf(file, true)
  if (there !== undefined)
    for (const input of inputs) {
      const stats = input === '-' ? undefined : statsOf(input, true)
      if (stats !== undefined && stats.dev === there.dev && stats.ino === there.ino)
        throw new Problem(words.isInput(safe(file)))
    }
  const own = statsOf(file, false)
  if (own === undefined) return
  // Replacing /dev/null or a folder is nobody's wish; a symbolic link would be replaced, not followed.
  if (!own.isFile()) throw new Problem(words.notRegular(safe(file)))
  if (!force) throw new Problem(words.exists(safe(file)))
}
