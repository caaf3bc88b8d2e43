/**
 * Findings over very many flows: each rule is asked about those that it can say anything of.
 *
 * In: a report without findings, of which most flows are plain. Out: what `diagnose()` finds over all of them, in its
 * order. A connection that went plainly has no reset, no retransmission, no silence and no shut window, so that most
 * rules never speak of it; a property test holds the two to each other.
 */
import { noPlaces, type Places, pointsOf } from '../diagnose/capture-point.js'
import type { Found } from '../diagnose/grouping.js'
import { DIAGNOSES, diagnose, healthy, isHealthy } from '../diagnose/index.js'
import type { Rule, Seen } from '../diagnose/rule.js'
import { floodsOf } from '../diagnose/syn-flood.js'
import { pilesOf } from '../diagnose/time-wait.js'
import { type Finding, type FindingId, type Flow, type Severity, SUMMED_UP } from '../report.js'
import { Explained } from './explained.js'
import { attemptsIn } from './floods.js'
import type { FlowList } from './flow-list.js'
import { Groups } from './groups.js'
import { OUTCOMES } from './outcome.js'
import { heldIn } from './waits.js'
import { Witnesses } from './witnesses.js'

const WORST_FIRST: readonly Severity[] = ['problem', 'warning', 'note']

/** `list`: the flows that `seen` is about. */
export function findings(seen: Omit<Seen, 'flows'>, list: FlowList): readonly Finding[] {
  // Nothing to save.
  if (list.replayed.length === list.length && list.said.size === 0)
    return diagnose({ ...seen, flows: list.replayed })
  const isWhole = seen.captures.every(({ other }) => other[SUMMED_UP] === undefined)
  const groups = new Groups(list, seen, isWhole)
  const witnesses = new Witnesses(groups)
  const said = new SaidOfAll(list)
  /** Of the flows that are not `known` `flows` has all that were replayed. */
  const ask = (rule: Rule, flows: readonly Flow[], known: Explained | null): readonly Finding[] => {
    const left = known === null ? flows : flows.filter(({ flow }) => !known.has(flow))
    const among = { ...seen, flows: left }
    const { each } = rule
    if (each === undefined) return rule.find(among)
    const all = said.of(rule.id, known)
    for (const flow of left) if (!said.has(flow)) for (const found of each.look(flow, among)) all.push(found)
    return each.gather(all.sort(byFlow))
  }
  /** All that went in a way of their own. */
  const exemplary = [...list.replayed, ...list.examples]
  /** What a rule finds; `known`: flows that others explain. */
  const told = (rule: Rule, known: Explained | null): readonly Finding[] => {
    switch (rule.id) {
      // Rules that count connections, plain ones too.
      case 'syn-flood':
        return floodsOf(attemptsIn(groups, known), seen)
      case 'scan':
        return ask(rule, groups.maybeScanning, known)
      case 'port-exhaustion':
        return ask(rule, groups.maybeExhausted, known)
      case 'time-wait':
        return pilesOf(heldIn(groups, known))
      case 'capture-point':
        return pointsOf(placesIn(list, known))
      // Rules about connections that did not come about, which ask whether the server's host was heard of otherwise.
      case 'connect-refused':
        // One that nobody answered was not refused: mostly there is none, and the unopened ones need not be told apart.
        return ask(rule, exemplary, known).length === 0 ? [] : ask(rule, witnesses.besideOthers(known), known)
      case 'connect-timeout':
        return ask(rule, witnesses.besideOthers(known), known)
      // Only where a connection began before the capture, or was not over at its end, it is not whole.
      case 'capture-partial':
        return ask(rule, groups.maybePartial(known), null)
      default:
        return ask(rule, list.replayed, known)
    }
  }
  const explained = new Map<FindingId, Explained>()
  const found: Finding[] = []
  for (const rule of DIAGNOSES) {
    // Where all is well that is said in the same breath.
    if (rule.id === 'capture-point' && isHealthy(exemplary, found)) continue
    const own = told(rule, explained.get(rule.id) ?? null)
    for (const finding of own) found.push(finding)
    if (own.length === 0 || rule.explains === undefined) continue
    const flows = Explained.by(own, list.next)
    for (const id of rule.explains) explained.set(id, flows.and(explained.get(id)))
  }
  // Plain connections are open or closed, without an error: that is well. Unopened ones are as well as their examples.
  if (!isHealthy(exemplary, found))
    return found.toSorted((a, b) => WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity))
  const all = Array.from(list.number.subarray(0, list.length))
  return [healthy(all, placesOfAny(list, exemplary)), ...found]
}

/** What rules said of flows by themselves, by rule: each rule is asked about all flows. */
class SaidOfAll {
  readonly #byRule = new Map<FindingId, Found<FindingId>[]>()
  /** By number of the flow. */
  readonly #has: Uint8Array

  constructor({ said, next }: FlowList) {
    this.#has = new Uint8Array(next)
    for (const [{ flow }, all] of said) {
      this.#has[flow] = 1
      for (const found of all) {
        const alike = this.#byRule.get(found.finding.id)
        if (alike === undefined) this.#byRule.set(found.finding.id, [found])
        else alike.push(found)
      }
    }
  }

  has({ flow }: Flow): boolean {
    return this.#has[flow] === 1
  }

  of(rule: FindingId, known: Explained | null): Found<FindingId>[] {
    const all = this.#byRule.get(rule) ?? []
    return all.filter(({ finding }) => known?.has(finding.flow ?? -1) !== true)
  }
}

/** Each is about one flow. */
const byFlow = (a: Found<FindingId>, b: Found<FindingId>): number =>
  (a.finding.flow ?? 0) - (b.finding.flow ?? 0)

/** Of each place some that were captured there. */
function placesOfAny({ outcomes }: FlowList, exemplary: readonly Flow[]): Places {
  const places = noPlaces()
  for (const { number, where } of OUTCOMES) if (outcomes[number] === 1) places[where].push(number)
  for (const { flow, capturedNear } of exemplary) places[capturedNear.where].push(flow)
  return places
}

/** Where the flows were captured; without those that are `known`. */
function placesIn(list: FlowList, known: Explained | null): Places {
  const places = noPlaces()
  const ofOutcome = OUTCOMES.map(({ where }) => places[where])
  for (let n = 0; n < list.length; n++) {
    const number = list.number[n] as number
    if (known?.has(number)) continue
    const outcome = list.outcome[n] as number
    const place = ofOutcome[outcome] ?? places[list.exampleOf(n).capturedNear.where]
    place.push(number)
  }
  return places
}
