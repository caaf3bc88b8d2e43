/**
 * One run of a command: analyse, then the view that was asked for. What a run does not need is never loaded.
 *
 * In: a command's name, captures, options. Out: output on stdout, remarks on stderr, the exit status.
 */
import { existsSync, statSync } from 'node:fs'
import { drawn } from '../large.js'
import { listedIn } from '../listed.js'
import type { Flow, Report } from '../report.js'
import { speller } from '../text/states.js'
import type { Language } from '../text/table.js'
import type { View } from '../views/terminal/view.js'
import { analysisFor } from './analysis.js'
import { splitArguments, typedAgain } from './arguments.js'
import { mayHoldTooMuch } from './held.js'
import { expectFlow, onlyFlow } from './one-flow.js'
import { printLines, screen, standardOutput, writeNow, writePieces } from './output.js'
import { Problem } from './problem.js'
import type { CommandName, RawOptions } from './program.js'
import { refused } from './taken.js'
import { matching, type Wishes, wishesOf } from './wishes.js'

export const run = async (
  command: CommandName,
  all: readonly string[],
  raw: RawOptions,
  plainLanguage: Language,
): Promise<number> => {
  let language = plainLanguage
  const wishes = wishesOf(raw, language.problems)
  const option = refused(command, raw)
  if (option !== null) {
    const { loadWritten } = await import('../text/written.js')
    throw new Problem((await loadWritten(language.code)).problems.notHere(...option))
  }
  if (command === 'finding' || command === 'state') {
    const { lookUp } = await import('./look-up.js')
    await printLines(await lookUp(command, all, wishes, language))
    return 0
  }
  const { captures: named, filter } = splitArguments(all, existsSync)
  if (named.length === 0) throw new Problem(language.problems.noCapture)
  if (raw.format !== undefined && command !== 'export')
    (await import('./format.js')).formatOf(raw.format, language)
  if (raw.follow === true || named[0] === '-') {
    const { follow, wantsFollowing } = await import('./follow.js')
    const narrows = filter !== '' || wishes.where !== ''
    if (wantsFollowing(command, named, raw, narrows)) {
      const report = await follow(named, raw, wishes, await viewOf(wishes, language), filter)
      return remarks(report, wishes, language)
    }
  }
  const captures = isOneFile(named) ? named : await filesOf(named, language)
  if (captures.length > 1)
    language = (await import('../text/capture-names.js')).inCaptures(language, captures)
  const holds = async (): Promise<boolean> =>
    // Captures of one time, or whose clocks disagree.
    captures.length > 1 || holdsAll(command, raw, wishes, filter)
  if (await mayHoldTooMuch(captures, holds)) {
    const { withMoreMemory } = await import('./memory.js')
    const status = await withMoreMemory(language.code)
    if (status !== null) return status
  }
  const narrowed = analysisFor(command, raw, filter)
  const typed = typedAgain({ ...raw, captures: named, filter })
  if (command === 'write') {
    const { write } = await import('./write.js')
    return remarks(await write(named, raw, wishes, language, narrowed, filter !== ''), wishes, language)
  }
  if (command === 'report') {
    const { writeReport } = await import('./report.js')
    return remarks(await writeReport(captures, raw, wishes, language, narrowed, typed), wishes, language)
  }
  if (command === 'serve') {
    const { serveReport } = await import('./serve.js')
    await serveReport(captures, raw, wishes, language, narrowed, typed)
    return 0
  }
  if (command === 'export') {
    const { exportTables } = await import('./export.js')
    return remarks(await exportTables(captures, raw, wishes, language, narrowed), wishes, language)
  }
  if (command === 'annotate' && wishes.json && filter === '') {
    const { annotateLarge } = await import('./annotate.js')
    const report = await annotateLarge(captures, raw, wishes, language)
    if (report !== null) return remarks(report, wishes, language)
  }
  const report = await narrowed(captures, wishes, language)
  // Those of the runs before are known only now.
  if (raw.loadState !== undefined) {
    const files = report.captures.map(({ file }) => file)
    language = (await import('../text/capture-names.js')).inCaptures(plainLanguage, files)
  }
  expectFlow(report, wishes.flow, language)
  if (raw.format !== undefined) {
    const { formattedPieces } = await import('./format.js')
    const chosen = flowsToDraw(command, wishes, report)
    const pieces = await formattedPieces(raw.format, chosen, wishes, report, language)
    await writePieces(standardOutput(), pieces)
    return remarks(report, wishes, language)
  }
  if (command === 'flows' && wishes.json) {
    const { flowPieces } = await import('../views/json.js')
    for (const piece of flowPieces(report, language, wishes.flow)) writeNow(piece)
    return remarks(report, wishes, language)
  }
  await printLines(await linesOf(command, typed, raw, wishes, report, language))
  return remarks(report, wishes, language)
}

