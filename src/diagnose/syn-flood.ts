/**
 * Many SYNs for one port whose senders never go on: nobody stands behind them. RFC 4987 section 2.
 *
 * A real client whose SYN+ACK is lost sends its SYN again; a spoofed one sends one SYN and nothing more. A flood can be
 * so fast that the capture ends before any client would send again: then it is told by its sources, each of which is
 * heard of once. Without answers in the capture (taken before the server, or the server drops) it is a flood still.
 */
import { captureWatchedUntil, type Finding, type Flow, SUMMED_UP } from '../report.js'
import { has, isSyn, isSynAck, realRows } from './evidence.js'
import { type Found, gathered } from './grouping.js'
import { PortAttempts, WENT_ON } from './port-attempts.js'
import { AGAIN, ANSWER, attemptsBy, type LoneTally, type Tally, talliesOf } from './port-tally.js'
import { quoting, type Rule, type Seen } from './rule.js'

/** Fewer are an accident. */
const FLOOD = 20
/** So many from as many addresses at one time are no crowd, even if it is too early for a second SYN. */
const MASS = 1000
/** Share of addresses that are heard of in one SYN only. */
const ONCE = 0.9

/**
 * Where the report sums up most connections that never came about, those it tells stand for them: so many on one port, and
 * half of all that it tells, are enough to say that the others were of their kind.
 */
const TOLD = 5

/** Of each port, in the order of their first flows. */
function portsOf(seen: Seen): readonly PortAttempts[] {
  const ports = new Map<string, PortAttempts>()
  const clients = new Map<string, number>()
  for (const flow of seen.flows) {
    const { client, server } = flow
    const key = `${server.address} ${server.port}`
    const port = ports.get(key) ?? new PortAttempts(server)
    ports.set(key, port)
    const number = clients.get(client.address) ?? clients.size
    clients.set(client.address, number)
    take(port, flow, captureWatchedUntil(flow.rows[0]?.capture ?? 0, seen), number)
  }
  return [...ports.values()]
}

/** `until`: when its first capture was watched no more; `client`: another number for another host. */
export function take(port: PortAttempts, flow: Flow, until: number, client: number): void {
  const { synAcks, synsOnly } = attemptOf(flow)
  port.synsOnly &&= synsOnly
  if (synAcks !== WENT_ON) {
    port.firstClient ||= flow.client.address
    if (port.quotes && flow.rows[0] !== undefined) port.quote(flow.rows[0])
  }
  port.add(flow.flow, flow.startAt, until, client, synAcks)
}

export function floodsOf(
  ports: readonly PortAttempts[],
  { captures, endAt }: Pick<Seen, 'captures' | 'endAt'>,
): readonly Finding[] {
  const more = captures.reduce((sum, { other }) => sum + (other[SUMMED_UP] ?? 0), 0)
  const all = ports.flatMap((port) => on(port, endAt, 0) ?? [])
  const found = all.length > 0 || more === 0 ? all : stoodFor(ports, endAt, more)
  return gathered(attributed(found, more), ({ finding }) => finding.severity)
}

/** The flood that is seen only when those are counted which the report sums up. */
function stoodFor(
  ports: readonly PortAttempts[],
  endAt: number,
  more: number,
): readonly Found<'syn-flood'>[] {
  const counts = ports.map((port) => talliesOf(port).lone.places.length)
  const most = counts.reduce((a, b) => Math.max(a, b), 0)
  const largest = ports[counts.indexOf(most)]
  if (largest === undefined || most < TOLD || 2 * most < counts.reduce((a, b) => a + b, 0)) return []
  const found = on(largest, endAt, more)
  return found === null ? [] : [found]
}

