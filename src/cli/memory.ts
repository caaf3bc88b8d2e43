/**
 * Large captures in a process with more memory: V8 takes 4 GiB at most unless it is told otherwise at its start.
 *
 * In: captures, whether all of their packets will be held. Out: the status of the same command, run with the memory that
 * the machine has; or null, when it need not be. When that is not enough either one line says so, below V8's own.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { constants, totalmem } from 'node:os'
import { isatty } from 'node:tty'
import { getHeapStatistics } from 'node:v8'
import { loadRunning } from '../text/running.js'
import type { LanguageCode } from '../text/table.js'

/** From so many bytes on the packets of all connections may take more than V8's own limit: some 3 kB each. */
const HELD = 64 << 20
/** The same where only the packets of odd connections are held; compressed captures hold some eight times their size. */
const SURVEYED = 1 << 30
const COMPRESSED = 8
/** What else there is on the machine gets the rest. */
const SHARE = 0.75

/** Set for the process that was started with more: it starts no other. */
const MARK = 'BOTHENDS_HEAP'

export const withMoreMemory = async (
  captures: readonly string[],
  holdsAll: boolean,
  language: LanguageCode,
): Promise<number | null> => {
  const size = captures.reduce((sum, file) => sum + sizeOf(file), 0)
  if (size < (holdsAll ? HELD : SURVEYED) || process.env[MARK] !== undefined) return null
  const wanted = Math.floor((SHARE * memory()) / (1 << 20))
  if (getHeapStatistics().heap_size_limit >= 0.9 * wanted * (1 << 20)) return null
  const { code, signal } = await again(wanted)
  if (signal === null) return code
  if (!OUT_OF_MEMORY.has(signal)) return 128 + constants.signals[signal]
  const words = await loadRunning(language)
  process.stderr.write(`bothends: ${words.outOfMemory(wanted)}\n`)
  return 2
}

/** V8 gives up; the system takes the process away. */
const OUT_OF_MEMORY: ReadonlySet<NodeJS.Signals> = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGKILL'])

/** A container may have less than its machine. */
const memory = (): number => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)

interface Ended {
  readonly code: number
  /** What ended it, when it was no end of its own. */
  readonly signal: NodeJS.Signals | null
}

const again = (mebibytes: number): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const [, script = '', ...rest] = process.argv
    let child: ChildProcess | undefined
    // Before it is there: a signal in between must not leave it behind. A terminal's Ctrl-C reaches both, and the other
    // one prints what is there; what is sent to us alone is passed on.
    const shared = [0, 1, 2].some((descriptor) => isatty(descriptor))
    process.on('SIGINT', () => shared || child?.kill('SIGINT'))
    process.on('SIGTERM', () => child?.kill('SIGTERM'))
    child = spawn(
      process.execPath,
      [`--max-old-space-size=${mebibytes}`, ...process.execArgv, script, ...rest],
      { stdio: 'inherit', env: { ...process.env, [MARK]: String(mebibytes) } },
    )
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code: code ?? 2, signal }))
  })

const sizeOf = (file: string): number => {
  const stats = file === '-' ? undefined : statSync(file, { throwIfNoEntry: false })
  if (stats?.isFile() !== true) return 0
  return /\.(gz|zst|lz4)$/i.test(file) ? COMPRESSED * stats.size : stats.size
}
