/**
 * Large captures in a process with more memory: V8 takes 4 GiB at most unless it is told otherwise at its start.
 *
 * In: that it may need them (`held.ts`). Out: the status of the same command, run with the memory that the machine has;
 * or null, when this process has it. When that is not enough either one line says so, below V8's own.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { constants, totalmem } from 'node:os'
import { isatty } from 'node:tty'
import { getHeapStatistics } from 'node:v8'
import { loadRunning } from '../text/running.js'
import type { LanguageCode } from '../text/table.js'

/** What else there is on the machine gets the rest. */
const SHARE = 0.75

/** Set for the process that was started with more: it starts no other. */
const MARK = 'BOTHENDS_HEAP'

export const withMoreMemory = async (language: LanguageCode): Promise<number | null> => {
  if (process.env[MARK] !== undefined) return null
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
