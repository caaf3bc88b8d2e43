/**
 * An analysis as the command line wants it: with the kernels' settings, what an earlier run left, a bar, and Ctrl-C.
 *
 * In: a command, its options. Out: the report; the state for the next run, written once the analysis is whole.
 */
import type { AnalyzeOptions } from '../analyze.js'
import type { Carried } from '../carry/carried.js'
import type { Report } from '../report.js'
import type { Language } from '../text/table.js'
import type { CommandName, RawOptions } from './program.js'
import { watch } from './watch.js'
import type { Wishes } from './wishes.js'

export type Analyze = (captures: readonly string[], wishes: Wishes, language: Language) => Promise<Report>

/** A half of these is better than nothing; half a file is not. */
const PRINTS: ReadonlySet<CommandName> = new Set(['look', 'annotate', 'flows', 'explain', 'netstat'])

export const analysisFor =
  (command: CommandName, raw: RawOptions, filtered = false): Analyze =>
  async (captures, wishes, language) => {
    const analyze = await (filtered ? whole() : analysisOf(command, raw, wishes))
    const state = await stateFor(raw, captures, language)
    const options = { ...(await stackOptions(wishes, language)), ...state.options }
    const watching = watch({
      captures,
      interruptible: PRINTS.has(command),
      ascii: wishes.ascii,
      language: language.code,
    })
    try {
      const { maxFlows } = wishes
      const most = maxFlows === null ? {} : { maxFlows }
      const report = await analyze(captures, { ...options, ...most, ...watching.options })
      state.save()
      return report
    } finally {
      watching.end()
    }
  }

/** Who asks for a table of connections needs no packets of those that went plainly. */
const analysisOf = async (command: CommandName, raw: RawOptions, wishes: Wishes) => {
  const table =
    (command === 'look' || command === 'flows') && wishes.flow === null && raw.format === undefined
  return table && wishes.where === '' ? (await import('../survey.js')).survey : whole()
}

const whole = async () => (await import('../analyze.js')).analyze

export const stackOptions = async (
  { stack, sysctl }: Wishes,
  language: Language,
): Promise<Pick<AnalyzeOptions, 'stack' | 'sysctl'>> =>
  sysctl.length === 0
    ? { stack }
    : { stack, sysctl: await (await import('./sysctl.js')).readSysctl(sysctl, language) }

interface State {
  readonly options: Pick<AnalyzeOptions, 'carried' | 'leave'>
  readonly save: () => void
}

const stateFor = async (
  { loadState: from, saveState: to }: RawOptions,
  captures: readonly string[],
  language: Language,
): Promise<State> => {
  if (from === undefined && to === undefined) return { options: {}, save: () => {} }
  const { loadState, placeForState, saveState } = await import('./state.js')
  const words = await (await import('../text/running.js')).loadRunning(language.code)
  const loaded = from === undefined ? {} : { carried: await loadState(from, words, language) }
  if (to === undefined) return { options: loaded, save: () => {} }
  const place = await placeForState(to, captures, words, language)
  let left: Carried | undefined
  const leave = (carried: Carried): void => {
    left = carried
  }
  return {
    options: { ...loaded, leave },
    save: () => {
      if (left === undefined) process.stderr.write(`bothends: ${words.state.notSaved(to)}\n`)
      else saveState(to, left, place)
    },
  }
}
