/**
 * How many sockets each host has in each state, step after step. Between two steps only the ends that changed are looked
 * at: with every socket at every step an hour of a busy server, second by second, would take as long as it lasted.
 *
 * In: a report, the moments in order, which hosts. Out: for each moment every host with sockets, and once more the one
 * whose last socket has gone. The same as to count `socketsAt` each time.
 */
import { firstThat } from '../../bisection.js'
import { type Flow, type Report, SIDES, type Side, STATES, type State, watchedUntil } from '../../report.js'
import { type HeldFrom, heldThroughTime, isNone, type Socket, socketKey } from './sockets.js'

/** From opening to closing, as a connection goes through them. */
export const STATE_ORDER: readonly State[] = STATES.filter((state) => !isNone({ state }))

/** Of one host at one moment; empty where its last socket has gone since the moment before. */
export type StateCounts = ReadonlyMap<State, number>

/** One end is in another state from a step on; null: in none that netstat lists. */
interface Change {
  readonly end: End
  readonly state: State | null
}

/** An end of a flow; those of later flows have higher numbers. */
interface End {
  readonly number: number
  readonly flow: Flow
  readonly side: Side
}

export class SocketsThroughTime {
  /** By step. */
  readonly #changes: (Change[] | undefined)[] = []
  /** The ends that are in a state, by the key of their socket: a host has one for a 4-tuple, the latest. */
  readonly #sockets = new Map<string, Map<number, State>>()
  readonly #hosts = new Map<string, Map<State, number>>()

  constructor(report: Report, moments: readonly number[], wanted: (socket: Pick<Socket, 'host'>) => boolean) {
    let number = 0
    for (const flow of report.flows)
      for (const side of SIDES) {
        const end = { number: number++, flow, side }
        if (!wanted({ host: flow[side].address })) continue
        this.#plan(end, heldThroughTime(flow, side, watchedUntil(flow, report)), moments)
      }
  }

  /**
   * By host. To be asked for one step after the other, from 0; valid until the next. `inTheEnd`: the sockets that are left then,
   * whatever the clocks say.
   */
  at(step: number, inTheEnd: readonly Socket[] | null): ReadonlyMap<string, StateCounts> {
    const hosts = this.#hosts
    for (const [host, counts] of hosts) if (counts.size === 0) hosts.delete(host)
    if (inTheEnd !== null) return this.#recount(inTheEnd)
    const changes = this.#changes[step] ?? []
    this.#changes[step] = undefined
    // Hosts are listed in the order of their first flows.
    const fresh = changes.filter(({ end, state }) => state !== null && !hosts.has(hostOf(end)))
    for (const { end } of fresh.sort((a, b) => a.end.number - b.end.number)) hosts.set(hostOf(end), new Map())
    for (const change of changes) this.#take(change)
    return hosts
  }

  #recount(sockets: readonly Socket[]): ReadonlyMap<string, StateCounts> {
    for (const counts of this.#hosts.values()) counts.clear()
    for (const { host, state } of sockets) {
      const counts = this.#hosts.get(host) ?? new Map<State, number>()
      this.#hosts.set(host, counts)
      add(counts, state, 1)
    }
    return this.#hosts
  }

  #plan(end: End, held: readonly HeldFrom[], moments: readonly number[]): void {
    let latest: State | null = null
    for (const [k, { from, state }] of held.entries()) {
      const step = firstFrom(moments, from)
      const next = held[k + 1]
      // Between two steps it may go through many states: the last of them counts.
      if (step === moments.length || (next !== undefined && firstFrom(moments, next.from) === step)) continue
      if (state === latest) continue
      latest = state
      const changes = this.#changes[step]
      if (changes === undefined) this.#changes[step] = [{ end, state }]
      else changes.push({ end, state })
    }
  }

  #take({ end, state }: Change): void {
    const key = socketKey(end.flow, end.side)
    const ends = this.#sockets.get(key) ?? new Map<number, State>()
    const before = latestOf(ends)
    if (state === null) ends.delete(end.number)
    else ends.set(end.number, state)
    if (ends.size === 0) this.#sockets.delete(key)
    else this.#sockets.set(key, ends)
    const now = latestOf(ends)
    if (now === before) return
    const counts = this.#hosts.get(hostOf(end)) ?? new Map<State, number>()
    if (before !== null) add(counts, before, -1)
    if (now !== null) add(counts, now, 1)
  }
}

const hostOf = ({ flow, side }: End): string => flow[side].address

const latestOf = (ends: ReadonlyMap<number, State>): State | null => {
  let latest = -1
  for (const number of ends.keys()) latest = Math.max(latest, number)
  return ends.get(latest) ?? null
}

const add = (counts: Map<State, number>, state: State, by: number): void => {
  const count = (counts.get(state) ?? 0) + by
  if (count === 0) counts.delete(state)
  else counts.set(state, count)
}

/** Index of the first moment that is not before `at`. */
const firstFrom = (moments: readonly number[], at: number): number =>
  firstThat(0, moments.length, (step) => (moments[step] as number) >= at)
