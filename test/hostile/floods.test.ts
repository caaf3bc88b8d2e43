/** Twice as many packets cost about twice as much, whatever they are: counted in looks at them, not in seconds. */
import { describe, expect, it } from 'vitest'
import { FLOODS } from './floods.js'
import { pcapOf } from './frames.js'
import { workOf } from './work.js'

/** Beyond every bound that the rules have on how far they look. */
const PACKETS = 1200
/** Two for twice the packets, and room for what grows with their logarithm. */
const TWICE = 2.4

describe.each(Object.entries(FLOODS))('%s', (_, make) => {
  it('costs no more than its length', async () => {
    const once = await workOf(pcapOf(make(PACKETS)))
    const twice = await workOf(pcapOf(make(2 * PACKETS)))
    for (const stage of ['split', 'replay', 'diagnose'] as const) {
      expect(twice[stage], `looks in ${stage}, after ${once[stage]}`).toBeLessThanOrEqual(
        TWICE * once[stage] + 1000,
      )
    }
  })
})
