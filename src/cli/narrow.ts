/**
 * Only the connections that were asked for, by tcpdump's language and by `--where`.
 *
 * In: a report, the two filters. Out: the report with fewer flows, which keep their numbers, and with what is found in
 * these alone. A filter that makes no sense is a {@link Problem} that points at the place.
 */
import { diagnose } from '../diagnose/index.js'
import type { Flow, Report } from '../report.js'
import { packetFilter } from '../select/packets.js'
import { FilterError } from '../select/tokens.js'
import { whereFilter } from '../select/where.js'
import type { ProblemWords } from '../text/table.js'
import { nearest } from './nearest.js'
import { Problem } from './problem.js'

export interface Narrowing {
  readonly filter: string
  readonly where: string
}

export const narrow = (report: Report, narrowing: Narrowing, words: ProblemWords): Report => {
  if (narrowing.filter === '' && narrowing.where === '') return report
  const flows = report.flows.filter(stays(report, narrowing, words))
  const { findings: _all, ...seen } = report
  const fewer = { ...seen, flows }
  return { ...fewer, findings: diagnose(fewer) }
}

/** Throws the {@link Problem} of a filter that makes no sense, before anything is read. */
export const check = ({ filter, where }: Narrowing, words: ProblemWords): void => {
  parsed(filter, () => packetFilter(filter), words)
  parsed(where, () => whereFilter(where), words)
}

/** Which connections are let through. */
export const stays = (
  report: Report,
  { filter, where }: Narrowing,
  words: ProblemWords,
): ((flow: Flow) => boolean) => {
  const tests = [
    parsed(filter, () => packetFilter(filter), words),
    parsed(where, () => whereFilter(where, report.findings), words),
  ]
  return (flow) => tests.every((test) => test(flow))
}

/** How many words an error line may offer. */
const OFFERED = 14

const parsed = (text: string, parse: () => (flow: Flow) => boolean, words: ProblemWords) => {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    const { at, found, expected } = error
    const near = nearest(found, expected)
    const offered = near.length > 0 ? near : expected
    const offer = offered.slice(0, OFFERED).join(' ') + (offered.length > OFFERED ? ' ...' : '')
    throw new Problem(words.badFilter(text, at, found, offer))
  }
}
