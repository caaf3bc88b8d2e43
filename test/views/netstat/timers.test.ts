/**
 * The timer column. Expected are the kernel's rules, by hand: RFC 6298 section 2 with Linux' least of 200 ms added to the
 * round trip (tcp_rtt_estimator()), SYNs after 1 s five times and then twice as long each, SYN+ACKs after 1, 2, 4 ... s.
 */
import { describe, expect, it } from 'vitest'
import type { Flow, Timeouts } from '../../../src/report.js'
import { RoundTrip } from '../../../src/views/netstat/round-trip.js'
import { timerAt } from '../../../src/views/netstat/timer.js'
import { flow, type RowSpec, rows } from '../made.js'

const LINUX: Timeouts = {
  initial: 1,
  least: 0.2,
  most: 120,
  linearSyns: 4,
  leastIsVariance: true,
  lossProbe: true,
}
/** Captured on the client, so that its own times are the capture's. */
const between = (specs: readonly RowSpec[]): Flow =>
  flow({ rows: rows(specs), capturedNear: { where: 'unknown', reason: { code: 'near-unknown' } } })

const after = (packet: number, made: Flow, late = 0) => ({
  asked: '',
  at: (made.rows[packet - 1]?.at ?? 0) + late,
  packet: late === 0 ? packet : null,
})
/** `on 0.250 0 assumed`: name, seconds left, retransmissions, certainty. */
const timer = (
  made: Flow,
  packet: number,
  { side = 'client' as const, state = 'ESTABLISHED' as const, late = 0, timeouts = LINUX }: Asked = {},
): string => {
  const moment = after(packet, made, late)
  const found = timerAt(made, side, state, moment, timeouts)
  return found === null
    ? 'off'
    : `${found.name} ${(found.expires - moment.at).toFixed(3)} ${found.retries}${found.probes > 0 ? `/${found.probes}` : ''} ${found.certainty}`
}
interface Asked {
  readonly side?: 'client' | 'server'
  readonly state?: Parameters<typeof timerAt>[2]
  readonly late?: number
  readonly timeouts?: Timeouts
}

const SYN_SENT = { client: 'SYN_SENT', server: 'LISTEN' } as const
const OPEN = { client: 'ESTABLISHED', server: 'ESTABLISHED' } as const
const syn = (at: number, nth: number): RowSpec => ({
  at,
  from: 'client',
  flags: 'S',
  ...SYN_SENT,
  received: null,
  notes: nth === 0 ? [] : [{ code: 'syn-retransmission', nth, budget: 10, givesUpAt: null, first: 1 }],
})
const HANDSHAKE: readonly RowSpec[] = [
  { at: 0, from: 'client', flags: 'S', ...SYN_SENT },
  { at: 0.05, from: 'server', flags: 'SA', ack: 1, client: 'ESTABLISHED', server: 'SYN_RECEIVED' },
  { at: 0.05, from: 'client', flags: 'A', seq: 1, ack: 1, ...OPEN },
]
const data = (at: number, seq: number, len: number, notes: RowSpec['notes'] = []): RowSpec => ({
  at,
  from: 'client',
  flags: 'PA',
  seq,
  ack: 1,
  len,
  notes,
  ...OPEN,
})
const ack = (at: number, of: number, notes: RowSpec['notes'] = []): RowSpec => ({
  at,
  from: 'server',
  flags: 'A',
  seq: 1,
  ack: of,
  notes,
  ...OPEN,
})
const AGAIN = [{ code: 'retransmission', of: 4, why: 'timeout' }] as const
const PROBE = [{ code: 'retransmission', of: 4, why: 'probe' }] as const