/** `more`: connections for this port that came before those that are told, and nobody went on with either. */
function on(port: PortAttempts, endAt: number, more: number): Found<'syn-flood'> | null {
  if (port.length + more < FLOOD) return null
  const { all, lone } = talliesOf(port)
  if (lone.places.length === 0) return null
  // When those began is not known, but that nobody went on while the capture lasted.
  const old = endAt > AGAIN ? more : 0
  const overdue = old + lone.overdue
  const early = overdue < FLOOD || overdue < (old + all.overdue) / 2
  const isMany = (more: number): boolean => isMass(port, all, lone, more)
  if (early && !isMany(endAt > ANSWER ? more : 0)) return null
  const addresses = attemptsBy(lone.places.map((n) => port.client[n] ?? 0)).clients
  const { server, synsOnly } = port
  // A server that gets no ACK sends its SYN+ACK again: where none comes again, the ACKs may only not have been captured.
  const unsure = synsOnly && !lone.again && !isMany(0)
  const finding: Finding<'syn-flood'> = {
    id: 'syn-flood',
    severity: unsure ? 'warning' : 'problem',
    flow: null,
    flows: lone.places.map((n) => port.flow[n] ?? 0),
    side: 'server',
    certainty: lone.answered > 0 && !early && !unsure ? 'implied' : 'assumed',
    ...quoting(port.quoted),
    args: {
      flows: lone.places.length,
      client: addresses === 1 ? port.firstClient : null,
      server: server.address,
      clients: addresses,
      servers: 1,
      port: server.port,
      addresses,
      seconds: port.seconds,
      answered: lone.answered,
      more: 0,
      synsOnly,
      likely: !unsure,
    },
    causes: unsure
      ? [
          { code: 'capture-filter', likelihood: 'likely' },
          { code: 'attack', likelihood: 'possible' },
        ]
      : [
          { code: 'attack', likelihood: 'likely' },
          { code: 'broken-return-path', likelihood: 'possible' },
          { code: 'load-test', likelihood: 'possible' },
          ...(synsOnly ? ([{ code: 'capture-filter', likelihood: 'possible' }] as const) : []),
        ],
  }
  return { finding, client: port.firstClient, service: `${server.address} ${server.port}` }
}

/** Very many, most of those that should have gone on by now, and each from an address that did nothing else. */
function isMass(port: PortAttempts, all: Tally, lone: LoneTally, more: number): boolean {
  // Those that are summed up came before: all that are told are as old as need be.
  const due = more > 0 ? lone.places.length : lone.due
  const allDue = more > 0 ? port.length : all.due
  if (due + more < MASS || due < allDue / 2) return false
  const { counts } = attemptsBy(port.client)
  let once = 0
  for (const n of lone.places) {
    const isDue = more > 0 || (port.watched[n] as number) > ANSWER
    if (isDue && counts[port.client[n] as number] === 1) once++
  }
  return once >= ONCE * due
}

/** What the report sums up without saying where it went belongs to the largest flood, if to any. */
function attributed(all: readonly Found<'syn-flood'>[], more: number): readonly Found<'syn-flood'>[] {
  if (more === 0 || all.length === 0) return all
  const largest = all.reduce((a, b) => (a.finding.args.flows >= b.finding.args.flows ? a : b))
  return all.map((found) =>
    found === largest
      ? { ...found, finding: { ...found.finding, args: { ...found.finding.args, more } } }
      : found,
  )
}

/** What an attempt comes to. */
interface Attempt {
  /** SYN+ACKs that nobody took up; or {@link WENT_ON}. */
  readonly synAcks: number
  readonly synsOnly: boolean
}

/** One SYN, perhaps answered; or SYN+ACKs alone, for an address that somebody else has used. */
export function attemptOf(flow: Flow): Attempt {
  const rows = realRows(flow)
  const own = rows.filter(({ from }) => from === 'client')
  // Who went on is no part of a flood, whatever the server sent.
  const synAcks = own.length > 1 ? 0 : rows.filter((row) => row.from === 'server' && isSynAck(row)).length
  const lone =
    rows.length > 0 &&
    flow.icmp.length === 0 &&
    own.length <= 1 &&
    own.every(isSyn) &&
    own.length + synAcks === rows.length
  return { synAcks: lone ? synAcks : WENT_ON, synsOnly: rows.every((row) => has(row, 'S')) }
}

export const rule: Rule = {
  id: 'syn-flood',
  severity: 'problem',
  find: (seen) => floodsOf(portsOf(seen), seen),
  explains: ['connect-timeout', 'capture-partial', 'scan', 'capture-point'],
}
