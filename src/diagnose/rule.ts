/**
 * What a rule is, and how what it found in single flows becomes one finding over many.
 *
 * In: flows with what all of them together show. Out: the types of `diagnose/`, and the grouping.
 */
import type { FindingArguments, FindingId } from '../findings.js'
import type { Certainty, Finding, Flow, Report, Severity, Side } from '../report.js'

/** All that rules may read: the report before anything was found in it. */
export type Seen = Omit<Report, 'findings'>

export interface Rule {
  readonly id: FindingId
  /** The worst that it says. */
  readonly severity: Severity
  readonly find: (seen: Seen) => readonly Finding[]
  /** Other findings about the same flows that this one explains: they are left out. */
  readonly explains?: readonly FindingId[]
}

/** From so many flows on, what was found alike is one finding. */
const MANY = 3

/** A rule that looks at one flow at a time; its id gives the types; `alike` names what flows must share to be told together. */
export const inEachFlow =
  <K extends FindingId>(
    _id: K,
    find: (flow: Flow, seen: Seen) => Finding<K> | null,
    alike: (args: FindingArguments[K], finding: Finding<K>) => string,
  ) =>
  (seen: Seen): readonly Finding[] => {
    const groups = new Map<string, Finding<K>[]>()
    for (const flow of seen.flows) {
      const found = find(flow, seen)
      if (found === null) continue
      // `args` of a Finding<K> is FindingArguments[K]; TypeScript can't see it through the union.
      const key = `${found.side} ${alike(found.args as FindingArguments[K], found)}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [found])
      else group.push(found)
    }
    return [...groups.values()].flatMap((group) => (group.length < MANY ? group : [together(group)]))
  }

const SEVERITIES: readonly Severity[] = ['note', 'warning', 'problem']
const CERTAINTIES: readonly Certainty[] = ['seen', 'implied', 'assumed']

/** Frame numbers that a finding over many flows quotes. */
const QUOTED = 24

/** The worst severity, the least certainty, the first one's causes; arguments as {@link FindingArguments} says. */
function together<K extends FindingId>(group: readonly Finding<K>[]): Finding<K> {
  const [first] = group
  if (first === undefined) throw new RangeError('nothing to put together')
  const most = <T>(order: readonly T[], of: (finding: Finding<K>) => T): T =>
    group.map(of).reduce((a, b) => (order.indexOf(a) >= order.indexOf(b) ? a : b))
  const each = Math.max(1, Math.floor(QUOTED / group.length))
  return {
    ...first,
    severity: most(SEVERITIES, ({ severity }) => severity),
    certainty: most(CERTAINTIES, ({ certainty }) => certainty),
    flow: null,
    flows: group.flatMap(({ flows }) => flows),
    packets: group.flatMap(({ packets }) => packets.slice(0, each)).slice(0, QUOTED),
    args: group.map(({ args }) => args as Arguments).reduce(merged),
    causes: commonest(group),
  } as Finding<K>
}

type Arguments = Readonly<Record<string, string | number | boolean | null>>

/** Of what the flows share `flows` is summed and other numbers are the greatest; what differs is null. */
function merged(a: Arguments, b: Arguments): Arguments {
  const both: Record<string, string | number | boolean | null> = {}
  for (const [key, value] of Object.entries(a)) {
    const other = b[key]
    if (typeof value === 'number' && typeof other === 'number' && key !== 'port') {
      both[key] = SUMMED.has(key) ? value + other : Math.max(value, other)
    } else both[key] = value === other ? value : null
  }
  return both
}
const SUMMED: ReadonlySet<string> = new Set([
  'flows',
  'again',
  'sent',
  'bytes',
  'holes',
  'packets',
  'begins',
  'ends',
])

/** The ranking that most flows have. */
function commonest<K extends FindingId>(group: readonly Finding<K>[]): Finding<K>['causes'] {
  const counts = new Map<string, { causes: Finding<K>['causes']; count: number }>()
  for (const { causes } of group) {
    const key = JSON.stringify(causes)
    const entry = counts.get(key)
    if (entry === undefined) counts.set(key, { causes, count: 1 })
    else entry.count++
  }
  return [...counts.values()].reduce((a, b) => (a.count >= b.count ? a : b)).causes
}

/** What every finding about one flow begins with. */
export const about = (
  flow: Flow,
  side: Side | null,
  certainty: Certainty,
  packets: readonly (number | null)[],
) => ({
  flow: flow.flow,
  flows: [flow.flow],
  side,
  certainty,
  packets: [...new Set(packets.filter((packet) => packet !== null))].sort((a, b) => a - b),
})

/** Who tried to connect to whom. */
export const attempt = (flow: Flow) => ({
  flows: 1,
  client: flow.client.address,
  server: flow.server.address,
  port: flow.server.port,
})

export const opposite = (side: Side): Side => (side === 'client' ? 'server' : 'client')

/** What the host on `side` holds or did. */
export const held = (flow: Flow, side: Side) => ({
  flows: 1,
  host: flow[side].address,
  peer: flow[opposite(side)].address,
  port: flow.server.port,
})

/** As many values as there are flows, without those that repeat. */
export const distinct = <T>(values: Iterable<T>): T[] => [...new Set(values)]
