/** When an end gives up without a packet. Times were measured on Linux 6.18 or follow from its defaults by hand. */
import { describe, expect, it } from 'vitest'
import { CLIENT, SERVER } from '../../src/flow/segment.js'
import { givesUp, modelTimeout, nextTryDue, synWait, unansweredProbes } from '../../src/infer/timers.js'
import { LINUX, RFC9293 } from '../../src/rfc9293/stack.js'
import type { State } from '../../src/rfc9293/state.js'
import { type Circumstances, fates, HANDSHAKE, track } from './connection.js'

const NEVER = Number.POSITIVE_INFINITY
const over = (
  text: string,
  end: 0 | 1,
  state: State,
  from: number,
  { to = NEVER, gone = false, ...given }: Circumstances & { to?: number; gone?: boolean } = {},
) => {
  const of = track(text, given)
  return givesUp(of, fates(of), end, state, from, to, gone)
}

/** As a client of Linux 6.18 sent them to a host that drops all. */
const MEASURED = [0, 1, 2, 3, 4.1, 5.1, 7.1, 11.3, 19.5, 35.6, 67.9]
const syns = (times: readonly number[]) => times.map((at) => `c>s ${at} S 0`).join('\n')

describe('connect() that nobody answers', () => {
  it('gives up 133.4 s after the first of eleven SYNs', () => {
    // The last wait is 64 s; the timer ran 1.5 s late there.
    const end = over(syns(MEASURED), CLIENT, 'SYN_SENT', 0)
    expect(end).toMatchObject({ timer: 'syn', shown: false })
    expect(Math.abs((end?.at ?? 0) - 133.4)).toBeLessThan(2)
  })
  it('is foretold from any number of SYNs', () => {
    // By the defaults 0 1 2 3 4 5 7 11 19 35 67, and 131 s.
    for (let n = 1; n <= MEASURED.length; n++) {
      const end = over(syns(MEASURED.slice(0, n)), CLIENT, 'SYN_SENT', 0)?.at ?? 0
      expect(Math.abs(end - 131), `after ${n} SYNs`).toBeLessThan(2.5)
    }
  })
  it('took 127 s and seven SYNs before tcp_syn_linear_timeouts', () => {
    const client = { 'net.ipv4.tcp_syn_linear_timeouts': '0' }
    for (const n of [1, 4, 7]) {
      expect(over(syns([0, 1, 3, 7, 15, 31, 63].slice(0, n)), CLIENT, 'SYN_SENT', 0, { client })?.at).toBe(
        127,
      )
    }
  })
  it('is shorter with tcp_syn_retries = 2: 0 1 2 3 4 5 7 s, by time 7 s', () => {
    // 2 + 4 resends would be the count; tcp_model_timeout() of 2 retries is 1 + 2 + 4 = 7 s.
    expect(over(syns([0]), CLIENT, 'SYN_SENT', 0, { client: { 'net.ipv4.tcp_syn_retries': '2' } })?.at).toBe(
      7,
    )
  })
  it('ends with the most that a kernel accepts, too: no wait is longer than TCP_RTO_MAX', () => {
    const client = { 'net.ipv4.tcp_syn_retries': '4e9', 'net.ipv4.tcp_retries2': '4e9' }
    // tcp_model_timeout(): 1 + 2 + ... + 64 s, and 121 times 120 s; the first time-out at or beyond it.
    const end = over(syns([0]), CLIENT, 'SYN_SENT', 0, { client })?.at ?? 0
    expect(end - (127 + 121 * 120)).toBeGreaterThanOrEqual(0)
    expect(end - (127 + 121 * 120)).toBeLessThan(120)
    expect(synWait(LINUX, 100)).toBe(120)
  })
  it("never ends by itself in the RFC's text", () =>
    expect(over(syns([0, 1]), CLIENT, 'SYN_SENT', 0, { stack: 'rfc9293' })).toBe(null))
  it('waits a second five times, then doubles', () =>
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((nth) => synWait(LINUX, nth))).toEqual([1, 1, 1, 1, 1, 2, 4, 8]))
})

describe('a request that is never completed', () => {
  const resent = (times: readonly number[]) =>
    `c>s 0 S 0\n${times.map((at) => `s>c ${at} SA 0 1`).join('\n')}`
  it('is dropped 63 s after the first SYN+ACK', () => {
    for (const n of [1, 2, 6]) {
      expect(
        over(resent([0, 1, 3, 7, 15, 31].slice(0, n)), SERVER, 'SYN_RECEIVED', 0, { goesOn: 0 }),
      ).toEqual({
        at: 63,
        timer: 'syn-ack',
        shown: false,
      })
    }
  })
  it('was dropped when the next resend was due, if resends stop early', () =>
    // tcp_synack_retries = 2: 0 1 3, dropped at 7 s; the capture goes on.
    expect(over(resent([0, 1, 3]), SERVER, 'SYN_RECEIVED', 0, { goesOn: 30 })).toEqual({
      at: 7,
      timer: 'syn-ack',
      shown: true,
      resends: 2,
    }))
  it('was not yet, when the next resend is only just due', () =>
    expect(over(resent([0, 1, 3]), SERVER, 'SYN_RECEIVED', 0, { goesOn: 4.2 })?.shown).toBe(false))
  it('is dropped after 1 + 2 s with tcp_synack_retries = 1', () =>
    expect(
      over(resent([0]), SERVER, 'SYN_RECEIVED', 0, {
        goesOn: 0,
        server: { 'net.ipv4.tcp_synack_retries': '1' },
      })?.at,
    ).toBe(3))
})

