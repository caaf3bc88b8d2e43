/** An error that ended the run, told in one line on stderr. In: what was thrown. Out: the exit status. */
import { CommanderError } from 'commander'
import { CaptureError } from '../capture/record.js'
import { fileFault } from '../faults.js'
import { safe } from '../text/safe.js'
import type { Language, ProblemWords } from '../text/table.js'
import { FILTER_STARTS } from './arguments.js'
import { nearest } from './nearest.js'
import { Problem } from './problem.js'
import { COMMANDS } from './program.js'

export const explain = (error: unknown, { faults, problems }: Language): number => {
  if (error instanceof CommanderError) {
    // Help and version come here too, with status 0 and their text already printed.
    if (error.exitCode === 0) return 0
    return say(problems.usage(error.code, error.message.replace(/^error: /, '')))
  }
  if (error instanceof CaptureError)
    return say(fileFault(faults, error.file, error.fault) + hint(error, problems))
  if (error instanceof Problem) return say(error.message)
  if (isSystemError(error))
    return say(problems.system(error.code ?? '', error.message.replace(/^E[A-Z]+: /, '')))
  // Ours: a stack is worth more than a line.
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 2
}

/** A name that is no file may be a command in the wrong place, a slip in one, or in a filter's first word. */
const hint = ({ file, fault }: CaptureError, { commandFirst, didYouMean }: ProblemWords): string => {
  if (fault.what !== 'no-such-file') return ''
  const command = COMMANDS.find((name) => name === file)
  if (command !== undefined) return commandFirst(command)
  const [meant] = nearest(file, [...COMMANDS, ...FILTER_STARTS])
  return meant === undefined ? '' : didYouMean(meant)
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error

const say = (line: string): number => {
  process.stderr.write(`bothends: ${safe(line.replaceAll('\n', ' '))}\n`)
  return 2
}
