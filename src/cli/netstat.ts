/** `bothends netstat`: its own options, checked. In: options, a report. Out: lines of the view. */
import type { Report } from '../report.js'
import { safe } from '../text/safe.js'
import { speller } from '../text/states.js'
import type { Language } from '../text/table.js'
import {
  atTheEnd,
  type Misread,
  netstatJson,
  netstatPage,
  outsideLines,
  readInterval,
  readMoment,
} from '../views/netstat/index.js'
import { footerLines } from '../views/terminal/footer.js'
import { lookFor } from '../views/terminal/look.js'
import { screen } from './output.js'
import { Problem } from './problem.js'
import type { RawOptions } from './program.js'
import type { Wishes } from './wishes.js'

export const netstatLines = (
  report: Report,
  raw: RawOptions,
  wishes: Wishes,
  language: Language,
): Iterable<string> => {
  const words = language.problems
  const look = lookFor(wishes, process.env, screen())
  const every = raw.every === undefined ? null : readInterval(raw.every)
  if (raw.every !== undefined && every === null) throw new Problem(words.badInterval(raw.every))
  if (every !== null && raw.at !== undefined && raw.at.length > 0) throw new Problem(words.atAndEvery)
  const moments = (raw.at ?? []).map((text) => {
    const moment = readMoment(text, report)
    if ('wrong' in moment) throw new Problem(misread(text, moment, report, language))
    return moment
  })
  const asked = {
    moments: moments.length > 0 ? moments : [atTheEnd(wishes.json ? 'end' : language.sockets.end, report)],
    host: raw.host === undefined ? null : knownHost(raw.host, report, language),
    every,
    timers: raw.timers === true,
    spell: speller(wishes.names),
    strong: look.strong,
    faint: look.faint,
  }
  if (wishes.json) {
    const outside =
      every === null ? asked.moments.flatMap((each) => outsideLines(report, each, language)) : []
    for (const line of outside) process.stderr.write(`bothends: ${line}\n`)
    return netstatJson(report, asked, (at) => {
      process.stderr.write(`bothends: ${language.sockets.leftOut(at, report.endAt)}\n`)
    })
  }
  const remarks = footerLines(report, language)
  return [
    ...netstatPage(report, asked, language),
    ...(remarks.length > 0 ? ['', ...remarks.map(look.faint)] : []),
  ]
}

const misread = (text: string, moment: Misread, { captures }: Report, language: Language): string => {
  const words = language.problems
  const { captureNames: names = [] } = language
  if (moment.wrong === 'time') return words.badTime(safe(text), names.length > 0)
  if (moment.wrong === 'capture')
    return words.noSuchCapture(
      safe(text),
      someOf((names.length > 0 ? names : captures.map(({ file }) => file)).map(safe)),
    )
  const packets = captures[moment.capture]?.packets ?? 0
  const name = names[moment.capture]
  // Where a name was typed nobody needs to be told how to; and only a capture that has such a packet is named.
  const [, plain] = /^#([1-9]\d*)$/.exec(text) ?? []
  const other = names[captures.findIndex((capture) => capture.packets >= Number(plain))]
  const hint =
    plain === undefined || other === undefined
      ? null
      : `#${language.row.numberedIn(Number(plain), safe(other))}`
  return words.noPacket(safe(text), packets, name === undefined ? null : safe(name), hint)
}

/** How many hosts or captures an error line may name. */
const NAMED = 8

const someOf = (names: readonly string[]): string =>
  names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ', ...' : '')

const knownHost = (host: string, report: Report, language: Language): string => {
  const known = new Set(report.flows.flatMap(({ client, server }) => [client.address, server.address]))
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (known.has(bare)) return bare
  throw new Problem(language.problems.unknownHost(safe(host), someOf([...known])))
}
