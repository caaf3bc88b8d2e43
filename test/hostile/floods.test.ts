/** More packets cost more in proportion, whatever they are: counted in looks at them, not in seconds. */
import { describe, expect, it } from 'vitest'
import { FLOODS } from './floods.js'
import { pcapOf } from './frames.js'
import { workOf } from './work.js'

/**
 * Equal steps, beyond every bound that the rules have on how far they look: 1024 rows, and the 1.2 s, a millisecond a
 * row, after which SYNs are a flood and other rules are not asked about them.
 */
const SIZES = [1400, 1900, 2400] as const
/** The second step costs as much as the first; what grows with the square would cost 1.3 times as much. */
const STEP = 1.2

/** All of them take minutes: `FLOODS=all npx vitest run test/hostile`. Every eighth is tried each time, and what once cost its square. */
const all = Object.entries(FLOODS)
const COST_ITS_SQUARE = ['FINs, each at another number, to silence']
const tried =
  process.env.FLOODS === 'all'
    ? all
    : all.filter(([name], k) => k % 8 === 1 || COST_ITS_SQUARE.includes(name))

describe.each(tried)('%s', (_, make) => {
  it('costs no more than its length', async () => {
    const works = []
    for (const size of SIZES) works.push(await workOf(pcapOf(make(size))))
    const [small, middle, large] = works
    for (const stage of ['split', 'replay', 'diagnose'] as const) {
      const [a, b, c] = [small?.[stage] ?? 0, middle?.[stage] ?? 0, large?.[stage] ?? 0]
      expect(c - b, `looks in ${stage}: ${a}, ${b}, ${c}`).toBeLessThanOrEqual(STEP * (b - a) + 2000)
    }
  })
})
