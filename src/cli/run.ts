/**
 * One run of a command: analyse, then the view that was asked for. What a run does not need is never loaded.
 *
 * In: a command's name, captures, options. Out: output on stdout, remarks on stderr, the exit status.
 */
import type { Flow, Report } from '../report.js'
import { safe } from '../text/safe.js'
import { speller } from '../text/states.js'
import type { Language } from '../text/table.js'
import { writeLines, writePieces } from './output.js'
import { Problem } from './problem.js'
import type { CommandName, RawOptions } from './program.js'
import { matching, type Wishes, wishesOf } from './wishes.js'

export const run = async (
  command: CommandName,
  captures: readonly string[],
  raw: RawOptions,
  language: Language,
): Promise<number> => {
  const wishes = wishesOf(raw, language.problems)
  if (captures.length === 0) throw new Problem(language.problems.noCapture)
  if (command === 'write') {
    const { write } = await import('./write.js')
    return remarks(await write(captures, raw, wishes, language, analyzeAll), wishes, language)
  }
  if (command === 'report') {
    const { writeReport } = await import('./report.js')
    return remarks(await writeReport(captures, raw, wishes, language, analyzeAll), wishes, language)
  }
  if (command === 'serve') {
    const { serveReport } = await import('./serve.js')
    await serveReport(captures, raw, wishes, language, analyzeAll)
    return 0
  }
  if (command === 'export') {
    const { exportTables } = await import('./export.js')
    return remarks(await exportTables(captures, raw, wishes, language, analyzeAll), wishes, language)
  }
  const report = await analyzeAll(captures, wishes, language)
  if (wishes.flow !== null && report.flows[wishes.flow] === undefined)
    throw new Problem(language.list.noSuchFlow(wishes.flow, report.flows.length))
  if (raw.format !== undefined) {
    const { formattedPieces } = await import('./format.js')
    const chosen = flowsToDraw(command, wishes, report)
    const pieces = await formattedPieces(raw.format, command, chosen, wishes, report, language)
    await writePieces(process.stdout, pieces)
    return remarks(report, wishes, language)
  }
  await writeLines(process.stdout, await linesOf(command, captures, raw, wishes, report, language))
  return remarks(report, wishes, language)
}

export type Analyze = typeof analyzeAll
const analyzeAll = async (
  captures: readonly string[],
  wishes: Wishes,
  language: Language,
): Promise<Report> => {
  const { analyze } = await import('../analyze.js')
  const sysctl =
    wishes.sysctl.length === 0
      ? undefined
      : await (await import('./sysctl.js')).readSysctl(wishes.sysctl, language.problems)
  return analyze([...captures], { stack: wishes.stack, ...(sysctl === undefined ? {} : { sysctl }) })
}

const linesOf = async (
  command: CommandName,
  captures: readonly string[],
  raw: RawOptions,
  wishes: Wishes,
  report: Report,
  language: Language,
): Promise<Iterable<string>> => {
  if (command === 'netstat') return (await import('./netstat.js')).netstatLines(report, raw, wishes, language)
  if (wishes.json) {
    const json = await import('../views/json.js')
    return command === 'flows'
      ? json.flowLines(report, language)
      : json.annotateLines(report, language, wishes.flow)
  }
  const { lookFor } = await import('../views/terminal/look.js')
  const { flowPage, listPage } = await import('../views/terminal/index.js')
  const view = {
    language,
    spell: speller(wishes.names),
    look: lookFor(wishes, process.env, process.stdout),
    absolute: wishes.absolute,
    clock: wishes.clock,
    all: wishes.all,
    why: wishes.why,
  }
  const chosen = flowsToDraw(command, wishes, report)
  if (chosen === null) return listPage(report, view, captures.map(safe).join(' '))
  return chosen.flatMap((flow, index) => [...(index === 0 ? [] : ['']), ...flowPage(report, flow, view)])
}

/** Null: the table. */
const flowsToDraw = (command: CommandName, { flow }: Wishes, { flows }: Report): readonly Flow[] | null => {
  if (flow !== null) return flows.filter((each) => each.flow === flow)
  if (command === 'annotate') return flows
  return command === 'look' && flows.length === 1 ? flows : null
}

/** The last words, on stderr: captures that end early. Exit status as in the contract. */
const remarks = async (report: Report, wishes: Wishes, language: Language): Promise<number> => {
  const { damageLines, footerLines } = await import('../views/terminal/footer.js')
  const say = (line: string): void => void process.stderr.write(`bothends: ${line}\n`)
  // For people these stand below the drawing already.
  if (wishes.json) for (const line of footerLines(report, language)) say(line)
  const damage = damageLines(report, language)
  for (const line of damage) say(line)
  if (damage.length > 0) return 2
  if (wishes.failOn === null) return 0
  const found = matching(report.findings, wishes.failOn)
  if (found === 0) return 0
  say(language.problems.failOn(found, language.severity[wishes.failOn]))
  return 1
}