/** Of others a survey holds only odd connections whole: a table, one connection, or `annotate --json`. */
const holdsAll = async (
  command: CommandName,
  raw: RawOptions,
  wishes: Wishes,
  filter: string,
): Promise<boolean> => {
  const { where } = wishes
  if (wishes.sysctl.length > 0 || raw.loadState !== undefined || raw.saveState !== undefined) return true
  if (where !== '' && (await import('../select/where.js')).needsPackets(where)) return true
  if (wishes.flow !== null) return false
  if (command === 'annotate') return !wishes.json || filter !== '' || where !== ''
  return (command !== 'look' && command !== 'flows') || raw.format !== undefined
}

/** What usually is the case, and costs nothing. */
const isOneFile = ([name = '', ...more]: readonly string[]): boolean =>
  more.length === 0 && (name === '-' || (existsSync(name) && !statSync(name).isDirectory()))

/** Folders, patterns and several files: in order of time. */
const filesOf = async (names: readonly string[], language: Language): Promise<readonly string[]> => {
  const { files, passedOver } = await (await import('../capture/set.js')).expand(names)
  if (passedOver.length > 0) {
    const words = await (await import('../text/running.js')).loadRunning(language.code)
    const { passedOverLines } = await import('./passed-over.js')
    for (const line of passedOverLines(passedOver, words, language))
      process.stderr.write(`bothends: ${line}\n`)
  }
  return files
}

const linesOf = async (
  command: CommandName,
  captures: string,
  raw: RawOptions,
  wishes: Wishes,
  report: Report,
  language: Language,
): Promise<Iterable<string>> => {
  if (command === 'explain') return explained(wishes, report, language)
  if (command === 'netstat') {
    const { netstatLines } = await import('./netstat.js')
    return netstatLines(onlyFlow(report, wishes.flow, language), raw, wishes, language)
  }
  if (wishes.json) {
    const json = await import('../views/json.js')
    return json.annotateLines(report, language, wishes.flow)
  }
  const { flowPage, listPage } = await import('../views/terminal/index.js')
  const view = await viewOf(wishes, language)
  const chosen = flowsToDraw(command, wishes, report)
  if (chosen === null) return listPage(report, view, captures)
  return chosen.flatMap((flow, index) => [...(index === 0 ? [] : ['']), ...flowPage(report, flow, view)])
}

const viewOf = async (wishes: Wishes, language: Language): Promise<View> => ({
  language,
  spell: speller(wishes.names),
  look: (await import('../views/terminal/look.js')).lookFor(wishes, process.env, screen()),
  absolute: wishes.absolute,
  clock: wishes.clock,
  all: wishes.all,
  why: wishes.why,
})

/** Of one connection or of several. */
const explained = async (wishes: Wishes, report: Report, language: Language): Promise<Iterable<string>> => {
  const { explainJson, explainPages } = await import('../views/explain/index.js')
  const { loadStory } = await import('../text/story.js')
  const words = await loadStory(language.code)
  const view = await viewOf(wishes, language)
  const flows = report.flows.filter(({ flow }) => wishes.flow === null || flow === wishes.flow)
  if (wishes.json) return explainJson(report, flows, view, words)
  return explainPages(report, flows, view, words)
}

/** Null: the table. */
const flowsToDraw = (command: CommandName, { flow }: Wishes, report: Report): readonly Flow[] | null => {
  if (flow !== null) return report.flows.filter((each) => each.flow === flow)
  if (command === 'annotate') return report.flows
  const only = drawn(listedIn(report) ?? report.flows)
  // It may only have been surveyed.
  return command === 'look' && only !== null && only.rows.length === only.packets ? report.flows : null
}

/** As a shell has it for SIGINT. */
export const INTERRUPTED = 130

/** The last words, on stderr: captures that end early. Exit status as in the contract. */
const remarks = async (report: Report, wishes: Wishes, language: Language): Promise<number> => {
  const { damageLines, footerLines } = await import('../views/terminal/footer.js')
  const say = (line: string): void => void process.stderr.write(`bothends: ${line}\n`)
  // For people these stand below the drawing already.
  if (wishes.json) for (const line of footerLines(report, language)) say(line)
  const damage = damageLines(report, language)
  for (const line of damage) say(line)
  if (report.interrupted === true) {
    const words = await (await import('../text/running.js')).loadRunning(language.code)
    const packets = report.captures.reduce((sum, capture) => sum + capture.packets, 0)
    say(words.interrupted(packets, report.flows.length))
    return INTERRUPTED
  }
  if (damage.length > 0) return 2
  if (wishes.failOn === null) return 0
  const { findings } = onlyFlow(report, wishes.flow, language)
  const found = matching(findings, wishes.failOn)
  if (found === 0) return 0
  say(language.problems.failOn(found, language.severity[wishes.failOn]))
  return 1
}
