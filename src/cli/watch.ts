/**
 * What a user sees of a long analysis and can do about it: a bar after a second, and Ctrl-C, which prints what is there.
 *
 * In: the captures. Out: options for `analyze()`. A second Ctrl-C ends the process at once, as without us.
 */
import { statSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { AnalyzeOptions } from '../analyze.js'
import type { LanguageCode } from '../text/table.js'
import { prepareReplays } from './compiling.js'
import type { Bar, Task } from './progress.js'

/** Seconds. */
const PATIENCE = 1

export interface Watch {
  readonly options: Pick<AnalyzeOptions, 'signal' | 'progress' | 'replaying'>
  /** Before anything is printed. */
  readonly end: () => void
}

export interface WatchOptions {
  readonly captures: readonly string[]
  /** Whether half of the result is worth printing. */
  readonly interruptible: boolean
  /** Whether the captures are read once more when all replays are over. */
  readonly readsOn: boolean
  readonly ascii: boolean
  readonly language: LanguageCode
}

export const watch = ({ captures, interruptible, readsOn, ascii, language }: WatchOptions): Watch => {
  const abort = new AbortController()
  const interrupt = (): void => abort.abort()
  if (interruptible) process.once('SIGINT', interrupt)
  const began = seconds()
  let bar: Bar | 'coming' | 'over' | null = null
  let read = 0
  let total = 0
  const show = (task: Task, done: number, of: number): void => {
    if (bar === null && seconds() - began > PATIENCE) {
      // Asked only now: the answer takes two of Node's modules, and most runs are over by then.
      bar = isatty(2) ? 'coming' : 'over'
      if (bar === 'over') return
      total = sizeOf(captures)
      void barFor(ascii, language).then((made) => {
        if (bar === 'coming') bar = made
      })
    } else if (typeof bar === 'object') bar?.show(task, done, of)
  }
  const shown: Pick<AnalyzeOptions, 'progress' | 'replaying'> = {
    progress: (bytes) => {
      read += bytes
      show('reading', read, total)
    },
    replaying: (done, of) => {
      if (done === 0 && !readsOn) prepareReplays(of)
      show('replaying', done, of)
    },
  }
  return {
    options: { ...(interruptible ? { signal: abort.signal } : {}), ...shown },
    end: () => {
      process.off('SIGINT', interrupt)
      if (typeof bar === 'object') bar?.end()
      bar = 'over'
    },
  }
}

/** Of this process. `performance` would load a module of Node's for it. */
const seconds = (): number => process.uptime()

const barFor = async (ascii: boolean, language: LanguageCode): Promise<Bar> => {
  const { Bar } = await import('./progress.js')
  const { loadRunning } = await import('../text/running.js')
  return new Bar({ stream: process.stderr, words: await loadRunning(language), ascii, now: seconds })
}

/** Bytes; 0 when some come through a pipe. */
const sizeOf = (captures: readonly string[]): number => {
  const sizes = captures.map((file) => {
    const stats = file === '-' ? undefined : statSync(file, { throwIfNoEntry: false })
    return stats?.isFile() === true ? stats.size : Number.NaN
  })
  const sum = sizes.reduce((total, size) => total + size, 0)
  return Number.isNaN(sum) ? 0 : sum
}
