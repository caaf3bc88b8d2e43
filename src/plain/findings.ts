/**
 * Findings over very many flows: each rule is asked about those that it can say anything of.
 *
 * In: a report without findings, of which most flows are plain. Out: what `diagnose()` finds over all of them, in its
 * order. A connection that went plainly has no reset, no retransmission, no silence and no shut window, so that most
 * rules never speak of it; a property test holds the two to each other.
 */
import { onePlace, type Places, placesOf, pointsOf } from '../diagnose/capture-point.js'
import { DIAGNOSES, diagnose, isHealthy } from '../diagnose/index.js'
import type { Rule, Seen } from '../diagnose/rule.js'
import { pilesOf } from '../diagnose/time-wait.js'
import { type Finding, type FindingId, type Flow, type Severity, SUMMED_UP } from '../report.js'
import { Groups } from './groups.js'
import { HalfOpenFlow } from './half-open-flow.js'
import { PlainFlow } from './plain-flow.js'
import { holdingsOf } from './waits.js'

/** Rules that count connections, plain ones too. */
const COUNTING: ReadonlySet<FindingId> = new Set<FindingId>(['syn-flood', 'scan', 'port-exhaustion'])

/** Rules about connections that did not come about, which ask whether the server's host was heard of otherwise. */
const OPENING: ReadonlySet<FindingId> = new Set<FindingId>([
  'connect-refused',
  'connect-timeout',
  'capture-partial',
])

const WORST_FIRST: readonly Severity[] = ['problem', 'warning', 'note']

export function findings(seen: Seen): readonly Finding[] {
  const odd = seen.flows.filter((flow) => !(flow instanceof PlainFlow))
  const others = { ...seen, flows: odd.filter((flow) => !(flow instanceof HalfOpenFlow)) }
  // Nothing to save.
  if (others.flows.length === seen.flows.length) return diagnose(seen)
  const isWhole = seen.captures.every(({ other }) => other[SUMMED_UP] === undefined)
  const groups = new Groups(seen.flows, seen.endAt, isWhole)
  const some = { ...seen, flows: [...odd, ...witnesses(groups)].sort((a, b) => a.flow - b.flow) }
  const asked = (id: FindingId): Seen => {
    if (COUNTING.has(id)) return { ...seen, flows: groups.for(id) }
    return OPENING.has(id) ? some : others
  }
  /** Flows that need not be told again, by rule: one set for each rule that explains them, whomever it spares. */
  const explained = new Map<FindingId, ReadonlySet<number>[]>()
  const found: Finding[] = []
  for (const rule of DIAGNOSES) {
    const known = explained.get(rule.id) ?? []
    const told =
      rule.id === 'time-wait'
        ? pilesOf(holdingsOf(groups, known))
        : rule.id === 'capture-point'
          ? pointsOf(places(seen.flows, known))
          : ask(rule, asked(rule.id), known)
    for (const finding of told) found.push(finding)
    if (told.length === 0 || rule.explains === undefined) continue
    const flows = new Set(told.flatMap((finding) => finding.flows))
    for (const id of rule.explains) explained.set(id, [...(explained.get(id) ?? []), flows])
  }
  // Plain connections are open or closed, without an error: that is well.
  if (!isHealthy(odd, found))
    return found.toSorted((a, b) => WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity))
  // `diagnose()` knows what it says when nothing is wrong; one flow is enough to hear it.
  const [healthy] = diagnose({ ...seen, flows: seen.flows.slice(0, 1) }).filter(({ id }) => id === 'healthy')
  if (healthy?.id !== 'healthy') return found
  const all: Finding = {
    ...healthy,
    flow: seen.flows.length === 1 ? (seen.flows[0]?.flow ?? null) : null,
    flows: seen.flows.map(({ flow }) => flow),
    args: { ...healthy.args, flows: seen.flows.length, where: onePlace(places(seen.flows, [])) },
  }
  return [all, ...found.filter(({ id }) => id !== 'capture-point')]
}

const ask = (rule: Rule, seen: Seen, known: readonly ReadonlySet<number>[]): readonly Finding[] =>
  rule.find(
    known.length === 0
      ? seen
      : { ...seen, flows: seen.flows.filter(({ flow }) => !known.some((flows) => flows.has(flow))) },
  )

const places = (flows: readonly Flow[], known: readonly ReadonlySet<number>[]): Places =>
  placesOf(
    known.length === 0 ? flows : flows.filter(({ flow }) => !known.some((set) => set.has(flow))),
    (flow) => (flow instanceof PlainFlow ? flow.where : flow.capturedNear.where),
  )

/** Of the hosts that others tried to reach: one plain connection for each of their ports, and one of their own. */
function witnesses(groups: Groups): readonly Flow[] {
  const { flows, client, server, service } = groups
  const isWanted = new Uint8Array(groups.addresses)
  const isHeard = new Uint8Array(groups.addresses)
  const isServing = new Uint8Array(groups.services)
  flows.forEach((flow, n) => {
    if (!(flow instanceof PlainFlow)) isWanted[server[n] as number] = 1
  })
  return flows.filter((flow, n) => {
    if (!(flow instanceof PlainFlow)) return false
    const [host, port, own] = [server[n] as number, service[n] as number, client[n] as number]
    if (isWanted[host] === 1 && isServing[port] === 0) {
      isServing[port] = 1
      return true
    }
    if (isWanted[own] === 0 || isHeard[own] === 1) return false
    isHeard[own] = 1
    return true
  })
}
