/**
 * What was found alike in single flows becomes a few findings: nobody reads the same line 2,000 times.
 *
 * In: the findings of one rule, each with its flow. Out: one for each flow while that is one flow; else one for each
 * service they concern; where those are many, one for each client; where those are many too, one for all, and apart from
 * it the service or client that has most of them. Each flow is looked at a few times, however many there are.
 */
import type { FindingArguments, FindingId } from '../findings.js'
import type { Certainty, Finding, Flow, Severity } from '../report.js'

export interface Found<K extends FindingId> {
  readonly finding: Finding<K>
  /** Its two hosts and the service: what it may share with others. */
  readonly client: string
  readonly service: string
}

export const foundIn = <K extends FindingId>(finding: Finding<K>, flow: Flow): Found<K> => ({
  finding,
  client: flow.client.address,
  service: `${flow.server.address} ${flow.server.port}`,
})

/** So many lines of one kind are still read one by one. */
const FEW = 3

/** From this share on, a service or client is told apart from many others. */
const MOST = 0.5

/** `kindOf` names what findings must share to be told together, whatever hosts they concern. */
export function gathered<K extends FindingId>(
  all: readonly Found<K>[],
  kindOf: (found: Found<K>) => string,
): readonly Finding<K>[] {
  return groupsOf(all, kindOf).flatMap((kind) => split(kind).map(together))
}

/** The same without a look at hosts: one finding for each kind. */
export const gatheredInOne = <K extends FindingId>(
  all: readonly Found<K>[],
  kindOf: (found: Found<K>) => string,
): readonly Finding<K>[] => groupsOf(all, kindOf).map(together)

function split<K extends FindingId>(kind: readonly Found<K>[]): readonly (readonly Found<K>[])[] {
  const byService = groupsOf(kind, ({ service }) => service)
  if (byService.length <= FEW) return byService
  const byClient = groupsOf(kind, ({ client }) => client)
  if (byClient.length <= FEW) return byClient
  for (const groups of [byService, byClient]) {
    const most = groups.find((group) => group.length >= MOST * kind.length)
    if (most === undefined) continue
    const own = new Set(most)
    return [most, kind.filter((found) => !own.has(found))]
  }
  return [kind]
}

function groupsOf<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()]
}

const SEVERITIES: readonly Severity[] = ['note', 'warning', 'problem']
const CERTAINTIES: readonly Certainty[] = ['seen', 'implied', 'assumed']

/** Frame numbers that a finding over many flows quotes. */
const QUOTED = 24

/** Whose first packet shows it; of all others the packets lead up to the last. */
const SHOWN_FIRST: ReadonlySet<FindingId> = new Set(['close-wait', 'reset-injected', 'zero-window'])

/** The worst severity, the least certainty, the commonest causes; arguments as {@link FindingArguments} says. */
function together<K extends FindingId>(group: readonly Found<K>[]): Finding<K> {
  const findings = group.map(({ finding }) => finding)
  const [first] = findings
  if (first === undefined) throw new RangeError('nothing to put together')
  if (findings.length === 1) return first
  const most = <T>(order: readonly T[], of: (finding: Finding<K>) => T): T =>
    findings.map(of).reduce((a, b) => (order.indexOf(a) >= order.indexOf(b) ? a : b))
  const each = Math.max(1, Math.floor(QUOTED / findings.length))
  const quoted = (of: (finding: Finding<K>) => readonly number[]): readonly number[] =>
    findings
      .slice(0, QUOTED)
      .flatMap((finding) =>
        SHOWN_FIRST.has(finding.id) ? of(finding).slice(0, each) : of(finding).slice(-each),
      )
      .slice(0, QUOTED)
  const args = findings.map((finding) => finding.args as Arguments)
  return {
    ...first,
    severity: most(SEVERITIES, ({ severity }) => severity),
    certainty: most(CERTAINTIES, ({ certainty }) => certainty),
    flow: null,
    flows: joined(findings.map(({ flows }) => flows)),
    packets: quoted(({ packets }) => packets),
    ...(findings.some(({ captures }) => captures !== undefined)
      ? { captures: quoted(({ packets, captures }) => captures ?? packets.map(() => 0)) }
      : {}),
    args: { ...merged(args), ...counted(args), ...returned(args) },
    causes: commonest(findings),
  } as Finding<K>
}

/** As `flat()`, which takes ten times as long: there may be a million. */
function joined(lists: readonly (readonly number[])[]): readonly number[] {
  const all: number[] = []
  for (const list of lists) for (const one of list) all.push(one)
  return all
}

type Arguments = Readonly<Record<string, string | number | boolean | null>>

/** Of what the flows share `flows` is summed and other numbers are the greatest; what differs is null. */
function merged(all: readonly Arguments[]): Arguments {
  const [first = {}] = all
  const both: Record<string, string | number | boolean | null> = {}
  for (const key of Object.keys(first)) {
    const put = key === 'port' ? same : SUMMED.has(key) ? sum : greatest
    let value: Argument = first[key] ?? null
    // Once they differ nothing makes them alike again.
    for (let n = 1; n < all.length && value !== null; n++) value = put(value, all[n]?.[key] ?? null)
    both[key] = value
  }
  return both
}

type Argument = string | number | boolean | null
const same = (a: Argument, b: Argument): Argument => (a === b ? a : null)
const sum = (a: Argument, b: Argument): Argument =>
  typeof a === 'number' && typeof b === 'number' ? a + b : same(a, b)
const greatest = (a: Argument, b: Argument): Argument =>
  typeof a === 'number' && typeof b === 'number' ? Math.max(a, b) : same(a, b)

const SUMMED: ReadonlySet<string> = new Set([
  'flows',
  'again',
  'sent',
  'acks',
  'addresses',
  'answered',
  'more',
  'bytes',
  'holes',
  'packets',
  'begins',
  'ends',
])

/** How many hosts stand behind a null. */
function counted(args: readonly Arguments[]): Arguments {
  const counts: Record<string, number> = {}
  for (const [one, many] of COUNTED)
    if (args[0]?.[many] !== undefined) {
      const names = new Set(args.map((each) => each[one]))
      // What stands for several already knows how many.
      counts[many] = names.has(null)
        ? args.reduce((most, each) => Math.max(most, Number(each[many])), 2)
        : names.size
    }
  return counts
}
const COUNTED = [
  ['client', 'clients'],
  ['server', 'servers'],
  ['host', 'hosts'],
  ['peer', 'peers'],
] as const

/** The error of those calls that returned one; null: they differ. */
function returned(args: readonly Arguments[]): Arguments {
  if (args[0]?.errno === undefined) return {}
  const names = new Set(args.flatMap(({ errno }) => errno ?? []))
  const [only] = names
  return { errno: names.size === 1 ? (only ?? null) : null }
}

/** The ranking that most flows have. */
function commonest<K extends FindingId>(findings: readonly Finding<K>[]): Finding<K>['causes'] {
  const counts = new Map<string, { causes: Finding<K>['causes']; count: number }>()
  let latest: Finding<K>['causes'] | null = null
  let key = ''
  for (const { causes } of findings) {
    // A rule has a few rankings, and says mostly the same one.
    if (causes !== latest) key = JSON.stringify(causes)
    latest = causes
    const entry = counts.get(key)
    if (entry === undefined) counts.set(key, { causes, count: 1 })
    else entry.count++
  }
  return [...counts.values()].reduce((a, b) => (a.count >= b.count ? a : b)).causes
}

/** A rule's own words for what must be alike, typed by its id. */
export type Alike<K extends FindingId> = (args: FindingArguments[K], finding: Finding<K>) => string
