/**
 * Reports of very many flows, of which a table shows few: an object for each would take longer than its packets.
 *
 * In: a report, and its flows in another form. Out: a report whose `flows` become objects when somebody reads them; the
 * other form, for those who need not.
 */
import type { Flow, Report } from './report.js'

/** Each flow is made when its turn comes, and not kept. */
export interface ManyFlows extends Iterable<Flow> {
  readonly length: number
  /** All of them, kept. */
  readonly all: readonly Flow[]
  /** The first `most` in the order of `VERDICTS`; those of one verdict by number. */
  worst(most: number): readonly Flow[]
}

const lists = new WeakMap<Report, ManyFlows>()

/** The report, of these flows. What is copied from it has them as any other. */
export function listing(report: Omit<Report, 'flows'>, flows: ManyFlows): Report {
  const all = { ...report, flows: [] }
  Object.defineProperty(all, 'flows', { get: () => flows.all, enumerable: true })
  lists.set(all, flows)
  return all
}

/** Its flows without reading `flows`; null: that is how it has them. */
export const listedIn = (report: Report): ManyFlows | null => lists.get(report) ?? null
