/**
 * One end believes in a connection that the other does not have: a bare RST answers what it sends, or the other end
 * opens anew with the same ports. RFC 9293 section 3.5.1, figures 9 to 11.
 */
import type { Finding, Flow, PacketRow } from '../report.js'
import { has, isOneWay, isReset, isSyn, keepAliveProbes, noteOf, realRows, wasOpen } from './evidence.js'
import { about, held, inEachFlow, opposite, type Rule } from './rule.js'

/** No host restarts within so many seconds. */
const RESTART = 1
/** After such a silence something between the two may have forgotten the connection, seconds. */
const IDLE = 30

function halfOpen(flow: Flow): Finding<'half-open'> | null {
  if (isOneWay(flow) !== null) return null
  const rows = realRows(flow)
  return byReset(flow, rows) ?? bySyn(flow, rows)
}

function byReset(flow: Flow, rows: readonly PacketRow[]): Finding<'half-open'> | null {
  const index = rows.findIndex(
    (row) => isReset(row) && !has(row, 'A') && noteOf(row, 'reset')?.form !== 'forged',
  )
  const reset = rows[index]
  if (reset === undefined) return null
  const side = reset.from
  // It had closed, or was never open: then this is what has to come.
  const own = rows.filter((row, k) => k < index && row.from === side)
  if (
    own.some((row) => has(row, 'F') || isReset(row)) ||
    !wasOpen(flow, side) ||
    !wasOpen(flow, opposite(side))
  )
    return null
  if (rows.some((row, k) => k > index && row.from === side && !isReset(row) && !has(row, 'S'))) return null
  const asked = rows.findLast(
    (row, k) => k < index && row.from !== side && row.ack === reset.seq && !isReset(row),
  )
  // A bare ACK draws no RST from a host that was just heard of: that RST has another story.
  const probe = asked !== undefined && keepAliveProbes(flow, opposite(side)).includes(asked)
  if (asked === undefined || has(asked, 'S') || (asked.len === 0 && !has(asked, 'F') && !probe)) return null
  const before = rows.findLast((row) => row.at < asked.at && row.from === side)
  const idle = asked.at - (before?.at ?? asked.at)
  const quick = idle < RESTART && !gaveUp(rows, index)
  const by = probe ? 'keep-alive' : has(asked, 'F') ? 'fin' : 'data'
  return {
    ...about(flow, side, 'implied', [before?.packet ?? null, asked.packet, reset.packet]),
    id: 'half-open',
    severity: 'problem',
    args: { ...held(flow, side), by, idle },
    causes: [
      ...(gaveUp(rows, index) ? [{ code: 'gave-up', likelihood: 'likely' }] : []),
      {
        code: 'rebooted-host',
        likelihood: quick || idle >= IDLE || gaveUp(rows, index) ? 'possible' : 'likely',
      },
      { code: 'killed-silently', likelihood: quick ? 'likely' : 'possible' },
      { code: 'middlebox-timeout', likelihood: idle >= IDLE ? 'likely' : 'possible' },
      { code: 'moved-address', likelihood: 'possible' },
    ].toSorted(byLikelihood) as Finding<'half-open'>['causes'],
  }
}

/** The end without a socket had sent the same bytes again and again before, and nobody had answered. */
function gaveUp(rows: readonly PacketRow[], index: number): boolean {
  const reset = rows[index]
  if (reset === undefined) return false
  const own = rows.filter((row, k) => k < index && row.from === reset.from && row.len > 0)
  const last = own.at(-1)
  return own.filter((row) => row.relativeSeq === last?.relativeSeq).length >= 3
}

const byLikelihood = (a: { likelihood: string }, b: { likelihood: string }): number =>
  ['shown', 'likely', 'possible'].indexOf(a.likelihood) -
  ['shown', 'likely', 'possible'].indexOf(b.likelihood)

/** A SYN is answered with the numbers of an older connection, which its sender resets (section 3.5.1, figure 9). */
function bySyn(flow: Flow, rows: readonly PacketRow[]): Finding<'half-open'> | null {
  const syn = rows.find(isSyn)
  const old = rows.find((row) => row.from !== syn?.from && row.at > (syn?.at ?? Infinity))
  if (syn === undefined || old === undefined || old.flags.replace('P', '') !== 'A') return null
  if (old.ack === (syn.seq + 1) >>> 0) return null
  const reset = rows.find(
    (row) => row.from === syn.from && isReset(row) && row.at > old.at && row.seq === old.ack,
  )
  if (reset === undefined) return null
  return {
    ...about(flow, syn.from, 'implied', [syn.packet, old.packet, reset.packet]),
    id: 'half-open',
    severity: 'problem',
    args: { ...held(flow, syn.from), by: 'syn', idle: 0 },
    causes: [
      { code: 'rebooted-host', likelihood: 'likely' },
      { code: 'killed-silently', likelihood: 'possible' },
    ],
  }
}

export const rule: Rule = {
  id: 'half-open',
  severity: 'problem',
  find: inEachFlow('half-open', halfOpen, ({ host, peer, port }) => `${host} ${peer} ${port}`),
  explains: ['reset', 'close-wait'],
}
