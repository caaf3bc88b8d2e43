/**
 * What a rule is, and what all of them begin with. In: flows. Out: the types of `diagnose/`.
 */
import type { FindingArguments, FindingId } from '../findings.js'
import {
  type Certainty,
  type Finding,
  type FindingOf,
  type Flow,
  inCapture,
  type Report,
  type Severity,
  type Side,
} from '../report.js'
import { type Alike, type Found, foundIn, gathered, gatheredInOne } from './grouping.js'

/** All that rules may read: the report before anything was found in it. */
export type Seen = Omit<Report, 'findings'>

export interface Rule {
  readonly id: FindingId
  /** The worst that it says. */
  readonly severity: Severity
  readonly find: (seen: Seen) => readonly Finding[]
  /** The same in two steps, of a rule that looks at one flow at a time. */
  readonly each?: EachFlow
  /** Other findings about the same flows that this one explains: they are left out. */
  readonly explains?: readonly FindingId[]
}

export interface EachFlow {
  /** What it says of one flow. Of `seen` it reads `flows` only where the others matter. */
  look(flow: Flow, seen: Seen): readonly Found<FindingId>[]
  /** What it says of all, from what it says of each in their order. */
  gather(all: readonly Found<FindingId>[]): readonly Finding[]
}

/** A rule that looks at one flow at a time. */
export const inSteps = (each: EachFlow): Pick<Rule, 'find' | 'each'> => ({
  each,
  find: (seen) => {
    const all: Found<FindingId>[] = []
    for (const flow of seen.flows) for (const found of each.look(flow, seen)) all.push(found)
    return each.gather(all)
  },
})

/**
 * Such a rule with at most one finding about a flow; its id gives the types; `alike` names what flows must share beside the
 * side to be told together, `over` whether hosts matter for that.
 */
export const eachFlow = <K extends FindingId>(
  _id: K,
  find: (flow: Flow, seen: Seen) => Finding<K> | null,
  alike: Alike<K>,
  over: 'hosts' | 'capture' = 'hosts',
): EachFlow => ({
  look: (flow, seen) => {
    const finding = find(flow, seen)
    return finding === null ? NOTHING : [foundIn(finding, flow)]
  },
  gather: (found) => {
    // They are its own: TypeScript can't see it through the union. The same holds for `args` and FindingArguments[K].
    const all = found as readonly Found<K>[]
    const kindOf = ({ finding }: Found<K>): string =>
      `${finding.side} ${alike(finding.args as FindingArguments[K], finding)}`
    return (over === 'hosts' ? gathered(all, kindOf) : gatheredInOne(all, kindOf)) as readonly Finding[]
  },
})
const NOTHING: readonly never[] = []

export const inEachFlow = <K extends FindingId>(
  ...how: Parameters<typeof eachFlow<K>>
): Pick<Rule, 'find' | 'each'> => inSteps(eachFlow(...how))

/** What names a packet: a row, an ICMP error, a call, a span. Without `capture` it is in the first one. */
type Naming = { readonly packet: number | null; readonly capture?: number } | null | undefined

/** The packets that a finding quotes, and their captures where not all of them are in the first. */
export function quoting(all: readonly Naming[]): Pick<Finding, 'packets' | 'captures'> {
  const packets: number[] = []
  const captures: number[] = []
  for (const each of all) {
    if (each === null || each === undefined || each.packet === null) continue
    packets.push(each.packet)
    captures.push(each.capture ?? 0)
  }
  return captures.some((capture) => capture !== 0) ? { packets, captures } : { packets }
}

/** Each once, as they were captured. */
function inOrder(all: readonly Naming[]): readonly Naming[] {
  const named: { readonly packet: number; readonly capture: number }[] = []
  for (const each of all) {
    if (each === null || each === undefined || each.packet === null) continue
    const { packet, capture = 0 } = each
    named.push({ packet, capture })
  }
  return named
    .sort(inCapture)
    .filter(({ packet, capture }, n) => packet !== named[n - 1]?.packet || capture !== named[n - 1]?.capture)
}

/** What is a rule's own in what it says of a flow. */
type Own<K extends FindingId> = Pick<FindingOf<K>, 'id' | 'severity' | 'args' | 'causes'>

/**
 * A finding about one flow. All are made here, member by member: an object that begins as a copy (`{ ...about }`) and goes on
 * has a hidden class of its own in V8, each time anew, and everything that reads it is slow.
 */
export function about<K extends FindingId>(
  { flow }: Flow,
  side: Side | null,
  certainty: Certainty,
  quoted: readonly Naming[],
  { id, severity, args, causes }: Own<K>,
): FindingOf<K> {
  const { packets, captures } = quoting(inOrder(quoted))
  return captures === undefined
    ? { flow, flows: [flow], side, certainty, packets, id, severity, args, causes }
    : { flow, flows: [flow], side, certainty, packets, captures, id, severity, args, causes }
}

/** Who tried to connect to whom, and what `more` says of that. */
export const attempt = <M>(flow: Flow, more: M) => ({
  flows: 1,
  client: flow.client.address,
  server: flow.server.address,
  clients: 1,
  servers: 1,
  port: flow.server.port,
  ...more,
})

export const opposite = (side: Side): Side => (side === 'client' ? 'server' : 'client')

/** What the host on `side` holds or did, and what `more` says of that. */
export const held = <M>(flow: Flow, side: Side, more: M) => ({
  flows: 1,
  host: flow[side].address,
  peer: flow[opposite(side)].address,
  hosts: 1,
  peers: 1,
  port: flow.server.port,
  ...more,
})

/** Each value once, in the order in which they first come. */
export const distinct = <T>(values: Iterable<T>): T[] => [...new Set(values)]
