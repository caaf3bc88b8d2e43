/** What an end did that made it send a segment, given what is known of both ends before it. RFC 9293 section 3.9.1. */
import { describe, expect, it } from 'vitest'
import { type Doing, explainCookie, explainGone, explainSending } from '../../../src/infer/sender.js'
import type { Tcb } from '../../../src/rfc9293/event.js'
import { adopt, closed } from '../../../src/rfc9293/machine.js'
import { type Circumstances, HANDSHAKE, ISN, track } from '../connection.js'

const [C, S] = ISN
const short = (doing: Doing): string => {
  const end = doing.end === undefined ? '' : ` of ${doing.end === 0 ? 'client' : 'server'}`
  if (doing.kind === 'force') return `${doing.tcb.state} by ${doing.rule}, ${doing.certainty}${end}`
  const { event } = doing
  return event.kind === 'call' ? `${event.call}${end}` : `${event.kind}${end}`
}
/** What explains the last packet, given the two ends before it. */
const told = (text: string, client: Tcb, server: Tcb, given: Circumstances = {}): string[] => {
  const of = track(text, given)
  return explainSending(of, [{ tcb: client }, { tcb: server }], of.segments.length - 1).map(short)
}
const synSent = adopt({ state: 'SYN_SENT', origin: 'active', iss: C, sndUna: C, sndNxt: C + 1 })
const synReceived = adopt({
  state: 'SYN_RECEIVED',
  origin: 'passive',
  iss: S,
  sndUna: S,
  sndNxt: S + 1,
  irs: C,
  rcvNxt: C + 1,
})
const client = adopt({ state: 'ESTABLISHED', iss: C, sndNxt: C + 1, rcvNxt: S + 1 })
const server = adopt({ state: 'ESTABLISHED', iss: S, sndNxt: S + 1, rcvNxt: C + 1 })

describe('a SYN', () => {
  it('is an active OPEN (3.10.1)', () =>
    expect(told('c>s 0 S 0', closed(), closed())).toEqual(['open-active']))
  it('with text is a SEND too', () =>
    expect(told('c>s 0 S 0 0 100 fo=8', closed(), closed())).toEqual(['open-active', 'send']))
  it('again is nothing new', () => expect(told('c>s 0 S 0\n c>s 1 S 0', synSent, closed())).toEqual([]))
  it('with another number from an end that had a connection: it had forgotten it', () =>
    expect(told(`${HANDSHAKE}\n c>s 9 S =99999`, client, server)).toEqual([
      'CLOSED by infer/gone, implied',
      'open-active',
    ]))
  it('from TIME_WAIT opens again', () =>
    expect(told(`${HANDSHAKE}\n c>s 9 S =99999`, adopt({ state: 'TIME_WAIT' }), closed()).at(-1)).toBe(
      'open-active',
    ))
})

describe('a SYN for a peer in TIME_WAIT', () => {
  const waiting = adopt({ state: 'TIME_WAIT', iss: S, sndUna: S + 20, sndNxt: S + 20, rcvNxt: C + 10 })
  const first = (text: string) => {
    const of = track(text)
    return explainSending(of, [{ tcb: closed() }, { tcb: waiting }], 0).map(short)
  }
  const REFUSED = `
    c>s 0.00 S =900
    s>c 0.02 A =5020 =1010
    c>s 0.04 R =1010`

  it('of old numbers, that is answered by the old connection and not sent again, is nobody’s', () =>
    expect(first(REFUSED)).toEqual([]))
  it('is an OPEN when it is sent again, as a host does that wants to connect', () =>
    expect(first(`${REFUSED}\n c>s 1.04 S =900\n s>c 1.06 SA =7000 =901`)).toEqual(['open-active']))
  it('is an OPEN when its number is new, or when it is taken', () => {
    expect(first(REFUSED.replace('=900', '=2000'))).toEqual(['open-active'])
    expect(first('c>s 0.00 S =900\n s>c 0.02 SA =7000 =901\n c>s 0.04 A =901 =7001')).toEqual(['open-active'])
  })
  it('is one, as far as anybody knows, without an answer', () =>
    expect(first('c>s 0.00 S =900')).toEqual(['open-active']))
})

