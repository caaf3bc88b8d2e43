/** A receive window of zero: the application on that side does not read. RFC 9293 section 3.8.6.1. */
import type { Finding, Flow, Side } from '../report.js'
import { has, isReset, realRows } from './evidence.js'
import { about, held, inEachFlow, type Rule, type Seen } from './rule.js'

/** Shorter stops cost little, in seconds; longer ones hurt. */
const WARNING = 0.2
const PROBLEM = 5

function shut(flow: Flow, seen: Seen): Finding<'zero-window'> | null {
  const found = (['client', 'server'] as const).flatMap((side) => on(flow, side, seen) ?? [])
  return found.toSorted((a, b) => b.args.seconds - a.args.seconds)[0] ?? null
}

function on(flow: Flow, side: Side, seen: Seen): Finding<'zero-window'> | null {
  const own = realRows(flow).filter(
    (row) => row.from === side && row.ack !== null && !isReset(row) && !has(row, 'S'),
  )
  let longest = { from: 0, seconds: -1, still: false, packets: [] as number[] }
  for (let k = 0; k < own.length; k++) {
    const row = own[k]
    if (row === undefined || row.window > 0 || (own[k - 1]?.window ?? 1) === 0) continue
    const open = own.find((next, n) => n > k && next.window > 0)
    const over = open === undefined ? flow.rows.find((next) => next.at > row.at && isReset(next)) : undefined
    const to = open?.at ?? over?.at ?? seen.endAt
    if (to - row.at <= longest.seconds) continue
    longest = {
      from: row.at,
      seconds: to - row.at,
      still: open === undefined,
      packets: [row.packet, ...(open === undefined ? [] : [open.packet])],
    }
  }
  if (longest.seconds < 0) return null
  return {
    ...about(flow, side, 'seen', longest.packets),
    id: 'zero-window',
    severity: longest.seconds >= PROBLEM ? 'problem' : longest.seconds >= WARNING ? 'warning' : 'note',
    args: { ...held(flow, side), seconds: longest.seconds, still: longest.still },
    causes: [
      { code: longest.still ? 'stopped-reader' : 'slow-reader', likelihood: 'likely' },
      { code: 'small-buffer', likelihood: 'possible' },
    ],
  }
}

export const rule: Rule = {
  id: 'zero-window',
  severity: 'problem',
  find: inEachFlow('zero-window', shut, ({ host, peer, port }) => `${host} ${peer} ${port}`),
}
