/**
 * Many SYNs for one port whose senders never go on: nobody stands behind them. RFC 4987 section 2.
 *
 * A real client whose SYN+ACK is lost sends its SYN again; a spoofed one sends one SYN and nothing more. A flood can be
 * so fast that the capture ends before any client would send again: then it is told by its sources, each of which is
 * heard of once. Without answers in the capture (taken before the server, or the server drops) it is a flood still.
 */
import { type Finding, type Flow, SUMMED_UP } from '../report.js'
import { has, isSyn, isSynAck, realRows } from './evidence.js'
import { type Found, foundIn, gathered } from './grouping.js'
import { quoting, type Rule, type Seen } from './rule.js'

/** Fewer are an accident. */
const FLOOD = 20
/** Seconds after which a real client would have sent its SYN again (RFC 6298 section 2.1: 1 s). */
const AGAIN = 1.2

/** So many from as many addresses at one time are no crowd, even if it is too early for a second SYN. */
const MASS = 1000
/** Seconds after which an answer, and the ACK for it, would have come. */
const ANSWER = 0.3
/** Share of addresses that are heard of in one SYN only. */
const ONCE = 0.9

/**
 * Where the report sums up most connections that never came about, those it tells stand for them: so many on one port, and
 * half of all that it tells, are enough to say that the others were of their kind.
 */
const TOLD = 5

/** SYNs that are quoted. */
const QUOTED = 24

function floods(seen: Seen): readonly Finding[] {
  const ports = new Map<string, Flow[]>()
  for (const flow of seen.flows) {
    const key = `${flow.server.address} ${flow.server.port}`
    const list = ports.get(key)
    if (list === undefined) ports.set(key, [flow])
    else list.push(flow)
  }
  const all = [...ports.values()].flatMap((flows) => on(flows, seen, 0) ?? [])
  const more = seen.captures.reduce((sum, { other }) => sum + (other[SUMMED_UP] ?? 0), 0)
  const found = all.length > 0 || more === 0 ? all : stoodFor([...ports.values()], seen, more)
  return gathered(attributed(found, more), ({ finding }) => finding.severity)
}

/** The flood that is seen only when those are counted which the report sums up. */
function stoodFor(
  ports: readonly (readonly Flow[])[],
  seen: Seen,
  more: number,
): readonly Found<'syn-flood'>[] {
  const isLone = (flow: Flow): boolean => attemptOf(flow, seen.endAt).lone
  const counts = ports.map((flows) => flows.filter(isLone).length)
  const most = counts.reduce((a, b) => Math.max(a, b), 0)
  if (most < TOLD || 2 * most < counts.reduce((a, b) => a + b, 0)) return []
  const found = on(ports[counts.indexOf(most)] ?? [], seen, more)
  return found === null ? [] : [found]
}

/** A flow, and for how long nothing came after its SYN; null: its client went on. */
interface Attempt {
  readonly flow: Flow
  readonly lone: boolean
  /** Seconds. */
  readonly age: number
  /** 0 when its client went on. */
  readonly synAcks: number
}

/** `more`: connections for this port that came before those that are told, and nobody went on with either. */
function on(flows: readonly Flow[], { endAt }: Seen, more: number): Found<'syn-flood'> | null {
  if (flows.length + more < FLOOD) return null
  const attempts = flows.map((flow) => attemptOf(flow, endAt))
  const lone = attempts.filter((attempt) => attempt.lone)
  const [first] = lone
  const last = lone.at(-1)
  if (first === undefined || last === undefined) return null
  // When those began is not known, but that nobody went on while the capture lasted.
  const old = endAt > AGAIN ? more : 0
  const overdue = old + lone.filter(({ age }) => age > AGAIN).length
  const early = overdue < FLOOD || overdue < (old + attempts.filter(({ age }) => age > AGAIN).length) / 2
  if (early && !isMass(attempts, lone, endAt > ANSWER ? more : 0)) return null
  const answered = lone.filter(({ synAcks }) => synAcks > 0).length
  const addresses = new Set(lone.map(({ flow }) => flow.client.address))
  const [client] = addresses
  const { server } = first.flow
  const synsOnly = attempts.every(({ flow }) => realRows(flow).every((row) => has(row, 'S')))
  // A server that gets no ACK sends its SYN+ACK again: where none comes again, the ACKs may only not have been captured.
  const unsure = synsOnly && lone.every(({ synAcks }) => synAcks < 2) && !isMass(attempts, lone, 0)
  const finding: Finding<'syn-flood'> = {
    id: 'syn-flood',
    severity: unsure ? 'warning' : 'problem',
    flow: null,
    flows: lone.map(({ flow }) => flow.flow),
    side: 'server',
    certainty: answered > 0 && !early && !unsure ? 'implied' : 'assumed',
    ...quoting(lone.slice(0, QUOTED).map(({ flow }) => flow.rows[0])),
    args: {
      flows: lone.length,
      client: addresses.size === 1 ? (client ?? null) : null,
      server: server.address,
      clients: addresses.size,
      servers: 1,
      port: server.port,
      addresses: addresses.size,
      seconds: last.flow.startAt - first.flow.startAt,
      answered,
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
  return foundIn(finding, first.flow)
}

/** Very many, most of those that should have gone on by now, and each from an address that did nothing else. */
function isMass(attempts: readonly Attempt[], lone: readonly Attempt[], more: number): boolean {
  const isDue = ({ age }: Attempt): boolean => more > 0 || age > ANSWER
  const due = lone.filter(isDue)
  if (due.length + more < MASS || due.length < attempts.filter(isDue).length / 2) return false
  const heard = new Map<string, number>()
  for (const { flow } of attempts) heard.set(flow.client.address, (heard.get(flow.client.address) ?? 0) + 1)
  return due.filter(({ flow }) => heard.get(flow.client.address) === 1).length >= ONCE * due.length
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

/** One SYN, perhaps answered; or SYN+ACKs alone, for an address that somebody else has used. */
function attemptOf(flow: Flow, endAt: number): Attempt {
  const rows = realRows(flow)
  const own = rows.filter(({ from }) => from === 'client')
  // Who went on is no part of a flood, whatever the server sent.
  const synAcks = own.length > 1 ? 0 : rows.filter((row) => row.from === 'server' && isSynAck(row)).length
  return {
    flow,
    synAcks,
    age: endAt - flow.startAt,
    lone:
      rows.length > 0 &&
      flow.icmp.length === 0 &&
      own.length <= 1 &&
      own.every(isSyn) &&
      own.length + synAcks === rows.length,
  }
}

export const rule: Rule = {
  id: 'syn-flood',
  severity: 'problem',
  find: floods,
  explains: ['connect-timeout', 'capture-partial', 'scan', 'capture-point'],
}
