/**
 * The rows of connections that need no replay: each is a kind with numbers.
 *
 * In: a flow whose packets lie in the log. Out: its rows, settled there, and its history; or that it has to be replayed.
 */
import { type Watch, watchedUntil } from '../flow/watch.js'
import { atHosts, NEVER_CAME } from '../infer/hosts.js'
import type { Surroundings } from '../replay/annotate.js'
import type { Flow, PacketRow } from '../report.js'
import type { Columns } from './columns.js'
import { HalfOpenRows } from './half-open-rows.js'
import { History } from './history.js'
import { HANDSHAKE } from './layout.js'
import { Endings } from './plain-ending.js'
import type { Whole } from './plain-fates.js'
import { PlainFlow } from './plain-flow.js'
import { PlainReplay } from './plain-replay.js'
import { LIKE_ANOTHER } from './row-kinds.js'
import type { RowLog } from './row-log.js'
import { UnopenedFlow } from './unopened-flow.js'

const UNSCALED = [0, 0] as const

/** Where relative numbers count from: its SYN is the first row, and the SYN+ACK, if any, the second. */
const initial = ({ seq }: Columns): readonly [number, number] => [seq[0] as number, seq[1] as number]

/** Where neither was captured the first that is heard of each end is 1. */
function inMiddle(columns: Columns): readonly [number, number] {
  const [client, server] = columns.firstNumbers()
  return [client - 1, server - 1]
}

export class PlainRows {
  /** Of the flow that was settled last. */
  readonly history = new History()
  readonly #replay = new PlainReplay()
  readonly #endings: Endings
  readonly #halfOpen = new HalfOpenRows(this.history)

  constructor(
    private readonly log: RowLog,
    private readonly around: Pick<Surroundings, 'stacks'> & { readonly watch: Watch },
  ) {
    this.#endings = new Endings(log, this.#replay, around.stacks, this.history)
  }

  /** False: only the full replay can tell. Its packets begin at `place`. */
  settle(flow: Flow, place: number): boolean {
    if (flow instanceof PlainFlow) return this.#settlePlain(flow, place)
    return flow instanceof UnopenedFlow && this.#settleHalfOpen(flow, place)
  }

  /** Of a kind that is said to be like another row: that one. */
  exampleOf(kind: number): PacketRow {
    return this.#halfOpen.rows[kind & ~LIKE_ANOTHER] as PacketRow
  }

  #settlePlain(flow: PlainFlow, place: number): boolean {
    const { stacks } = this.around
    const { where } = flow
    const { columns } = this.#replay
    this.log.read(place, columns)
    const came = this.#atHosts(columns)
    if (came?.includes(NEVER_CAME)) return false
    const whole: Whole = {
      handshake: flow.beginsInMiddle ? 0 : HANDSHAKE,
      roundTrip: flow.roundTrip,
      near: where === 'client' ? 0 : where === 'server' ? 1 : -1,
      came,
      scale: flow.scale,
      captureEnd: this.#watchedUntil(columns),
      timeWait: [stacks[0].timeWait, stacks[1].timeWait],
    }
    if (!this.#replay.replay(whole)) return false
    const { kind, by } = this.#replay
    const until = this.#endings.of(whole)
    const bases = flow.beginsInMiddle ? inMiddle(columns) : initial(columns)
    this.log.settle(columns, kind, by, { flow: flow.flow, scale: whole.scale, bases, until })
    return true
  }

  #watchedUntil({ count, place }: Columns): number {
    const { watch } = this.around
    if (watch.ends === null) return watch.end
    return watchedUntil(
      watch,
      Array.from({ length: count }, (_, row) => this.log.captured(place[row] as number)),
    )
  }

  /** Of one that stands in several captures. Nothing of it was captured twice. */
  #atHosts({ count, place }: Columns): Int8Array | null {
    const { log } = this
    const captureOf = (row: number): number => log.captured(place[row] as number).capture
    if (captureOf(0) === captureOf(count - 1)) return null
    const segments = Array.from({ length: count }, (_, row) => log.segment(place[row] as number))
    return atHosts(segments, new Int32Array(count).fill(-1), this.around.watch.lasts)?.came ?? null
  }

  #settleHalfOpen(flow: UnopenedFlow, place: number): boolean {
    const number = this.#halfOpen.of(flow)
    if (number === null) return false
    const { columns, kind, by } = this.#replay
    this.log.read(place, columns)
    kind[0] = LIKE_ANOTHER | number
    by[0] = -1
    const [scale, bases] = [UNSCALED, initial(columns)]
    this.log.settle(columns, kind, by, { flow: flow.flow, scale, bases, until: Number.NaN })
    return true
  }
}
