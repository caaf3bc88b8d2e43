/** Where the capture was taken: it decides what "captured" can prove. */
import type { Finding, Flow } from '../report.js'
import type { Rule } from './rule.js'

/** Share of the flows whose place is known. */
const FEW = 0.1

type Where = Flow['capturedNear']['where']
type Known = Exclude<Where, 'unknown'>

/** Numbers of flows, by where they were captured. */
export type Places = Readonly<Record<Where, readonly number[]>>

/** Nothing was captured anywhere yet. */
export const noPlaces = (): Record<Where, number[]> => ({
  client: [],
  server: [],
  between: [],
  both: [],
  unknown: [],
})

export function placesOf(flows: readonly Flow[], whereOf: (flow: Flow) => Where): Places {
  const places = noPlaces()
  for (const flow of flows) places[whereOf(flow)].push(flow.flow)
  return places
}

const KNOWN: readonly Known[] = ['client', 'server', 'between', 'both']

export function pointsOf(places: Places): readonly Finding[] {
  const known = KNOWN.reduce((sum, where) => sum + places[where].length, 0)
  return KNOWN.flatMap((where): Finding<'capture-point'>[] => {
    const flows = places[where]
    // A capture has one place: a few that went unusually fast or slowly do not make another.
    if (flows.length === 0 || flows.length < FEW * known) return []
    return [
      {
        id: 'capture-point',
        severity: 'note',
        // It is told of the capture; of one connection only where there is no other.
        flow: known + places.unknown.length === 1 && flows[0] === 0 ? 0 : null,
        flows,
        side: where === 'client' || where === 'server' ? where : null,
        certainty: 'implied',
        packets: [],
        args: { flows: flows.length, where },
        causes: [],
      },
    ]
  })
}

/** One place for all flows of which it is known; null when they differ or nothing tells. */
export function onePlace(places: Readonly<Record<Where, readonly unknown[]>>): Known | null {
  const [only, ...more] = KNOWN.filter((where) => places[where].length > 0)
  return more.length === 0 ? (only ?? null) : null
}

/** As the full replay says it. */
export const placesIn = (flows: readonly Flow[]): Places =>
  placesOf(flows, ({ capturedNear }) => capturedNear.where)

export const rule: Rule = {
  id: 'capture-point',
  severity: 'note',
  find: ({ flows }) => pointsOf(placesIn(flows)),
}