describe('a SYN+ACK', () => {
  it('shows the number that the machine could not know', () =>
    expect(told('c>s 0 S 0\n s>c 0.02 SA 0 1', synSent, adopt({ ...synReceived, iss: 7 }))).toEqual([
      'SYN_RECEIVED by infer/resync, seen',
    ]))
  it('of the known number is nothing new', () =>
    expect(told('c>s 0 S 0\n s>c 0.02 SA 0 1', synSent, synReceived)).toEqual([]))
  it('shows a SYN that was not captured', () =>
    expect(told('s>c 0.02 SA 0 1\n', closed(), closed(), { goesOn: 0 })).toEqual([
      'SYN_SENT by infer/adopted, implied of client',
      'SYN_RECEIVED by infer/adopted, seen',
    ]))
  it('with cookies leaves the server without a socket', () =>
    expect(
      told('c>s 0 S 0\n s>c 0.02 SA 0 1', synSent, closed(), { server: { 'net.ipv4.tcp_syncookies': '2' } }),
    ).toEqual([]))
})

describe('data and FINs', () => {
  it('data is a SEND', () =>
    expect(told(`${HANDSHAKE}\n c>s 1 PA 1 1 100`, client, server)).toEqual(['send']))
  it('data again is nothing', () =>
    expect(
      told(`${HANDSHAKE}\n c>s 1 PA 1 1 100\n c>s 2 PA 1 1 100`, { ...client, sndNxt: C + 101 }, server),
    ).toEqual([]))
  it('a FIN is a CLOSE', () => expect(told(`${HANDSHAKE}\n c>s 1 FA 1 1`, client, server)).toEqual(['close']))
  it('data with a FIN is both', () =>
    expect(told(`${HANDSHAKE}\n c>s 1 FPA 1 1 100`, client, server)).toEqual(['send', 'close']))
  it('a bare ACK is nothing', () => expect(told(`${HANDSHAKE}\n c>s 1 A 1 1`, client, server)).toEqual([]))
  it('from SYN_RECEIVED: the ACK must have come', () =>
    expect(told('c>s 0 S 0\n s>c 0.02 SA 0 1\n s>c 1 PA 1 1 9', client, synReceived)).toEqual([
      'ESTABLISHED by infer/resync, implied',
      'send',
    ]))
  it('but Fast Open may send data from there (RFC 7413 section 3)', () =>
    expect(
      told('c>s 0 S 0 0 100 fo=8\n s>c 0.02 SA 0 101\n s>c 0.03 PA 1 101 9', client, {
        ...synReceived,
        rcvNxt: C + 101,
      }),
    ).toEqual(['send']))
  it('in the middle of nowhere show two ends that were connected', () =>
    expect(told('c>s 0 PA 1 1 100', closed(), closed())).toEqual([
      'ESTABLISHED by infer/adopted, assumed of server',
      'ESTABLISHED by infer/adopted, assumed',
      'send',
    ]))
})

describe('an ACK of what was not captured', () => {
  it('shows that it was sent and came', () =>
    expect(told(`${HANDSHAKE}\n s>c 1 A 1 501`, client, server)).toEqual(['send of client', 'segment']))
  it('one byte, and nothing after it: a FIN, likeliest', () =>
    expect(told(`${HANDSHAKE}\n s>c 1 A 1 2`, client, server)).toEqual(['close of client', 'segment']))
})

