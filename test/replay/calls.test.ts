/** What the sockets' owners saw: Linux tcp_reset(), tcp_write_err(), tcp_keepalive_timer(). */
import { describe, expect, it } from 'vitest'
import { timeOf } from '../../src/replay/calls.js'
import { type Circumstances, flow, HANDSHAKE, icmp } from '../infer/connection.js'

const calls = (text: string, given: Circumstances = {}) =>
  flow(text, given).calls.map((c) => `${c.side} ${c.call} ${c.errno} ${c.packet ?? '-'} ${c.certainty}`)

describe('a RST', () => {
  it('in SYN_SENT: connect() ECONNREFUSED', () =>
    expect(calls('c>s 0 S 0\n s>c 0.02 RA =0 1')).toEqual(['client connect ECONNREFUSED 2 implied']))
  it('in ESTABLISHED: recv() ECONNRESET', () =>
    expect(calls(`${HANDSHAKE}\n s>c 1 RA 1 1 win=500`)).toEqual(['client recv ECONNRESET 4 implied']))
  it('in CLOSE_WAIT: send() EPIPE', () =>
    expect(
      calls(`${HANDSHAKE}
        s>c 1.00 FA 1 1
        c>s 1.02 A 1 2
        c>s 2.00 PA 1 2 100
        s>c 2.02 R 2`),
    ).toEqual(['client send EPIPE 7 implied']))
  it('of our own says nothing to us', () =>
    expect(calls(`${HANDSHAKE}\n c>s 1 RA 1 1 win=500`)).toEqual(['server recv ECONNRESET 4 implied']))
  it('that was lost says nothing', () =>
    expect(
      calls(`${HANDSHAKE}
        s>c 1.00 RA 1 1 win=500
        c>s 5.00 PA 1 1 100`),
    ).toEqual([]))
  it('beside the number that ends FIN_WAIT_2 without a challenge ACK met an orphan: nobody sees it', () => {
    const text = `${HANDSHAKE}
        s>c 1.00 FA 1 1
        c>s 1.02 A 1 2
        c>s 2.00 RA 3 2 win=500`
    expect(flow(text).server.state).toBe('CLOSED')
    expect(calls(text)).toEqual([])
    // An answer: the socket is held, and asks (RFC 5961 section 3.2).
    expect(flow(`${text}\n s>c 2.02 A 2 1\n s>c 2.03 A 2 1`).server.state).toBe('FIN_WAIT_2')
  })
  it('for a request that waits says nothing: no owner yet (3.10.7.4 step 2)', () =>
    expect(calls('c>s 0 S 0\n s>c 0.02 SA 0 1\n c>s 0.04 R 1')).toEqual([]))
})

describe('time-outs', () => {
  const syns = [0, 1, 2, 3, 4.1, 5.1, 7.1, 11.3, 19.5, 35.6, 67.9]
  const text = syns.map((at) => `c>s ${at} S 0`).join('\n')
  it('connect() ETIMEDOUT', () =>
    expect(calls(text, { goesOn: 100 })).toEqual(['client connect ETIMEDOUT - assumed']))
  it('are told before they come, once the SYN has been sent again', () => {
    expect(calls('c>s 0 S 0\n c>s 1 S 0', { goesOn: 0 })).toEqual(['client connect ETIMEDOUT - assumed'])
    expect(calls('c>s 0 S 0', { goesOn: 0 })).toEqual([])
  })
  it('are what ICMP said meanwhile, when it did (sk_err_soft)', () => {
    // The SYN comes again, so the first error did not end it.
    expect(calls(text, { goesOn: 100, icmp: [icmp(0.5, 0, 3, 1)] })).toEqual([
      'client connect EHOSTUNREACH - assumed',
    ])
  })
  it('of keep-alive: recv() ETIMEDOUT, by a timer; its own RST+ACK only shows when', () => {
    const text = `${HANDSHAKE}
        c>s 60 A 0 1
        c>s 61 A 0 1
        c>s 62 A 0 1
        c>s 63 RA 1 1 win=500`
    expect(calls(text)).toEqual(['client recv ETIMEDOUT - implied'])
    const made = flow(text)
    expect(made.calls[0]).toMatchObject({ packet: null, shownBy: 7, time: made.rows[6]?.time })
  })
})

describe('the time of a call', () => {
  const epoch = { seconds: 1_752_500_000, nanoseconds: 900_000_000 }
  it('is counted from the epoch, carrying over', () => {
    expect(timeOf(epoch, 0.25)).toBe('2025-07-14T13:33:21.150000000Z')
    expect(timeOf(epoch, 0)).toBe('2025-07-14T13:33:20.900000000Z')
  })
  it('may lie before it', () => expect(timeOf(epoch, -1.5)).toBe('2025-07-14T13:33:19.400000000Z'))
  it('never has a thousand million nanoseconds', () =>
    expect(timeOf({ seconds: 0, nanoseconds: 0 }, 0.9999999999)).toBe('1970-01-01T00:00:01.000000000Z'))
})
