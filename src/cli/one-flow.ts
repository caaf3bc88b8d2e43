/** `--flow N`. In: a report, the number that was asked for. Out: the report of that connection alone; `Problem` when there is none. */
import type { Report } from '../report.js'
import type { Language } from '../text/table.js'
import { isAbout } from '../views/about-flow.js'
import { Problem } from './problem.js'

/** Throws `Problem`, which says which there are, when it isn't there. `flow`: null when none was asked for. */
export const expectFlow = (report: Report, flow: number | null, language: Language): void => {
  if (flow === null || report.flows.some((each) => each.flow === flow)) return
  const numbers = report.flows.map((each) => each.flow)
  throw new Problem(language.list.noSuchFlow(flow, numbers))
}

/** This connection, and what is said about it. Its number stays. Throws as {@link expectFlow}. */
export const onlyFlow = (report: Report, flow: number | null, language: Language): Report => {
  if (flow === null) return report
  expectFlow(report, flow, language)
  return {
    ...report,
    flows: report.flows.filter((each) => each.flow === flow),
    findings: report.findings.filter(isAbout(flow)),
  }
}
