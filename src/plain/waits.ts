/**
 * What hosts hold in TIME_WAIT, of plain connections and others, for the rule that counts them.
 *
 * In: all flows by groups; those that need not be told. Out: what the rule would gather from the flows themselves, of
 * hosts that have enough of them: nothing is made of a plain connection but its numbers.
 */
import { finOf } from '../diagnose/evidence.js'
import { type Frame, type Held, QUOTED } from '../diagnose/holding.js'
import { peakIn } from '../diagnose/peak.js'
import { CLIENT, type End, SERVER } from '../flow/segment.js'
import type { Flow, Side, StateSpan } from '../report.js'
import type { Explained } from './explained.js'
import { type FlowList, REPLAYED } from './flow-list.js'
import { CLIENT_WAITS, type Groups, SERVER_WAITS } from './groups.js'
import { FIN1_PACKET } from './layout.js'
import { OUTCOMES, timeWaitFrom } from './outcome.js'

/** A rate needs so many connections, and a pile is more: below `diagnose/peak.ts` and `diagnose/time-wait.ts`. */
const LEAST = 100

/** Those of clients first. `known`: flows that need not be told. */
export const heldIn = (groups: Groups, known: Explained | null): readonly Held[] =>
  groups.list.length < LEAST ? [] : [...heldAt(CLIENT, groups, known), ...heldAt(SERVER, groups, known)]

/** Of each host that has enough, in the order of their first connections. */
function heldAt(end: End, groups: Groups, known: Explained | null): readonly Held[] {
  const { list, marks } = groups
  const mark = end === CLIENT ? CLIENT_WAITS : SERVER_WAITS
  const hosts = end === CLIENT ? groups.client : groups.server
  const { counts, most } = groups.counted(hosts, mark)
  if (most < LEAST) return []
  // Host by host: each has room for all of its own.
  const places = new Int32Array(marks.length)
  const ends = new Int32Array(counts.length)
  const order: { readonly host: number; readonly begin: number }[] = []
  let room = 0
  for (let n = 0; n < marks.length; n++) {
    const host = hosts[n] as number
    if (((marks[n] as number) & mark) === 0 || (counts[host] as number) < LEAST) continue
    if (known?.has(list.number[n] as number)) continue
    if (ends[host] === 0) {
      order.push({ host, begin: room })
      ends[host] = room
      room += counts[host] as number
    }
    const at = ends[host] as number
    places[at] = n
    ends[host] = at + 1
  }
  const met = new Int32Array(groups.addresses).fill(-1)
  return order.map(({ host, begin }) => heldBy(end, groups, places.subarray(begin, ends[host]), met))
}

const SIDES = ['client', 'server'] as const satisfies readonly Side[]

/** Of each outcome whether TIME_WAIT was over when the capture ended. */
const IS_OVER = Uint8Array.from(OUTCOMES, ({ ends }) =>
  ends.every(({ state }) => state !== 'TIME_WAIT') ? 1 : 0,
)

/** What one host holds: its flows are at these places. `met`: of each host whose peer it was last. */
function heldBy(end: End, groups: Groups, places: Int32Array, met: Int32Array): Held {
  const { list, service } = groups
  const [hosts, peers] = end === CLIENT ? [groups.client, groups.server] : [groups.server, groups.client]
  const first = places[0] as number
  const last = places[places.length - 1] as number
  const own = hosts[first] as number
  const port = groups.portOf(first)
  const flows: number[] = []
  let isOnePort = true
  let peerCount = 0
  for (const n of places) {
    flows.push(list.number[n] as number)
    if (service[n] !== service[first] && groups.portOf(n) !== port) isOnePort = false
    const peer = peers[n] as number
    if (met[peer] !== own) peerCount++
    met[peer] = own
  }
  const { client, server } = list.flow(first)
  const [host, peer] = end === CLIENT ? [client, server] : [server, client]
  return {
    host: host.address,
    side: SIDES[end],
    flows,
    quoted: Array.from(places.subarray(0, QUOTED)).flatMap((n) => finAt(list, n, end) ?? []),
    peers: peerCount,
    peer: peerCount === 1 ? peer.address : null,
    port: isOnePort ? port : null,
    seconds: list.startAt(last) - list.startAt(first),
    peak: peakAt(end, list, places),
  }
}

const waitsIn = ({ spans }: Flow, end: End): readonly StateSpan[] =>
  spans[SIDES[end]].filter(({ state }) => state === 'TIME_WAIT')

/** How many wait at one time, at most. */
function peakAt(end: End, list: FlowList, places: Int32Array): number {
  const { outcome, plain } = list
  // Mostly a capture is shorter than TIME_WAIT: then all wait at its end.
  const stays = (n: number): boolean =>
    outcome[n] === REPLAYED
      ? waitsIn(list.exampleOf(n), end).every(({ to }) => to === null)
      : IS_OVER[outcome[n] as number] === 0
  if (places.every(stays)) return places.length
  const begins: number[] = []
  const ends: number[] = []
  for (const n of places) {
    if (outcome[n] === REPLAYED) {
      for (const { from, to } of waitsIn(list.exampleOf(n), end)) {
        begins.push(from ?? Number.NEGATIVE_INFINITY)
        ends.push(to ?? Number.POSITIVE_INFINITY)
      }
      continue
    }
    const { page, base } = list.row(n)
    const from = timeWaitFrom(plain, page, base, end)
    begins.push(from)
    ends.push(IS_OVER[outcome[n] as number] === 0 ? Number.POSITIVE_INFINITY : from + plain.timeWait)
  }
  return peakIn(Float64Array.from(begins), Float64Array.from(ends))
}

/** The frame of the first FIN. */
function finAt(list: FlowList, n: number, end: End): Frame | undefined {
  if (list.outcome[n] === REPLAYED) return finOf(list.exampleOf(n), SIDES[end])
  const { page, base } = list.row(n)
  return list.plain.frameOf(page[base + FIN1_PACKET] as number)
}
