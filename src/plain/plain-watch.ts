/**
 * Until when plain connections were watched (`flow/watch.ts`), and whose hosts stand in which capture.
 *
 * In: rows, which say of the first packet in which capture it lies, of the last one when it came. Out: seconds as in
 * `Segment.at`; two where captures of one time end differently, and a row does not tell in which of them it lies.
 */
import { Hosts, type Stretch, type Watch } from '../flow/watch.js'
import { addressWord, endOf, type Row } from './address.js'
import { FIRST, START_S } from './layout.js'
import { timeIn } from './opening.js'
import { firstPacket, type PlainFlows } from './plain-flows.js'
import { lastIn } from './summary.js'

export class PlainWatch {
  /** Of the row that was asked for last: it was watched at least until then, and at most. */
  least: number
  most: number

  constructor(
    private readonly flows: PlainFlows,
    private readonly watch: Watch,
    /** When each capture was taken. */
    private readonly stretches: readonly (Stretch | null)[],
  ) {
    this.least = this.most = watch.end
  }

  look({ page, base }: Row): void {
    const { flows, stretches } = this
    const { end, ends } = this.watch
    if (ends === null) return
    const own = flows.captureOf(page[base + FIRST] as number)
    this.least = this.most = ends[own] ?? end
    const start = timeIn(flows, page, base + START_S)
    const last = flows.at(...lastIn(flows, page, base))
    for (let capture = own + 1; capture < stretches.length; capture++) {
      const stretch = stretches[capture]
      if (!stretch || stretch.first > last || stretch.latest < start) continue
      this.most = Math.max(this.most, ends[capture] ?? end)
    }
  }

  /** Of one whose only packet is its first. */
  ofFirst({ page, base }: Pick<Row, 'page' | 'base'>): number {
    const { end, ends } = this.watch
    return ends === null ? end : (ends[this.flows.captureOf(page[base + FIRST] as number)] ?? end)
  }
}

/** Of all captures. */
export function hostsIn(flows: PlainFlows): Hosts {
  const hosts = new Hosts()
  for (let conversation = 0; conversation < flows.count; conversation++) {
    if (flows.incarnationOf(conversation) > 0) continue
    const row = flows.look(conversation)
    hosts.begins(flows.captureOf(firstPacket(row)), hostOf(row, false), hostOf(row, true))
  }
  return hosts
}

const hostOf = (row: Row, second: boolean): number | string =>
  row.version === 4 ? addressWord(row, second) : endOf(row, second).address
