/** The capturing host says that it lost packets: what is missing may have been there. */
import type { Finding } from '../report.js'
import type { Rule, Seen } from './rule.js'

function dropped({ captures }: Seen): readonly Finding[] {
  const packets = captures.reduce((sum, { drops }) => sum + drops, 0)
  if (packets === 0) return []
  return [
    {
      id: 'capture-drops',
      severity: 'warning',
      flow: null,
      flows: [],
      side: null,
      certainty: 'seen',
      packets: [],
      args: { packets },
      causes: [{ code: 'slow-capture', likelihood: 'likely' }],
    } satisfies Finding<'capture-drops'>,
  ]
}

export const rule: Rule = { id: 'capture-drops', severity: 'warning', find: dropped }
