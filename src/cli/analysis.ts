/**
 * An analysis as the command line wants it: with the kernels' settings, what an earlier run left, a bar, and Ctrl-C.
 *
 * In: a command, its options. Out: the report; the state for the next run, written once the analysis is whole.
 */
import type { AnalyzeOptions } from '../analyze.js'
import type { Carried } from '../carry/carried.js'
import type { Choice } from '../chosen.js'
import { drawn, isPipe, largeFiles, needsAll } from '../large.js'
import type { Report } from '../report.js'
import type { Language } from '../text/table.js'
import type { CommandName, RawOptions } from './program.js'
import { watch } from './watch.js'
import type { Wishes } from './wishes.js'

export type Analyze = (captures: readonly string[], wishes: Wishes, language: Language) => Promise<Report>

/** A half of these is better than nothing; half a file is not. */
const PRINTS: ReadonlySet<CommandName> = new Set(['look', 'annotate', 'flows', 'explain', 'netstat'])

/** `filter`: the words behind the names of the captures. */
export const analysisFor =
  (command: CommandName, raw: RawOptions, filter = ''): Analyze =>
  async (captures, wishes, language) => {
    const analyze = await analysisOf(command, raw, wishes, filter, language)
    const state = await stateFor(raw, captures, language)
    const options = { ...(await stackOptions(wishes, language)), ...state.options }
    const watching = watch({
      captures,
      interruptible: PRINTS.has(command),
      readsOn: false,
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

type Analysis = (captures: readonly string[], options: AnalyzeOptions) => Promise<Report>

/** Who asks for a table of connections needs no packets of those that went plainly; who asks for some, only theirs. */
const analysisOf = async (
  command: CommandName,
  raw: RawOptions,
  wishes: Wishes,
  filter: string,
  language: Language,
): Promise<Analysis> => {
  const isTable = TABLES.has(command) && wishes.flow === null && raw.format === undefined
  const narrows = filter !== '' || wishes.where !== ''
  if (!narrows) {
    if (isTable) return table
    return wishes.flow === null ? whole() : someOf(await whole(), null, wishes.flow)
  }
  const { check, narrow, stays } = await import('./narrow.js')
  const { needsPackets } = await import('../select/where.js')
  const narrowing = { filter, where: wishes.where }
  const { problems } = language
  check(narrowing, problems)
  const analyze = await whole()
  const narrowed: Analysis = async (captures, options) =>
    narrow(await analyze(captures, options), narrowing, problems)
  if (needsPackets(wishes.where)) return narrowed
  return someOf(narrowed, (report) => stays(report, narrowing, problems), isTable ? 'one' : wishes.flow)
}

const TABLES: ReadonlySet<CommandName> = new Set(['look', 'flows'])

const table: Analysis = async (captures, options) => {
  const { maxFlowsHere, survey } = await import('../survey.js')
  // As a survey has it.
  const ofPipes: Analysis = async (files, options) => {
    const { chosen } = await import('../chosen.js')
    return chosen(files, { maxFlows: maxFlowsHere(), ...options }, { stays: null, wanted: drawnOf })
  }
  return kept(ofPipes, survey)(captures, options)
}

/** The one that is drawn packet by packet, if there is one. */
const drawnOf: Choice['wanted'] = (flows) => {
  const only = drawn(flows)
  return only === null ? [] : [only]
}

/**
 * Only those of a large capture that `stays` lets through; `wanted` packet by packet: all of them (null), the one with
 * that number, or the one that is drawn. `otherwise`: for what is not large.
 */
const someOf = (otherwise: Analysis, stays: Choice['stays'], wanted: number | 'one' | null): Analysis => {
  const some: Analysis = async (files, options) => {
    const { chosen } = await import('../chosen.js')
    return chosen(files, options, {
      stays,
      wanted: (flows) => {
        if (wanted === null) return flows
        if (wanted === 'one') return drawnOf(flows)
        return flows.filter(({ flow }) => flow === wanted)
      },
    })
  }
  const ofFiles: Analysis = (captures, options) => {
    const files = largeFiles(captures, options)
    return files === null ? otherwise(captures, options) : some(files, options)
  }
  return kept(some, ofFiles)
}

/** `way`, which reads twice, for what comes through pipes, unless more is asked that needs every packet. */
const kept =
  (way: Analysis, otherwise: Analysis): Analysis =>
  async (captures, options) => {
    if (needsAll(options) || !captures.some(isPipe)) return otherwise(captures, options)
    const { keepPipes } = await import('./pipes.js')
    const pipes = keepPipes()
    try {
      return await way(captures, { ...options, open: pipes.open })
    } finally {
      pipes.remove()
    }
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