describe('a SYN', () => {
  const state = 'SYN_SENT' as const
  it('comes again when the next one in the capture left', () => {
    const made = between([syn(0, 0), syn(1.02, 1), syn(2.05, 2)])
    expect(timer(made, 1, { state })).toBe('on 1.020 0 implied')
    expect(timer(made, 2, { state, late: 0.5 })).toBe('on 0.530 1 implied')
  })
  it.each([
    [1, 'on 1.000 0 assumed'],
    [5, 'on 1.000 4 assumed'],
    [6, 'on 2.000 5 assumed'],
    [7, 'on 4.000 6 assumed'],
  ])('after %d of them is due after a second, then twice as long', (count, expected) => {
    const at = [0, 1, 2, 3, 4, 5, 7]
    const made = between(at.slice(0, count).map(syn))
    expect(timer(made, count, { state })).toBe(expected)
  })
  it('doubles at once without linear time-outs', () => {
    const made = between([syn(0, 0), syn(1, 1)])
    expect(timer(made, 2, { state, timeouts: { ...LINUX, linearSyns: 0 } })).toBe('on 2.000 1 assumed')
  })
  it('that was due and not captured has been sent: years of silence take no time', () => {
    const made = between([syn(0, 0)])
    // SYNs at 0 1 2 3 4 5 7 11: the eighth waits 8 s.
    expect(timer(made, 1, { state, late: 12 })).toBe('on 7.000 7 assumed')
    expect(timer(made, 1, { state, late: 3e8 })).toMatch(/^on \d+\.\d{3} \d+ assumed$/)
  })
})

describe('a SYN+ACK', () => {
  const of = { side: 'server', state: 'SYN_RECEIVED' } as const
  const synAck = (at: number, again = true): RowSpec => ({
    at,
    from: 'server',
    flags: 'SA',
    ack: 1,
    client: 'ESTABLISHED',
    server: 'SYN_RECEIVED',
    notes: again ? [{ code: 'syn-ack-retransmission', nth: 1, budget: 5, first: 2, answers: null }] : [],
  })
  const SYN: RowSpec = { at: 0, from: 'client', flags: 'S', client: 'SYN_SENT', server: 'SYN_RECEIVED' }
  it('is due 1, 3 and 7 seconds after the first: the next resend, not when the server gives up', () => {
    const made = between([SYN, synAck(0, false), synAck(1.03), synAck(3.05)])
    expect(timer(made, 1, of)).toBe('on 1.030 0 implied')
    expect(timer(made, 2, of)).toBe('on 1.030 0 implied')
    expect(timer(made, 3, of)).toBe('on 2.020 1 implied')
    expect(timer(made, 4, of)).toBe('on 4.000 2 assumed')
  })
  it('is skipped by TCP_DEFER_ACCEPT, while its timer goes on', () => {
    const made = between([SYN, synAck(0, false), synAck(7.2)])
    expect(timer(made, 2, of)).toBe('on 1.000 0 assumed')
    expect(timer(made, 2, { ...of, late: 2 })).toBe('on 1.000 1 assumed')
    expect(timer(made, 2, { ...of, late: 5 })).toBe('on 2.200 2 implied')
    expect(timer(made, 3, of)).toBe('on 8.000 3 assumed')
  })
})

describe('data without its ACK', () => {
  it('is due after the measured round trip and 200 ms, before it is ever sent again', () => {
    const made = between([...HANDSHAKE, data(1, 1, 100), ack(1.05, 101)])
    expect(timer(made, 3)).toBe('off')
    expect(timer(made, 4)).toBe('on 0.250 0 assumed')
    expect(timer(made, 5)).toBe('off')
  })
  it('is due when the capture shows its resend', () => {
    const made = between([...HANDSHAKE, data(1, 1, 100), data(1.27, 1, 100, AGAIN)])
    expect(timer(made, 4)).toBe('on 0.270 0 implied')
    // 250 ms were set, and fired late: 500 ms are set next.
    expect(timer(made, 5)).toBe('on 0.500 1 assumed')
    expect(timer(made, 5, { late: 1 })).toBe('on 0.500 2 assumed')
  })
  it('waits twice as long as was seen where the reckoned time-out does not explain it', () => {
    const made = between([...HANDSHAKE, data(1, 1, 100), data(2, 1, 100, AGAIN)])
    expect(timer(made, 5)).toBe('on 2.000 1 assumed')
  })
  it('waits twice as long each time, up to the most', () => {
    const made = between([
      ...HANDSHAKE,
      data(1, 1, 100),
      data(1.25, 1, 100, AGAIN),
      data(1.75, 1, 100, AGAIN),
    ])
    expect(timer(made, 6)).toBe('on 1.000 2 assumed')
    expect(timer(made, 6, { timeouts: { ...LINUX, most: 0.7 } })).toBe('on 0.700 2 assumed')
  })
  it('is probed after two round trips when several segments are out, once', () => {
    const made = between([...HANDSHAKE, data(1, 1, 100), data(1.001, 101, 100), data(1.104, 101, 100, PROBE)])
    expect(timer(made, 4)).toBe('on 0.250 0 assumed')
    expect(timer(made, 5)).toBe('on 0.103 0 implied')
    expect(timer(made, 6)).toBe('on 0.250 0 assumed')
    const alone = between([...HANDSHAKE, data(1, 1, 100), data(1.001, 101, 100)])
    expect(timer(alone, 5)).toBe('on 0.102 0 assumed')
  })
  it('starts again with each ACK of something new', () => {
    const made = between([...HANDSHAKE, data(1, 1, 100), data(1, 101, 100), ack(1.05, 101)])
    expect(timer(made, 6)).toBe('on 0.250 0 assumed')
  })
  it('measures nothing on what was sent twice (Karn)', () => {
    const made = between([
      ...HANDSHAKE,
      data(1, 1, 100),
      data(1.25, 1, 100, AGAIN),
      ack(1.3, 101),
      data(2, 101, 10),
    ])
    expect(timer(made, 7)).toBe('on 0.250 0 assumed')
  })
  it('is counted for a FIN too', () => {
    const fin: RowSpec = {
      at: 1,
      from: 'client',
      flags: 'FA',
      seq: 1,
      ack: 1,
      client: 'FIN_WAIT_1',
      server: 'CLOSE_WAIT',
    }
    expect(timer(between([...HANDSHAKE, fin]), 4, { state: 'FIN_WAIT_1' })).toBe('on 0.250 0 assumed')
  })
})

