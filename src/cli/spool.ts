/**
 * A capture that can be read twice: what comes through a pipe is put into a file first.
 *
 * In: a capture's name. Out: the name to read, and how to tidy up.
 */
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { whenEnded } from './ending.js'

export interface Spooled {
  readonly file: string
  readonly remove: () => void
}

const AS_IT_IS = { remove: (): void => {} }

export const spool = async (capture: string): Promise<Spooled> => {
  // What is no pipe, or not there at all, reading it will tell.
  if (capture === '-' ? process.stdin.isTTY : !isPipe(capture)) return { file: capture, ...AS_IT_IS }
  const folder = mkdtempSync(join(tmpdir(), 'bothends-'))
  const tidy = (): void => rmSync(folder, { recursive: true, force: true })
  const forget = whenEnded(tidy)
  const remove = (): void => {
    forget()
    tidy()
  }
  try {
    const file = join(folder, 'capture')
    const source = capture === '-' ? process.stdin : createReadStream(capture)
    await pipeline(source, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
    return { file, remove }
  } catch (error) {
    remove()
    throw error
  }
}

const isPipe = (file: string): boolean => {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats !== undefined && (stats.isFIFO() || stats.isCharacterDevice())
}
