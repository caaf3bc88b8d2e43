/**
 * What each rule says of one connection while its rows are there, so that they can go: rows take a hundred times as much
 * as what is said.
 *
 * In: the report without flows, then one flow after the other. Out: the findings of rules that look at one flow at a time;
 * null where one of them asks about the other flows too.
 */
import type { FindingId } from '../findings.js'
import type { Flow } from '../report.js'
import type { Found } from './grouping.js'
import { DIAGNOSES } from './index.js'
import type { Seen } from './rule.js'

/** By rule; a rule that says nothing is not there. */
export type Said = ReadonlyMap<FindingId, readonly Found<FindingId>[]>

export class Alone {
  #flows: readonly Flow[] = []
  #asksOthers = false
  readonly #seen: Seen

  constructor(seen: Omit<Seen, 'flows'>) {
    const flows = (): readonly Flow[] => {
      this.#asksOthers = true
      return this.#flows
    }
    this.#seen = Object.defineProperty({ ...seen, flows: [] }, 'flows', { get: flows })
  }

  saidOf(flow: Flow): Said | null {
    this.#flows = [flow]
    this.#asksOthers = false
    let said: Map<FindingId, readonly Found<FindingId>[]> | null = null
    for (const { id, each } of DIAGNOSES) {
      const found = each?.look(flow, this.#seen) ?? NOTHING
      if (this.#asksOthers) return null
      if (found.length === 0) continue
      said ??= new Map()
      said.set(id, found)
    }
    return said ?? NOTHING_SAID
  }
}

const NOTHING: readonly never[] = []
const NOTHING_SAID: Said = new Map()
