/**
 * One end believes in a connection that the other does not have: a bare RST answers what it sends, or the other end
 * opens anew with the same ports. RFC 9293 section 3.5.1, figures 9 to 11.
 */
import type { Finding, Flow, PacketRow } from '../report.js'
import { answeredBy, has, isOneWay, isReset, isSyn, keepAliveProbes, noteOf, wasOpen } from './evidence.js'
import { lookAt } from './look.js'
import { about, held, inEachFlow, opposite, type Rule } from './rule.js'

/** No host restarts within so many seconds. */
const RESTART = 1
/** After such a silence something between the two may have forgotten the connection, seconds. */
const IDLE = 30

function halfOpen(flow: Flow): Finding<'half-open'> | null {
  const { rows, resets } = lookAt(flow)
  // Either way a RST tells.
  if (resets.length === 0 || isOneWay(flow) !== null) return null
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
  // Without a segment that asks for it this RST has another story.
  const asked = answeredBy(rows, reset, index)
  if (asked === undefined || has(asked, 'S')) return null
  const before = rows.findLast((row) => row.at < asked.at && row.from === side && !isReset(row))
  // Never heard of in this capture: it may have closed before.
  if (before === undefined) return null
  const idle = asked.at - before.at
  const probe = asked.len <= 1 && keepAliveProbes(flow, opposite(side)).includes(asked)
  const by = probe ? 'keep-alive' : has(asked, 'F') ? 'fin' : 'data'
  return about(flow, side, 'implied', [before, asked, reset], {
    id: 'half-open',
    severity: 'problem',
    args: held(flow, side, { by, idle }),
    causes: causesOf(idle, gaveUp(rows, index)),
  })
}

/** Hosts crash seldom: nothing in one connection makes that likelier than a FIN or RST that did not come through. */
function causesOf(idle: number, tired: boolean): Finding<'half-open'>['causes'] {
  const forgotten = { code: 'middlebox-timeout', likelihood: idle >= IDLE ? 'likely' : 'possible' } as const
  return [
    ...(tired ? [{ code: 'gave-up', likelihood: 'likely' } as const] : []),
    ...(idle >= IDLE ? [forgotten] : []),
    { code: 'lost-close', likelihood: 'possible' },
    { code: 'one-side-reset', likelihood: 'possible' },
    ...(idle >= RESTART ? [{ code: 'rebooted-host', likelihood: 'possible' } as const] : []),
    { code: 'killed-silently', likelihood: 'possible' },
    ...(idle >= IDLE ? [{ code: 'moved-address', likelihood: 'possible' } as const] : []),
  ]
}

/** The end without a socket had sent the same bytes again and again before, and nobody had answered. */
function gaveUp(rows: readonly PacketRow[], index: number): boolean {
  const reset = rows[index]
  if (reset === undefined) return false
  const own = rows.filter((row, k) => k < index && row.from === reset.from && row.len > 0)
  const last = own.at(-1)
  return own.filter((row) => row.relativeSeq === last?.relativeSeq).length >= 3
}

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
  return about(flow, syn.from, 'implied', [syn, old, reset], {
    id: 'half-open',
    severity: 'problem',
    args: held(flow, syn.from, { by: 'syn', idle: 0 }),
    causes: [
      { code: 'lost-close', likelihood: 'possible' },
      { code: 'rebooted-host', likelihood: 'possible' },
      { code: 'killed-silently', likelihood: 'possible' },
    ],
  })
}

export const rule: Rule = {
  id: 'half-open',
  severity: 'problem',
  ...inEachFlow('half-open', halfOpen, ({ by }, { causes }) => `${by} ${causes[0]?.code}`),
  explains: ['reset', 'close-wait'],
}
