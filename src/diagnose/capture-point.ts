/** Where the capture was taken: it decides what "captured" can prove. */
import type { Finding, Flow } from '../report.js'
import type { Rule, Seen } from './rule.js'

/** Share of the flows whose place is known. */
const FEW = 0.1

function places({ flows }: Seen): readonly Finding[] {
  const known = flows.filter(({ capturedNear }) => capturedNear.where !== 'unknown').length
  return (['client', 'server', 'between'] as const).flatMap((where): Finding<'capture-point'>[] => {
    const there = flows.filter(({ capturedNear }) => capturedNear.where === where)
    // A capture has one place: a few that went unusually fast or slowly do not make another.
    if (there.length === 0 || there.length < FEW * known) return []
    return [
      {
        id: 'capture-point',
        severity: 'note',
        // It is told of the capture; of one connection only where there is no other.
        flow: flows.length === 1 && there[0]?.flow === 0 ? 0 : null,
        flows: there.map(({ flow }) => flow),
        side: where === 'between' ? null : where,
        certainty: 'implied',
        packets: [],
        args: { flows: there.length, where },
        causes: [],
      },
    ]
  })
}

/** One place for all flows of which it is known; null when they differ or nothing tells. */
export const onePlace = (flows: readonly Flow[]): 'client' | 'server' | 'between' | null => {
  const known = new Set(
    flows.map(({ capturedNear }) => capturedNear.where).filter((where) => where !== 'unknown'),
  )
  const [only] = known
  return known.size === 1 ? (only ?? null) : null
}

export const rule: Rule = { id: 'capture-point', severity: 'note', find: places }
