/**
 * Connections of a survey after their replay, without most of their rows: a table asks for none of them.
 *
 * In: flows, one after the other; how many rows may stay in all. Out: entries of the list of flows. Those that come when no
 * more may stay are looked at by every rule, and leave what was said and a few rows.
 */
import { Alone } from '../diagnose/alone.js'
import type { Seen } from '../diagnose/rule.js'
import type { Flow } from '../report.js'
import { Excerpts } from './excerpts.js'
import type { FlowList } from './flow-list.js'

export class Brief {
  readonly #alone: Alone
  readonly #excerpts = new Excerpts()

  constructor(
    seen: Omit<Seen, 'flows'>,
    /** So many rows of the first flows stay: to look at few flows twice is cheaper than to look at each by itself. */
    private left: number,
  ) {
    this.#alone = new Alone(seen)
  }

  add(flow: Flow, list: FlowList): void {
    this.left -= flow.rows.length
    const said = this.left >= 0 ? null : this.#alone.saidOf(flow)
    if (said === null) list.addReplayed(flow)
    else list.addReplayed(this.#excerpts.of(flow), said)
  }
}