describe('TIME_WAIT', () => {
  const closed = `${HANDSHAKE}
    c>s 0.10 FA 1 1
    s>c 0.12 FA 1 2
    c>s 0.14 A 2 2`
  it('lasts 60 s on Linux, whatever tcp_fin_timeout is', () => {
    expect(over(closed, CLIENT, 'TIME_WAIT', 0.13)).toEqual({ at: 60.13, timer: 'time-wait', shown: false })
    const client = { 'net.ipv4.tcp_fin_timeout': '5' }
    expect(over(closed, CLIENT, 'TIME_WAIT', 0.13, { client })?.at).toBe(60.13)
  })
  it("lasts four minutes in the RFC's text (section 3.4.2)", () =>
    expect(over(closed, CLIENT, 'TIME_WAIT', 0.13, { stack: 'rfc9293' })?.at).toBe(240.13))
  it('begins again with the FIN that comes again (section 3.10.7.4 step 8)', () =>
    expect(over(`${closed}\n s>c 10.00 FA 1 2\n c>s 10.02 A 2 2`, CLIENT, 'TIME_WAIT', 0.13)?.at).toBe(70))
  it('does not begin again with a RST', () =>
    expect(over(`${closed}\n s>c 10 R 2`, CLIENT, 'TIME_WAIT', 0.13)?.at).toBe(60.13))
})

describe('FIN_WAIT_2', () => {
  const half = `${HANDSHAKE}
    c>s 0.10 FA 1 1
    s>c 0.12 A 1 2`
  it('of an orphan lasts tcp_fin_timeout', () => {
    expect(over(half, CLIENT, 'FIN_WAIT_2', 0.13)).toEqual({ at: 60.13, timer: 'fin-wait-2', shown: false })
    const client = { 'net.ipv4.tcp_fin_timeout': '5' }
    expect(over(half, CLIENT, 'FIN_WAIT_2', 0.13, { client })?.at).toBe(5.13)
  })
  it('of a socket that its owner still holds lasts for ever: it took data', () =>
    expect(over(`${half}\n s>c 1 PA 1 2 100\n c>s 1.02 A 2 101`, CLIENT, 'FIN_WAIT_2', 0.13)).toBe(null))
  it("has no end in the RFC's text", () =>
    expect(over(half, CLIENT, 'FIN_WAIT_2', 0.13, { stack: 'rfc9293' })).toBe(null))
})

