/** Attempts to connect that were given up before the kernel does it (RFC 9293 section 3.10.4: close() in SYN_SENT). */
import { describe, expect, it } from 'vitest'
import { abandonedAt } from '../../src/infer/abandoned-attempt.js'
import { flow } from './connection.js'

const at = (...times: number[]) => times.map((time) => ({ at: time }))

describe('an attempt', () => {
  it('is over when its next SYN should have come long ago: in the middle, as far as anybody knows', () =>
    expect(abandonedAt(at(0), 1, 2.8)).toBe(0.5))
  it('may be under way as long as a slow host would still send it again', () => {
    expect(abandonedAt(at(0), 1, 2.6)).toBe(null)
    // Waits of 1, 2 and 4 s: the next SYN is due 8 s after the last.
    expect(abandonedAt(at(0, 1, 3, 7), 4, 15)).toBe(null)
    expect(abandonedAt(at(0, 1, 3, 7), 4, 16.5)).toBe(9)
  })
  it('is none without a SYN', () => expect(abandonedAt([], 1, 100)).toBe(null))
})

describe('its client', () => {
  const told = (text: string, goesOn: number) =>
    flow(text, { goesOn }).spans.client.map(({ state, from, certainty }) => [state, from, certainty])
  it('is CLOSED, assumed, and nothing returned ETIMEDOUT', () => {
    const of = flow('c>s 0 S 0\n c>s 1 S 0', { goesOn: 10 })
    expect(of.spans.client.map(({ state, from, certainty }) => [state, from, certainty])).toEqual([
      ['CLOSED', null, 'implied'],
      ['SYN_SENT', 0, 'seen'],
      ['CLOSED', 1.5, 'assumed'],
    ])
    expect(of).toMatchObject({ client: { state: 'CLOSED', certainty: 'assumed' }, calls: [] })
    expect(of.timers).toMatchObject([{ name: 'syn', stopped: 1.5 }])
    expect(of.verdict).toBe('unanswered')
  })
  it('is in SYN_SENT while the next SYN is not due', () =>
    expect(told('c>s 0 S 0\n c>s 1 S 0', 1).at(-1)).toEqual(['SYN_SENT', 0, 'seen']))
  it('gave up by its timer when the capture goes on to then', () =>
    expect(flow('c>s 0 S 0\n c>s 1 S 0', { goesOn: 200 }).verdict).toBe('timed-out'))
  it('goes on when an answer comes, however late', () =>
    expect(told('c>s 0 S 0\n s>c 9 SA 0 1\n c>s 9.001 A 1 1', 10).map(([state]) => state)).toEqual([
      'CLOSED',
      'SYN_SENT',
      'ESTABLISHED',
    ]))
  it('is unanswered, too, when the server did answer', () =>
    expect(flow('c>s 0 S 0\n s>c 0.02 SA 0 1\n c>s 1 S 0', { goesOn: 10 }).verdict).toBe('unanswered'))
})
