/**
 * Packets that stand in one capture twice: they are no retransmissions. Those that stand in two captures, of both hosts or
 * of two interfaces, are there because somebody took two captures.
 */
import type { Finding, Flow } from '../report.js'
import { everNoted, hasNote, named } from './evidence.js'
import { about, inEachFlow, type Rule } from './rule.js'

function twice(flow: Flow): Finding<'capture-duplicates'> | null {
  if (!everNoted(flow, DUPLICATE)) return null
  const copies = flow.rows.filter(
    (row) => hasNote(row, DUPLICATE) && named(row, 'capture-duplicate', 'of')?.capture === row.capture,
  )
  if (copies.length === 0) return null
  const pairs = copies.slice(0, 6).flatMap((row) => [named(row, 'capture-duplicate', 'of'), row])
  return about(flow, null, 'implied', pairs, {
    id: 'capture-duplicates',
    severity: 'note',
    args: { flows: 1, packets: copies.length },
    causes: [
      { code: 'several-interfaces', likelihood: 'likely' },
      { code: 'mirror-port', likelihood: 'possible' },
    ],
  })
}

const DUPLICATE = ['capture-duplicate'] as const

export const rule: Rule = {
  id: 'capture-duplicates',
  severity: 'note',
  ...inEachFlow('capture-duplicates', twice, () => '', 'capture'),
}
