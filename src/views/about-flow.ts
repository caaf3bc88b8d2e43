/** In: the number of a flow, a finding of the report. Out: whether it speaks of that flow, alone or among others. */
import type { Finding } from '../report.js'

export const isAbout =
  (flow: number) =>
  (finding: Pick<Finding, 'flow' | 'flows'>): boolean =>
    finding.flow === flow || finding.flows.includes(flow)
