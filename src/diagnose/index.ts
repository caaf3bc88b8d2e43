/**
 * What is wrong, and how sure that is: every rule asked, what one finding explains left out of the others.
 *
 * In: a report without findings. Out: findings, the worst first. `docs/findings/` has a page for each.
 */
import type { FindingId } from '../findings.js'
import type { Finding, Flow, Severity, Verdict } from '../report.js'
import { rule as captureDrops } from './capture-drops.js'
import { rule as captureDuplicates } from './capture-duplicates.js'
import { rule as captureOneWay } from './capture-one-way.js'
import { rule as capturePartial } from './capture-partial.js'
import { rule as capturePoint, onePlace, placesIn } from './capture-point.js'
import { rule as closeWait } from './close-wait.js'
import { rule as connectRefused } from './connect-refused.js'
import { rule as connectReset } from './connect-reset.js'
import { rule as connectTimeout } from './connect-timeout.js'
import { rule as connectUnreachable } from './connect-unreachable.js'
import { rule as deadPeer } from './dead-peer.js'
import { wasOpen } from './evidence.js'
import { rule as finWait2 } from './fin-wait-2.js'
import { rule as halfOpen } from './half-open.js'
import { rule as handshakeNotCompleted } from './handshake-not-completed.js'
import { rule as idleDropped } from './idle-dropped.js'
import { rule as keepAlive } from './keep-alive.js'
import { rule as keepAliveRace } from './keep-alive-race.js'
import { rule as notCaptured } from './not-captured.js'
import { rule as packetLoss } from './packet-loss.js'
import { rule as portExhaustion } from './port-exhaustion.js'
import { rule as reset } from './reset.js'
import { rule as resetInjected } from './reset-injected.js'
import type { Rule, Seen } from './rule.js'
import { rule as scan } from './scan.js'
import { rule as slowConnect } from './slow-connect.js'
import { rule as synFlood } from './syn-flood.js'
import { rule as timeWait } from './time-wait.js'
import { rule as timeWaitReuse } from './time-wait-reuse.js'
import { rule as zeroWindow } from './zero-window.js'

/** In the order in which findings of one severity are told. */
export const DIAGNOSES: readonly Rule[] = [
  captureOneWay,
  synFlood,
  scan,
  connectRefused,
  connectTimeout,
  connectUnreachable,
  connectReset,
  handshakeNotCompleted,
  slowConnect,
  resetInjected,
  timeWaitReuse,
  keepAliveRace,
  halfOpen,
  idleDropped,
  deadPeer,
  reset,
  portExhaustion,
  closeWait,
  finWait2,
  timeWait,
  zeroWindow,
  packetLoss,
  keepAlive,
  captureDrops,
  notCaptured,
  captureDuplicates,
  capturePartial,
  capturePoint,
]

const WORST_FIRST: readonly Severity[] = ['problem', 'warning', 'note']

export function diagnose(seen: Seen): readonly Finding[] {
  /** Flows that an earlier rule has explained, by the id of what need not be said of them. */
  const explained = new Map<string, Set<number>>()
  const findings: Finding[] = []
  for (const rule of DIAGNOSES) {
    const known = explained.get(rule.id)
    const told = rule.find(
      known === undefined ? seen : { ...seen, flows: seen.flows.filter(({ flow }) => !known.has(flow)) },
    )
    for (const finding of told) findings.push(finding)
    for (const id of rule.explains ?? []) {
      const flows = explained.get(id) ?? new Set()
      for (const finding of told) for (const flow of finding.flows) flows.add(flow)
      explained.set(id, flows)
    }
  }
  if (seen.flows.length > 0 && isHealthy(seen.flows, findings)) {
    const all = healthy(
      seen.flows.map(({ flow }) => flow),
      placesIn(seen.flows),
    )
    return [all, ...findings.filter(({ id }) => id !== 'capture-point')]
  }
  return findings.toSorted((a, b) => WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity))
}

/** How a connection goes that nobody complains about. `reset`: a RST for what was over anyway. */
const WELL: ReadonlySet<Verdict> = new Set(['open', 'opening', 'closing', 'closed', 'reset'])

/** Notes beside which nothing is wrong: about the capture, and about what goes as intended. */
const AS_INTENDED: ReadonlySet<FindingId> = new Set<FindingId>([
  'capture-point',
  'capture-duplicates',
  'capture-partial',
  'not-captured',
  'keep-alive',
  'time-wait',
  'time-wait-reuse',
])

/** Nobody complains: no connection that failed, no call that returned an error, no word of anything unusual. */
export const isHealthy = (flows: readonly Flow[], findings: readonly Finding[]): boolean =>
  findings.every(({ severity, id }) => severity === 'note' && AS_INTENDED.has(id)) &&
  flows.every((flow) => WELL.has(flow.verdict) && flow.calls.length === 0 && cameAbout(flow))

/** It was open at one end at least, or may still become so. */
const cameAbout = (flow: Flow): boolean =>
  flow.verdict === 'opening' || flow.beginsInMiddle || wasOpen(flow, 'client') || wasOpen(flow, 'server')

/** Nothing is wrong: one line that says so, and where that was seen. */
export const healthy = (
  flows: readonly number[],
  places: Parameters<typeof onePlace>[0],
): Finding<'healthy'> => ({
  id: 'healthy',
  severity: 'note',
  flow: flows.length === 1 ? (flows[0] ?? null) : null,
  flows,
  side: null,
  certainty: 'implied',
  packets: [],
  args: { flows: flows.length, where: onePlace(places) },
  causes: [],
})