describe('retransmissions', () => {
  it('of 15 take 924.6 s from the least RTO (ip-sysctl, tcp_retries2)', () => {
    expect(modelTimeout(LINUX, 15)).toBeCloseTo(924.6, 6)
    // 0.2 * (2^9 - 1): all below 120 s.
    expect(modelTimeout(LINUX, 8)).toBeCloseTo(102.2, 6)
    expect(modelTimeout(LINUX, 0)).toBeCloseTo(0.2, 6)
  })
  const orphan = [0, 0.2, 0.4, 0.8, 1.7, 3.3, 6.7, 13.4, 26.7, 54.6]
  it("of an orphan's FIN end after 108 s", () => {
    // Measured: FIN at 0, a tail loss probe at 0.2, then 0.4 ... 54.6 s; the socket was gone at 108 s.
    const text = `${HANDSHAKE}\n${orphan.map((at) => `c>s ${10 + at} FA 1 1`).join('\n')}`
    const end = over(text, CLIENT, 'FIN_WAIT_1', 10, { goesOn: 200 })
    expect(end?.timer).toBe('retransmission')
    expect(Math.abs((end?.at ?? 0) - 118)).toBeLessThan(3)
  })
  it('are foretold from the first few', () => {
    for (const n of [4, 6, 8]) {
      const text = `${HANDSHAKE}\n${orphan
        .slice(0, n)
        .map((at) => `c>s ${10 + at} FA 1 1`)
        .join('\n')}`
      expect(Math.abs((over(text, CLIENT, 'FIN_WAIT_1', 10)?.at ?? 0) - 118), `${n} FINs`).toBeLessThan(8)
    }
  })
  it('double from the second copy on where no tail loss probe is sent (tcp_early_retrans)', () => {
    // 0.3 s to the second copy: a probe leaves the next wait as long, a time-out doubles it.
    const text = `${HANDSHAKE}\n c>s 10.0 PA 1 1 9\n c>s 10.3 PA 1 1 9`
    const gone = (value: string) =>
      over(text, CLIENT, 'ESTABLISHED', 0.04, {
        client: { 'net.ipv4.tcp_retries2': '0', 'net.ipv4.tcp_early_retrans': value },
      })?.at
    expect(gone('3')).toBeCloseTo(10.6, 6)
    expect(gone('0')).toBeCloseTo(10.9, 6)
  })
  it('of data go on for tcp_retries2: 924.6 s and the wait that is under way', () => {
    const times = [10, 10.2, 10.4, 10.8, 11.6, 13.2]
    const text = `${HANDSHAKE}\n${times.map((at) => `c>s ${at} PA 1 1 100`).join('\n')}`
    const end = over(text, CLIENT, 'ESTABLISHED', 0.03)?.at ?? 0
    expect(end).toBeGreaterThanOrEqual(10.2 + 924.6)
    expect(end).toBeLessThanOrEqual(10.2 + 924.6 + 120)
  })
  it('do not end a connection of which nothing waits', () => {
    expect(over(HANDSHAKE, CLIENT, 'ESTABLISHED', 0.03)).toBe(null)
    expect(
      over(`${HANDSHAKE}\n c>s 1 PA 1 1 9\n c>s 2 PA 1 1 9\n s>c 2.02 A 1 10`, CLIENT, 'ESTABLISHED', 0.03),
    ).toBe(null)
  })
  it("have no count in the RFC's text", () => {
    const text = `${HANDSHAKE}\n c>s 1 PA 1 1 9\n c>s 2 PA 1 1 9`
    expect(RFC9293.retries2).toBe(NEVER)
    expect(over(text, CLIENT, 'ESTABLISHED', 0.03, { stack: 'rfc9293' })).toBe(null)
  })
})

describe('the next try', () => {
  it('is due after twice the last wait', () => {
    const twice = `${HANDSHAKE}
      c>s 1.0 PA 1 1 100
      c>s 1.4 PA 1 1 100`
    expect(nextTryDue(track(twice), CLIENT, NEVER)).toBeCloseTo(1.4 + 0.8, 6)
    expect(nextTryDue(track(`${HANDSHAKE}\n c>s 1 PA 1 1 9`), CLIENT, NEVER)).toBe(null)
  })
})

describe('probes that nobody answers', () => {
  const probes = (text: string) => unansweredProbes(track(text), CLIENT).map((s) => s.packet)
  it('are the last packets, one below what was sent last', () =>
    expect(probes(`${HANDSHAKE}\n c>s 60 A 0 1\n c>s 61 A 0 1`)).toEqual([4, 5]))
  it('are none once there is an answer', () =>
    expect(probes(`${HANDSHAKE}\n c>s 60 A 0 1\n s>c 60.02 A 1 1`)).toEqual([]))
  it('are no ACKs in order', () => expect(probes(`${HANDSHAKE}\n c>s 60 A 1 1`)).toEqual([]))
})

describe('where nothing of the other side was captured', () => {
  const STREAM = 's>c 0 SA 0 1\n s>c 1 PA 1 1 100\n s>c 2 PA 101 1 100\n s>c 3 PA 201 1 100'
  it('text that follows text was acknowledged', () =>
    expect(over(STREAM, SERVER, 'ESTABLISHED', 0, { goesOn: 5000 })).toBeNull())
  it('an end that does not send again any more was answered', () => {
    const probed = `${STREAM}\n s>c 3.25 PA 201 1 100`
    expect(over(probed, SERVER, 'ESTABLISHED', 0, { goesOn: 5000 })).toBeNull()
    // Its timer may still run.
    expect(over(probed, SERVER, 'ESTABLISHED', 0, { goesOn: 0.3 })).toMatchObject({ timer: 'retransmission' })
  })
})
it('who still sends long after has not given up: the answer was not captured', () => {
  const twice = `${HANDSHAKE}\n c>s 1 PA 1 1 100\n c>s 1.25 PA 1 1 100`
  const given = over(twice, CLIENT, 'ESTABLISHED', 0, { goesOn: 5000 })
  expect(given).toMatchObject({ timer: 'retransmission' })
  const after = (given?.at ?? 0) + 1
  expect(over(`${twice}\n c>s ${after} A 101 1`, CLIENT, 'ESTABLISHED', 0, { goesOn: 5000 })).toBeNull()
  // A RST is sent without a socket, too.
  expect(over(`${twice}\n c>s ${after} R 101`, CLIENT, 'ESTABLISHED', 0, { goesOn: 5000 })).not.toBeNull()
})
