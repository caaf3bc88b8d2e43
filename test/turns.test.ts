/** Work in turns: who is told, and who can stop it. */
import { describe, expect, test } from 'vitest'
import { inTurns } from '../src/turns.js'

describe('inTurns', () => {
  test('says how much there is before it begins, then what is done, and gives all results', async () => {
    const told: string[] = []
    const results = await inTurns(
      [600, 600, 300],
      (packets) => packets,
      (packets, index) => {
        told.push(`work ${index}`)
        return packets / 100
      },
      { replaying: (done, of) => told.push(`${done} of ${of}`) },
    )
    expect(results).toEqual([6, 6, 3])
    expect(told).toEqual(['0 of 1500', 'work 0', 'work 1', '1200 of 1500', 'work 2'])
  })

  test('interrupted, it gives what there is', async () => {
    const abort = new AbortController()
    const work = (item: number): number => {
      if (item === 2) abort.abort()
      return item
    }
    expect(await inTurns([1, 2, 3], () => 1000, work, { signal: abort.signal })).toEqual([1, 2])
  })

  test('interrupted before it begins, it holds nothing back', async () => {
    const signal = AbortSignal.abort()
    expect(
      await inTurns(
        [1, 2, 3],
        () => 1000,
        (item) => item,
        { signal },
      ),
    ).toEqual([1, 2, 3])
  })
})
