/**
 * Rows as packets come: `bothends -` behind a pipe, and `--follow FILE` for a file that grows.
 *
 * In: one capture, options. Out: lines while it is read; at its end, or at Ctrl-C, how the connections stand. The
 * report, for the last words.
 */
import { fstatSync } from 'node:fs'
import type { AnalyzeOptions } from '../analyze.js'
import { growing } from '../capture/growing.js'
import { Following, type News } from '../following.js'
import type { PacketRow, Report } from '../report.js'
import { loadRunning } from '../text/running.js'
import { safe } from '../text/safe.js'
import type { Language } from '../text/table.js'
import { loadWritten } from '../text/written.js'
import { VERSION } from '../version.js'
import { endLines, liveHeaderLine, liveLine } from '../views/json.js'
import { closingPage, listPage } from '../views/terminal/index.js'
import { LiveLadder, reads } from '../views/terminal/live.js'
import type { View } from '../views/terminal/view.js'
import { stackOptions } from './analysis.js'
import { typedAgain } from './arguments.js'
import { standardOutput, writeLines } from './output.js'
import { Problem } from './problem.js'
import type { CommandName, RawOptions } from './program.js'
import type { Wishes } from './wishes.js'

/** Whether rows are wanted as they come: asked for, or a pipe to look at that nothing else was asked of. */
export const wantsFollowing = (
  command: CommandName,
  captures: readonly string[],
  raw: RawOptions,
  narrowed: boolean,
): boolean => {
  if (raw.follow === true) return true
  const others = [raw.format, raw.loadState, raw.saveState, raw.failOn]
  if (command !== 'look' || narrowed || others.some((option) => option !== undefined)) return false
  return captures.length === 1 && captures[0] === '-' && isPipe()
}

const isPipe = (): boolean => {
  try {
    const stats = fstatSync(0)
    return stats.isFIFO() || stats.isSocket()
  } catch {
    return false
  }
}

export const follow = async (
  captures: readonly string[],
  raw: RawOptions,
  wishes: Wishes,
  view: View,
  filter: string,
): Promise<Report> => {
  const { language } = view
  const words = await loadRunning(language.code)
  const [file, ...more] = captures
  if (file === undefined || more.length > 0) throw new Problem(words.oneToFollow)
  await refuse(raw, wishes, filter, language)
  const abort = new AbortController()
  process.once('SIGINT', () => abort.abort())
  const { signal } = abort
  const options: AnalyzeOptions = { ...(await stackOptions(wishes, language)), signal }
  const following = new Following(options, wishes.json ? readsExactly : reads)
  const ladder = new LiveLadder(view, words)
  let begun = !wishes.json
  const linesOf = (news: News): string[] => {
    const { flow } = news
    if (wishes.flow !== null && flow.flow !== wishes.flow) return []
    // What a timer did stands in the spans of the flow's line.
    if ('ranOut' in news) return wishes.json ? [] : ladder.timer(flow, news.ranOut, following.reading.seen)
    const { row, revised } = news
    if (wishes.json) return [liveLine(row, flow.flow, language, revised)]
    return ladder.lines(flow, row, revised)
  }
  const print = async (news: readonly News[], over = false): Promise<void> => {
    const lines = news.flatMap(linesOf)
    if (!begun && (over || news.length > 0)) {
      begun = true
      const { epoch } = following.reading.seen
      lines.unshift(liveHeaderLine({ version: VERSION, stack: wishes.stack, epoch }, [file]))
    }
    await writeLines(standardOutput(), lines)
  }
  const pace = new Pace()
  const waiting = async (idle: boolean): Promise<void> => {
    if (!pace.isDue() && !idle) return
    await print(following.news(idle))
    pace.done()
  }
  for (;;) {
    const source = file === '-' ? null : growing(file, signal)
    const open = source === null ? {} : { open: () => ({ source, pipe: true }) }
    await following.reading.capture(file, { ...options, waiting, ...open })
    if (signal.aborted || source === null || source.ended === null) break
    say(words.follow[source.ended](safe(file)))
  }
  const { news, report } = following.end()
  await print(news, true)
  if (following.letGo > 0) say(words.letGo(following.letGo))
  await writeLines(
    standardOutput(),
    wishes.json
      ? endLines(report, language, wishes.flow)
      : closing(report, wishes, view, typedAgain({ ...raw, captures, filter: '' }), ladder.legend()),
  )
  return report
}

/**
 * Packets that come faster than their connections can be replayed: what is printed then comes in larger pieces, and less
 * often, since a connection of which more packets have come is replayed but once for them.
 */
class Pace {
  #due = 0
  #since = 0

  isDue(): boolean {
    this.#since = performance.now()
    return this.#since >= this.#due
  }

  done(): void {
    const now = performance.now()
    this.#due = now + Math.max(AT_ONCE, SHARE * (now - this.#since))
  }
}

/** Nobody sees that a row comes later by so much, in milliseconds. */
const AT_ONCE = 50
/** Reading goes on for so many times as long as replaying took. */
const SHARE = 3

const say = (line: string): void => void process.stderr.write(`bothends: ${line}\n`)

/** For programs everything counts but the words. */
const readsExactly = ({ client, server, received, receivedBy, crossing }: PacketRow): string =>
  JSON.stringify([
    ...[client, server].map(({ was, state, hindsight }) => [was, state, hindsight]),
    received,
    receivedBy,
    crossing,
  ])

/** How the connections stand: the one, or the table of all. */
const closing = (
  report: Report,
  wishes: Wishes,
  view: View,
  typed: string,
  legend: readonly string[],
): string[] => {
  const above = legend.length === 0 ? [''] : ['', ...legend, '']
  const flows = report.flows.filter(({ flow }) => wishes.flow === null || flow === wishes.flow)
  const [flow] = flows
  if (flow === undefined || flows.length > 1) return [...above, ...listPage(report, view, typed)]
  return [...above, ...closingPage(report, flow, view)]
}

/** What looks at the whole of a capture can't be had while it comes. */
const refuse = async (raw: RawOptions, wishes: Wishes, filter: string, language: Language): Promise<void> => {
  const { problems } = await loadWritten(language.code)
  const others = [
    ['--where', wishes.where !== ''],
    ['--format', raw.format !== undefined],
    ['--load-state', raw.loadState !== undefined],
    ['--save-state', raw.saveState !== undefined],
    [filter, filter !== ''],
  ] as const
  for (const [option, given] of others) if (given) throw new Problem(problems.notHere(option, '--follow'))
}
