/**
 * Both ends after every packet, of connections written by hand; the states follow from RFC 9293 sections 3.5, 3.6 and
 * 3.10 and from what Linux does. Right of the bar: client, server. A row shows its receiver once it has
 * taken the segment; where that `crosses` one of the receiver's own, the columns are two moments.
 */
import { describe, expect, it } from 'vitest'
import { type Circumstances, expected, flow, icmp } from '../infer/connection.js'

const SHORT: Readonly<Record<string, string>> = {
  '-': 'CLOSED',
  LIS: 'LISTEN',
  SYS: 'SYN_SENT',
  SYR: 'SYN_RECEIVED',
  EST: 'ESTABLISHED',
  FW1: 'FIN_WAIT_1',
  FW2: 'FIN_WAIT_2',
  CLW: 'CLOSE_WAIT',
  CLG: 'CLOSING',
  LAK: 'LAST_ACK',
  TWT: 'TIME_WAIT',
}

const holds = (text: string, given: Circumstances = {}): void => {
  const { rows } = flow(text, given)
  const shown = rows.map((row) => `${row.client.state} ${row.server.state}${row.crossing ? ' crosses' : ''}`)
  const wanted = expected(text).map((line) =>
    line
      .split(' ')
      .map((word) => SHORT[word] ?? word)
      .join(' '),
  )
  expect(shown).toEqual(wanted)
}

const OPEN = `
  c>s 0.000 S 0           | SYS SYR
  s>c 0.020 SA 0 1        | EST SYR
  c>s 0.040 A 1 1         | EST EST`

describe('opening', () => {
  it('goes through the three-way handshake (figure 6)', () => holds(OPEN))
  it('leaves a client in SYN_SENT that nobody answers', () =>
    holds(`
      c>s 0 S 0             | SYS -
      c>s 1 S 0             | SYS -`))
  it('finds a server in LISTEN that takes the second SYN, and that the first one did not reach', () =>
    holds(`
      c>s 0.000 S 0         | SYS LIS
      c>s 1.000 S 0         | SYS SYR
      s>c 1.020 SA 0 1      | EST SYR
      c>s 1.040 A 1 1       | EST EST`))
  it('is refused where nobody listens (3.10.7.1)', () =>
    holds(`
      c>s 0.00 S 0          | SYS -
      s>c 0.02 RA =0 1      | - -`))
  it('of both ends at once passes SYN_RECEIVED (figure 7)', () =>
    holds(`
      c>s 0.000 S 0         | SYS SYR crosses
      s>c 0.010 S 0         | SYR SYS
      c>s 0.030 SA 0 1      | SYR EST crosses
      s>c 0.040 SA 0 1      | EST SYR`))
  it('keeps the server in SYN_RECEIVED while its SYN+ACK comes again', () =>
    holds(`
      c>s 0.000 S 0         | SYS SYR
      s>c 0.020 SA 0 1      | EST SYR
      c>s 0.040 A 1 1       | EST SYR
      s>c 1.020 SA 0 1      | EST SYR
      c>s 1.040 A 1 1       | EST EST
      s>c 1.100 PA 1 1 100  | EST EST`))
  it('keeps the client in SYN_SENT while a SYN+ACK is lost', () =>
    holds(`
      c>s 0.000 S 0         | SYS SYR
      s>c 0.020 SA 0 1      | SYS SYR
      c>s 1.000 S 0         | SYS SYR
      s>c 1.020 SA 0 1      | EST SYR
      c>s 1.040 A 1 1       | EST EST
      s>c 1.100 PA 1 1 100  | EST EST`))
  it('leaves a server without a connection that answers the same SYN with another number (SYN cookies)', () =>
    holds(`
      c>s 0.000 S 0         | SYS -
      s>c 0.020 SA =777 1   | SYS -
      c>s 1.000 S 0         | SYS SYR
      s>c 1.020 SA 0 1      | EST SYR
      c>s 1.040 A 1 1       | EST EST
      s>c 1.100 PA 1 1 100  | EST EST`))
  it('ends at once with ICMP host unreachable (Linux tcp_v4_err)', () => {
    const of = flow('c>s 0 S 0', { icmp: [icmp(0.5, 0, 3, 1)] })
    expect(of.client.state).toBe('CLOSED')
    expect(of.calls).toMatchObject([{ side: 'client', call: 'connect', errno: 'EHOSTUNREACH', packet: 1000 }])
    expect(of.verdict).toBe('unreachable')
  })
})

