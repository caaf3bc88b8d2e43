/**
 * The flows of `annotate --json` as octets, those of plain connections without an object for each of their states.
 *
 * In: flows, as they are told. Out: the lines of `views/json.ts`, in large pieces.
 */
import type { Flow } from '../report.js'
import { flowLine } from './json-flow.js'
import { FLOW_END, FlowBytes } from './json-flow-bytes.js'
import { type History, HistoryBytes } from './json-history.js'
import { Lines } from './json-lines.js'

export class FlowLines extends Lines {
  readonly #flows = new FlowBytes()
  readonly #histories = new HistoryBytes()

  flow(flow: Flow): void {
    this.line(flowLine(flow, true))
  }

  /** All histories have their words from one source. */
  plainFlow(flow: Flow, history: History): void {
    this.#flows.put(this.json, flow)
    this.#histories.put(this.json, history)
    this.json.octets(FLOW_END)
    this.handOn()
  }
}
