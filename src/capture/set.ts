/**
 * Which files are meant, and in which order they were captured: folders, patterns the shell left alone, and the sets
 * that tcpdump (-C, -G, -W) and dumpcap (-b) write.
 *
 * In: names as they were typed. Out: names of files by the time of their first packet, so that they can be read as
 * one capture, and what was passed over. Only the first record of each file is read.
 */
import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { unreadable } from './open.js'
import { readCapture } from './read.js'
import { CaptureError, type CaptureRecord } from './record.js'

export interface CaptureSet {
  /** To be read in this order. */
  readonly files: readonly string[]
  /** Files of a folder that are no captures. */
  readonly passedOver: readonly CaptureError[]
}

/**
 * Files come by the time of their first packet, those of the same time by their names (`trace2` before `trace10`).
 * Standard input and named pipes, which must not be looked into, and captures without packets come last. A file is
 * read once however often it is meant. Throws {@link CaptureError} for a name that is nothing, or no capture.
 */
export async function expand(names: readonly string[]): Promise<CaptureSet> {
  const passedOver: CaptureError[] = []
  const looked: Looked[] = []
  const known = new Set<string>()
  for (const { file, named } of await meant(names)) {
    const identity = file === '-' ? file : (realpath(file) ?? file)
    if (known.has(identity)) continue
    known.add(identity)
    try {
      looked.push({ file, first: await firstTime(file) })
    } catch (error) {
      if (named || !(error instanceof CaptureError)) throw error
      passedOver.push(error)
    }
  }
  if (looked.length === 0) throw new CaptureError(names.join(' '), { what: 'holds-none' }, null)
  const byName = new Intl.Collator('en', { numeric: true })
  looked.sort((a, b) => inTime(a, b) || byName.compare(a.file, b.file))
  return { files: looked.map(({ file }) => file), passedOver }
}

interface Meant {
  readonly file: string
  /** By the user, not found in a folder: it has to be a capture. */
  readonly named: boolean
}

async function meant(names: readonly string[]): Promise<Meant[]> {
  const all: Meant[] = []
  for (const name of names) {
    const there = name === '-' || statsOf(name) !== undefined
    const files = there || !PATTERN.test(name) ? [name] : await matches(name)
    for (const file of files) {
      if (file !== '-' && statsOf(file)?.isDirectory() === true)
        // One by one: a folder may hold more files than a call takes arguments.
        for (const found of inFolder(file)) all.push({ file: found, named: false })
      else all.push({ file, named: true })
    }
  }
  return all
}

/** What makes a name a pattern when no file has that name. */
const PATTERN = /[*?[{]/

async function matches(pattern: string): Promise<string[]> {
  const { glob } = await import('tinyglobby')
  const slashes = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern
  // As in a shell: folders match too, and their captures are meant.
  const found = await glob(slashes, {
    absolute: isAbsolute(pattern),
    onlyFiles: false,
    expandDirectories: false,
    followSymbolicLinks: false,
  })
  if (found.length === 0) throw new CaptureError(pattern, { what: 'no-match' }, null)
  return found
}

/** All files in it and below. Those that begin with a dot are no captures of anybody's, and links lead elsewhere. */
function inFolder(folder: string): string[] {
  let entries: Dirent[]
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    throw unreadable(folder, error)
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.')) return []
    if (entry.isDirectory()) return inFolder(path)
    // A pipe nobody writes to would be waited for forever.
    return statsOf(path)?.isFile() === true ? [path] : []
  })
}

interface First {
  readonly seconds: number
  readonly nanoseconds: number
}

interface Looked {
  readonly file: string
  /** Null when there is none, or it must not be looked at. */
  readonly first: First | null
}

/** Ends the reading at the first record. */
class Enough extends Error {
  constructor(readonly first: First) {
    super()
  }
}

async function firstTime(file: string): Promise<First | null> {
  if (file === '-' || statsOf(file)?.isFIFO() === true) return null
  try {
    await readCapture(file, {
      record: ({ seconds, nanoseconds }: CaptureRecord) => {
        throw new Enough({ seconds, nanoseconds })
      },
    })
    return null
  } catch (error) {
    if (error instanceof Enough) return error.first
    throw error
  }
}

function inTime({ first: a }: Looked, { first: b }: Looked): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds
}

function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })
  } catch {
    // Reading it will say why.
    return undefined
  }
}

function realpath(file: string): string | undefined {
  try {
    return realpathSync(file)
  } catch {
    return undefined
  }
}
