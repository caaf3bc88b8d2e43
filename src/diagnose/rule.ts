/**
 * What a rule is, and what all of them begin with. In: flows. Out: the types of `diagnose/`.
 */
import type { FindingArguments, FindingId } from '../findings.js'
import type { Certainty, Finding, Flow, Report, Severity, Side } from '../report.js'
import { type Alike, type Found, foundIn, gathered, gatheredInOne } from './grouping.js'

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

/**
 * A rule that looks at one flow at a time; its id gives the types; `alike` names what flows must share beside the side
 * to be told together, `over` whether hosts matter for that.
 */
export const inEachFlow =
  <K extends FindingId>(
    _id: K,
    find: (flow: Flow, seen: Seen) => Finding<K> | null,
    alike: Alike<K>,
    over: 'hosts' | 'capture' = 'hosts',
  ) =>
  (seen: Seen): readonly Finding[] => {
    const all: Found<K>[] = []
    for (const flow of seen.flows) {
      const finding = find(flow, seen)
      if (finding !== null) all.push(foundIn(finding, flow))
    }
    // `args` of a Finding<K> is FindingArguments[K]; TypeScript can't see it through the union.
    const kindOf = ({ finding }: Found<K>): string =>
      `${finding.side} ${alike(finding.args as FindingArguments[K], finding)}`
    // The same holds for Finding<K> and Finding.
    return (over === 'hosts' ? gathered(all, kindOf) : gatheredInOne(all, kindOf)) as readonly Finding[]
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

/** As many values as there are flows, without those that repeat. */
export const distinct = <T>(values: Iterable<T>): T[] => [...new Set(values)]
