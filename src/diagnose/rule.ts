/**
 * What a rule is, and what all of them begin with. In: flows. Out: the types of `diagnose/`.
 */
import type { FindingArguments, FindingId } from '../findings.js'
import {
  type Certainty,
  type Finding,
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

/** What every finding about one flow begins with. */
export const about = (flow: Flow, side: Side | null, certainty: Certainty, packets: readonly Naming[]) => ({
  flow: flow.flow,
  flows: [flow.flow],
  side,
  certainty,
  ...quoting(inOrder(packets)),
})

/** Who tried to connect to whom. */
export const attempt = (flow: Flow) => ({
  flows: 1,
  client: flow.client.address,
  server: flow.server.address,
  clients: 1,
  servers: 1,
  port: flow.server.port,
})

export const opposite = (side: Side): Side => (side === 'client' ? 'server' : 'client')

/** What the host on `side` holds or did. */
export const held = (flow: Flow, side: Side) => ({
  flows: 1,
  host: flow[side].address,
  peer: flow[opposite(side)].address,
  hosts: 1,
  peers: 1,
  port: flow.server.port,
})

/** Each value once, in the order in which they first come. */
export const distinct = <T>(values: Iterable<T>): T[] => [...new Set(values)]
