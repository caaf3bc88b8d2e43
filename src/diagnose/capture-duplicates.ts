/** Packets that were captured twice: they are no retransmissions. */
import type { Finding, Flow } from '../report.js'
import { named, noteOf } from './evidence.js'
import { about, inEachFlow, type Rule } from './rule.js'

function twice(flow: Flow): Finding<'capture-duplicates'> | null {
  const copies = flow.rows.filter((row) => noteOf(row, 'capture-duplicate') !== undefined)
  if (copies.length === 0) return null
  const pairs = copies.slice(0, 6).flatMap((row) => [named(row, 'capture-duplicate', 'of'), row])
  return {
    ...about(flow, null, 'implied', pairs),
    id: 'capture-duplicates',
    severity: 'note',
    args: { flows: 1, packets: copies.length },
    causes: [
      { code: 'several-interfaces', likelihood: 'likely' },
      { code: 'mirror-port', likelihood: 'possible' },
    ],
  }
}

export const rule: Rule = {
  id: 'capture-duplicates',
  severity: 'note',
  find: inEachFlow('capture-duplicates', twice, () => '', 'capture'),
}
