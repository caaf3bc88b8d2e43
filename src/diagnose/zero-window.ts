/** A receive window of zero: the application on that side does not read. RFC 9293 section 3.8.6.1. */
import { type Finding, type Flow, type PacketRow, SIDES, type Side, watchedUntil } from '../report.js'
import { isReset, realRows, tellsWindow } from './evidence.js'
import { about, held, inEachFlow, type Rule, type Seen } from './rule.js'

/** Shorter stops cost little, in seconds; longer ones hurt. */
const WARNING = 0.2
const PROBLEM = 5

function shut(flow: Flow, seen: Seen): Finding<'zero-window'> | null {
  if (!realRows(flow).some(({ window }) => window === 0)) return null
  const found = SIDES.flatMap((side) => on(flow, side, seen) ?? [])
  return found.toSorted((a, b) => b.args.seconds - a.args.seconds)[0] ?? null
}

function on(flow: Flow, side: Side, seen: Seen): Finding<'zero-window'> | null {
  let longest: { seconds: number; still: boolean; packets: PacketRow[] } = {
    seconds: -1,
    still: false,
    packets: [],
  }
  const take = (row: PacketRow, to: number, open: PacketRow | null): void => {
    if (to - row.at <= longest.seconds) return
    const packets = open === null ? [row] : [row, open]
    longest = { seconds: to - row.at, still: open === null, packets }
  }
  let shutBy: PacketRow | null = null
  for (const row of realRows(flow)) {
    if (row.from !== side || !tellsWindow(row)) continue
    if (row.window === 0) shutBy ??= row
    else {
      if (shutBy !== null) take(shutBy, row.at, row)
      shutBy = null
    }
  }
  const last = shutBy
  if (last !== null) {
    const over = flow.rows.find((row) => row.at > last.at && isReset(row))
    take(last, over?.at ?? watchedUntil(flow, seen), null)
  }
  if (longest.seconds < 0) return null
  return about(flow, side, 'seen', longest.packets, {
    id: 'zero-window',
    severity: longest.seconds >= PROBLEM ? 'problem' : longest.seconds >= WARNING ? 'warning' : 'note',
    args: held(flow, side, { seconds: longest.seconds, still: longest.still }),
    causes: [
      { code: longest.still ? 'stopped-reader' : 'slow-reader', likelihood: 'likely' },
      { code: 'small-buffer', likelihood: 'possible' },
    ],
  })
}

export const rule: Rule = {
  id: 'zero-window',
  severity: 'problem',
  ...inEachFlow('zero-window', shut, ({ still }, { severity }) => `${severity} ${still}`),
}
