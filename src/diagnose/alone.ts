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

/** Of all rules, in their order. */
export type Said = readonly Found<FindingId>[]

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
    let said: Found<FindingId>[] | null = null
    for (const { each } of DIAGNOSES) {
      const found = each?.look(flow, this.#seen) ?? NOTHING
      if (this.#asksOthers) return null
      for (const one of found) {
        said ??= []
        said.push(one)
      }
    }
    return said ?? NOTHING
  }
}

const NOTHING: readonly never[] = []
