/** An error that ended the run, told in one line on stderr. In: what was thrown. Out: the exit status. */
import { CommanderError } from 'commander'
import { CaptureError } from '../capture/record.js'
import { fileFault } from '../faults.js'
import { safe } from '../text/safe.js'
import type { Language } from '../text/table.js'
import { Problem } from './problem.js'

export const explain = (error: unknown, { faults, problems }: Language): number => {
  if (error instanceof CommanderError) {
    // Help and version come here too, with status 0 and their text already printed.
    if (error.exitCode === 0) return 0
    return say(problems.usage(error.code, error.message.replace(/^error: /, '')))
  }
  if (error instanceof CaptureError) return say(fileFault(faults, error.file, error.fault))
  if (error instanceof Problem) return say(error.message)
  if (isSystemError(error))
    return say(problems.system(error.code ?? '', error.message.replace(/^E[A-Z]+: /, '')))
  // Ours: a stack is worth more than a line.
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 2
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error

const say = (line: string): number => {
  process.stderr.write(`bothends: ${safe(line.replaceAll('\n', ' '))}\n`)
  return 2
}