describe('a RST', () => {
  it('with an ACK is an ABORT (3.10.5)', () =>
    expect(told(`${HANDSHAKE}\n c>s 1 RA 1 1 win=500`, client, server)).toEqual(['abort']))
  it('bare, in answer: its sender had no socket any more', () =>
    expect(told(`${HANDSHAKE}\n c>s 1 PA 1 1 9\n s>c 1.02 R 1`, client, server)).toEqual([
      'CLOSED by infer/gone, implied',
    ]))
  it('from where there is no socket says nothing new', () =>
    expect(told('c>s 0 S 0\n s>c 0.02 RA =0 1', synSent, closed())).toEqual([]))
  it('bare, of an unacceptable ACK, leaves SYN_SENT as it is (3.10.7.3 first)', () =>
    expect(told('c>s 0 S 0\n s>c 0.02 A =77 =300\n c>s 0.04 R =300', synSent, closed())).toEqual([]))
  it('that begins a capture: whoever it is for had a connection', () => {
    expect(told('s>c 0 R 1', closed(), closed())).toEqual(['ESTABLISHED by infer/adopted, assumed of client'])
    expect(told('s>c 0 RA 1 1 win=500', closed(), closed())).toEqual([
      'ESTABLISHED by infer/adopted, assumed of client',
      'ESTABLISHED by infer/adopted, assumed of server',
      // It had a connection, and this is how it ended it (3.10.5).
      'abort',
    ])
  })
})

describe('a cookie (RFC 4987 section 3.6)', () => {
  const cookies = { server: { 'net.ipv4.tcp_syncookies': '2' } }
  it('makes the connection when its ACK comes', () =>
    expect(explainCookie(track(HANDSHAKE, cookies), closed(), 2).map(short)).toEqual([
      'ESTABLISHED by infer/syn-cookie, assumed',
    ]))
  it('does not with another number, nor without cookies', () => {
    expect(explainCookie(track(HANDSHAKE.replace('A  1 1', 'A  1 9'), cookies), closed(), 2)).toEqual([])
    expect(explainCookie(track(HANDSHAKE), closed(), 2)).toEqual([])
  })
})

describe('a socket that is gone', () => {
  const met = track(`${HANDSHAKE}\n c>s 9 PA 1 1 100\n s>c 9.02 R 1`)
  const gone = (state: Tcb['state'], since = 0.1) => explainGone(met, { tcb: adopt({ state }), since }, 3)
  it('was given up in SYN_RECEIVED', () =>
    expect(gone('SYN_RECEIVED').map(short)).toEqual(['CLOSED by infer/gave-up, implied']))
  it('was an orphan whose time had run out in FIN_WAIT_1 (8 retries, 102 s) and FIN_WAIT_2 (60 s)', () => {
    const runOut = ['CLOSED by infer/orphan-timeout, implied']
    expect(gone('FIN_WAIT_1', 9.01 - 102.2).map(short)).toEqual(runOut)
    expect(gone('FIN_WAIT_2', 9.01 - 60).map(short)).toEqual(runOut)
  })
  it('cannot have timed out sooner', () => {
    const unknown = ['CLOSED by infer/gone, implied']
    expect(gone('FIN_WAIT_1', 9.01 - 102.1).map(short)).toEqual(unknown)
    expect(gone('FIN_WAIT_2', 9.01 - 59.9).map(short)).toEqual(unknown)
  })
  it('was forgotten in the middle of its silence in ESTABLISHED', () => {
    // Last heard at 0.02 s; the packet that met nothing arrives at 9.01 s.
    expect(gone('ESTABLISHED').map(short)).toEqual(['CLOSED by infer/gone, implied'])
    expect(gone('ESTABLISHED')[0]?.at).toBeCloseTo((0.02 + 9.01) / 2, 6)
  })
  it('had not waited in SYN_SENT until the next SYN was due', () => {
    const late = track('c>s 0 S 0\n s>c 9 SA 0 1\n c>s 9.02 R 1')
    expect(explainGone(late, { tcb: synSent, since: 0 }, 1)).toMatchObject([
      { kind: 'force', rule: 'infer/gone', at: 0.5 },
    ])
  })
  it('was there no more before', () => expect(gone('CLOSED')).toEqual([]))
})
