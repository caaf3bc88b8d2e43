/** Nothing acknowledges an ACK: what its receiver does afterwards tells. RFC 6298 section 5, RFC 7323 section 4.3. */
import { describe, expect, it } from 'vitest'
import { CLIENT, SERVER } from '../../src/flow/segment.js'
import { acknowledgmentFates, isKeepAliveProbe } from '../../src/infer/acknowledgments.js'
import { type Circumstances, expected, HANDSHAKE, noFates, segments, toldOf, track } from './connection.js'

const holds = (text: string, given: Circumstances = {}): void => {
  const of = track(text, given)
  const fates = noFates(of)
  for (const end of [CLIENT, SERVER] as const) acknowledgmentFates(of, end, fates)
  const wanted = expected(text)
  expect(toldOf(fates).filter((_, row) => wanted[row] !== '')).toEqual(wanted.filter((w) => w !== ''))
}

describe('a bare ACK', () => {
  it('was lost when its receiver sends again what it covers', () =>
    holds(`${HANDSHAKE}
      s>c 0.100 PA 1 1 100
      c>s 0.120 A 1 101         | lost by 6
      s>c 0.400 PA 1 1 100`))
  it('may have been under way when its receiver sent again: too soon', () =>
    holds(
      `${HANDSHAKE}
      s>c 0.100 PA 1 1 100
      c>s 0.120 A 1 101         | ?
      s>c 0.130 PA 1 1 100`,
      { goesOn: 0 },
    ))
  it('arrived when the byte it covers was not sent again for longer than any first time-out', () =>
    holds(
      `${HANDSHAKE}
      s>c 0.100 PA 1 1 100
      c>s 0.120 A 1 101         | received`,
      { goesOn: 10 },
    ))
  it('is not known to have arrived when the capture ends before the time-out', () =>
    holds(
      `${HANDSHAKE}
      s>c 0.100 PA 1 1 100
      c>s 0.120 A 1 101         | ?`,
      { goesOn: 0.5 },
    ))
  it('is not told by silence when another ACK said the same soon after', () =>
    holds(`${HANDSHAKE}
      s>c 0.100 A 1 1 100
      c>s 0.120 A 1 101         | ?
      s>c 0.121 PA 101 1 100
      c>s 0.141 A 1 201         | received`))
  it('arrived when its timestamp is echoed', () =>
    holds(`
      c>s 0.000 S 0 ts=10/0
      s>c 0.020 SA 0 1 ts=500/10
      c>s 0.040 A 1 1 ts=12/500          | received by 4
      s>c 0.060 PA 1 1 100 ts=502/12`))
  it('is not told by an echo that another segment of the same tick may have given', () =>
    holds(`
      c>s 0.000 S 0 ts=10/0
      s>c 0.020 SA 0 1 ts=500/10
      c>s 0.040 A 1 1 ts=12/500          | ?
      c>s 0.040 PA 1 1 50 ts=12/500
      s>c 0.060 PA 1 51 100 ts=502/12`))
  it('of a SYN+ACK was lost when the SYN+ACK comes again', () =>
    holds(`${HANDSHAKE.replace('A  1 1', 'A  1 1 | lost by 4')}
      s>c 1.040 SA 0 1`))
  it('that a keep-alive probe asks for does not speak against the earlier ACK', () =>
    holds(`${HANDSHAKE}
      s>c 0.100 PA 1 1 100
      c>s 0.120 A 1 101         | received
      s>c 60.0 A 100 1`))
})

describe('a keep-alive probe, one below what was sent last', () => {
  const probe = `${HANDSHAKE}
    c>s 0.100 PA 1 1 100
    s>c 0.120 A 1 101`
  it('was lost when no ACK comes at once', () =>
    holds(
      `${probe}
      c>s 60.0 A 100 1          | lost by 7
      c>s 61.0 A 100 1          | lost`,
      { goesOn: 10 },
    ))
  it('is one byte or none, below the highest number', () => {
    const [one, none, wrong, two] = segments(`
      c>s 0 A 100 1 1
      c>s 0 A 100 1
      c>s 0 A 101 1
      c>s 0 A 100 1 2`)
    const highest = 1101
    expect([one, none, wrong, two].map((s) => s !== undefined && isKeepAliveProbe(s, highest))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})