describe('closing', () => {
  it('in four segments (figure 12)', () =>
    holds(`${OPEN}
      c>s 1.000 FA 1 1      | FW1 CLW
      s>c 1.020 A 1 2       | FW2 CLW
      s>c 2.000 FA 1 2      | TWT LAK
      c>s 2.020 A 2 2       | TWT -`))
  it('in three', () =>
    holds(`${OPEN}
      c>s 1.000 FA 1 1      | FW1 CLW
      s>c 1.020 FA 1 2      | TWT LAK
      c>s 1.040 A 2 2       | TWT -`))
  it('by the server first', () =>
    holds(`${OPEN}
      s>c 1.000 FA 1 1      | CLW FW1
      c>s 1.020 A 1 2       | CLW FW2
      c>s 2.000 FA 1 2      | LAK TWT
      s>c 2.020 A 2 2       | - TWT`))
  it('of both ends at once (figure 13)', () =>
    holds(`${OPEN}
      c>s 1.000 FA 1 1      | FW1 CLG crosses
      s>c 1.005 FA 1 1      | CLG FW1
      c>s 1.030 A 2 2       | CLG TWT crosses
      s>c 1.035 A 2 2       | TWT CLG`))
  // The next three are what kernels did on a line that loses packets: their own tables of sockets showed it.
  it('is not over before the last ACK comes: who still acknowledges had not got it', () =>
    holds(`${OPEN}
      s>c 1.0000 FA 1 1     | CLW FW1
      s>c 1.2200 FA 1 1     | LAK FW1 crosses
      c>s 1.2210 FA 1 2     | LAK TWT
      s>c 1.2211 A 2 2      | - TWT crosses
      c>s 1.2400 A 2 2      | LAK TWT`))
  it('began before the other FIN came, where what answers that FIN stands behind one of its own that nobody captured', () =>
    holds(`${OPEN}
      s>c 1.0000 FA 1 1     | CLG FW1
      c>s 1.0220 A 2 2      | CLG FW2
      c>s 1.3000 FA 1 2     | CLG TWT
      s>c 1.3001 A 2 2      | TWT TWT`))
  it('began after it, where that FIN came twice: the first answer was the FIN that nobody captured', () =>
    holds(`${OPEN}
      s>c 1.0000 FA 1 1          | CLW FW1
      s>c 1.2200 FA 1 1          | CLW FW1
      c>s 1.2420 A 2 2 sack=1-2  | LAK FW2
      c>s 1.5000 FA 1 2          | LAK TWT
      s>c 1.5001 A 2 2           | - TWT`))
  it('waits in FIN_WAIT_1 while the FIN is lost', () =>
    holds(`${OPEN}
      c>s 1.000 FA 1 1      | FW1 EST
      c>s 1.300 FA 1 1      | FW1 CLW
      s>c 1.320 A 1 2       | FW2 CLW`))
  it('waits in LAST_ACK while the last ACK is lost', () =>
    holds(`${OPEN}
      c>s 1.000 FA 1 1      | FW1 CLW
      s>c 1.020 FA 1 2      | TWT LAK
      c>s 1.040 A 2 2       | TWT LAK
      s>c 1.300 FA 1 2      | TWT LAK
      c>s 1.320 A 2 2       | TWT -`))
})

describe('aborts', () => {
  it('close both ends at once', () =>
    holds(`${OPEN}
      s>c 1.000 RA 1 1 win=500 | - -`))
  it('leave an end that the RST does not reach', () =>
    holds(`${OPEN}
      s>c 1.000 RA 1 1 win=500 | EST -
      c>s 5.000 PA 1 1 100  | EST -
      s>c 5.020 R 1         | - -`))
})

describe('a capture that begins in the middle', () => {
  it('takes both ends for connected', () =>
    holds(`
      c>s 0.000 PA 1 1 100  | EST EST
      s>c 0.020 A 1 101     | EST EST
      c>s 1.000 FA 101 1    | FW1 CLW
      s>c 1.020 A 1 102     | FW2 CLW`))
  it('says that it is only assumed', () => {
    const { rows, beginsInMiddle } = flow('c>s 0 PA 1 1 100\n s>c 0.02 A 1 101')
    expect(beginsInMiddle).toBe(true)
    expect(rows[0]?.client.certainty).toBe('assumed')
  })
})

describe('hindsight', () => {
  const { rows } = flow(`
    c>s 0.000 S 0
    s>c 0.020 SA 0 1
    c>s 0.040 A 1 1
    s>c 1.020 SA 0 1
    c>s 1.040 A 1 1
    s>c 1.100 PA 1 1 100`)
  it('names the packet that shows what a naive reader gets wrong', () => {
    expect(rows[2]?.server).toMatchObject({
      state: 'SYN_RECEIVED',
      hindsight: { instead: 'ESTABLISHED', packet: 4 },
    })
  })
  it('is not spoken of where the naive reader is right', () => {
    expect(rows[1]?.server.hindsight).toBeUndefined()
    expect(rows[4]?.server.hindsight).toBeUndefined()
  })
})

describe('an ACK of what was not captured, and then a smaller one', () => {
  // The capture lacks 100 bytes of the server; the network swapped the client's two.
  const { rows } = flow(`
    c>s 0.000 S  0
    s>c 0.020 SA 0 1
    c>s 0.040 A  1 1
    c>s 0.100 PA 1 101 7
    s>c 0.120 A  101 8
    c>s 0.140 A  8 51`)
  it('did come, as the other end says', () =>
    expect(rows[3]).toMatchObject({ received: true, receivedBy: 5 }))
})

describe('a row', () => {
  const { rows } = flow(`
    c>s 0.000 S 0 0 0 win=1000 scale=7
    s>c 0.020 SA 0 1 0 win=1000 scale=3
    c>s 0.040 A 1 1 0 win=100`)
  it('counts from the SYN', () => {
    expect(rows.map((r) => [r.relativeSeq, r.relativeAck])).toEqual([
      [0, null],
      [0, 1],
      [1, 1],
    ])
    expect(rows.map((r) => [r.seq, r.ack])).toEqual([
      [1000, null],
      [5000, 1001],
      [1001, 5001],
    ])
  })
  it('scales windows, but never that of a SYN (RFC 7323 section 2.2)', () =>
    expect(rows.map((r) => r.window)).toEqual([1000, 1000, 100 * 2 ** 7]))
  it('scales none unless both SYNs offer it', () =>
    expect(flow('c>s 0 S 0 0 0 scale=7\n s>c 0.02 SA 0 1\n c>s 0.04 A 1 1 0 win=100').rows[2]?.window).toBe(
      100,
    ))
  it('counts from the first segment where no SYN was captured, as Wireshark does', () => {
    const [first] = flow('c>s 0 PA =777 =333 10').rows
    expect([first?.relativeSeq, first?.relativeAck]).toEqual([1, 1])
  })
})