describe('a shut window', () => {
  const probe = (at: number, nth: number): RowSpec => ({
    ...data(at, 100, 0, [{ code: 'zero-window-probe', nth }]),
    flags: 'A',
  })
  const made = {
    ...between([...HANDSHAKE, data(1, 1, 100), ack(1.05, 101), probe(1.3, 1), ack(1.35, 101), probe(1.8, 2)]),
  }
  const shut = {
    ...made,
    rows: made.rows.map((row, k) => (k >= 4 && row.from === 'server' ? { ...row, window: 0 } : row)),
  }
  it('is probed', () => {
    expect(timer(shut, 5)).toBe('probe 0.250 0 implied')
    expect(timer(shut, 6)).toBe('probe 0.500 0/1 implied')
    expect(timer(shut, 7)).toBe('probe 0.450 0 implied')
    // 250 ms were set, doubled each time: 0.25, 0.5, 1 s.
    expect(timer(shut, 8)).toBe('probe 1.000 0/1 assumed')
    expect(timer(made, 8)).toBe('off')
  })
})

describe('keep-alives', () => {
  const alive = (at: number, nth: number): RowSpec => ({
    ...data(at, 0, 0, [{ code: 'keep-alive', nth }]),
    flags: 'A',
  })
  it('are due when the capture shows them, and as far from the last as that from the one before', () => {
    const made = between([...HANDSHAKE, alive(10, 1), alive(12, 2)])
    expect(timer(made, 3)).toBe('keepalive 9.950 0 implied')
    expect(timer(made, 4)).toBe('keepalive 2.000 0/1 implied')
    expect(timer(made, 5)).toBe('keepalive 2.000 0/2 assumed')
    expect(timer(between(HANDSHAKE), 3)).toBe('off')
  })
})

describe('the retransmission time-out', () => {
  const of = (timeouts: Timeouts, ...trips: readonly number[]): number => {
    const roundTrip = new RoundTrip(timeouts)
    for (const trip of trips) roundTrip.measured(trip)
    return roundTrip.timeout()
  }
  it('is one second before the first round trip', () => {
    expect(of(LINUX)).toBe(1)
  })
  it('is SRTT + max(200 ms, 4 * RTTVAR) in Linux', () => {
    expect(of(LINUX, 0.05)).toBeCloseTo(0.25, 9)
    expect(of(LINUX, 0.4)).toBeCloseTo(0.4 + 4 * 0.2, 9)
    // RTTVAR 3/4 * 0.2, SRTT 0.4
    expect(of(LINUX, 0.4, 0.4)).toBeCloseTo(0.4 + 4 * 0.15, 9)
  })
  it('is at least a second in the RFC', () => {
    const text = { ...LINUX, least: 1, leastIsVariance: false }
    expect(of(text, 0.05)).toBe(1)
    expect(of(text, 0.4)).toBeCloseTo(1.2, 9)
  })
  it('is never more than the most', () => {
    expect(of(LINUX, 1e6)).toBe(120)
  })
})
