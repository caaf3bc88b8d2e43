/** When the server really became ESTABLISHED: SYN+ACKs that come again, and what only a synchronized server sends. */
import { describe, expect, it } from 'vitest'
import { isSimultaneous, readHandshake } from '../../src/infer/handshake.js'
import { type Circumstances, expected, fates, HANDSHAKE, toldOf, track } from './connection.js'

const holds = (text: string, given: Circumstances = {}): void => {
  const of = track(text, given)
  const wanted = expected(text)
  expect(toldOf(fates(of)).filter((_, row) => wanted[row] !== '')).toEqual(wanted.filter((w) => w !== ''))
}
const likely = (text: string, given: Circumstances = {}) => fates(track(text, given)).map((f) => f.arrives)
const thrown = (text: string, given: Circumstances = {}) => fates(track(text, given)).map((f) => f.thrown)

describe('the proof', () => {
  const read = (text: string) => readHandshake(track(text))
  it('is data of the server', () =>
    expect(read(`${HANDSHAKE}\n s>c 0.1 PA 1 1 10`)).toEqual({ synAcks: [1], proof: 3 }))
  it('is a FIN of the server', () => expect(read(`${HANDSHAKE}\n s>c 0.1 FA 1 1`).proof).toBe(3))
  it("is an ACK of the client's data", () =>
    expect(read(`${HANDSHAKE}\n c>s 0.05 PA 1 1 10\n s>c 0.1 A 1 11`).proof).toBe(4))
  it('is no ACK of the SYN alone: a request that waits sends that too', () =>
    expect(read(`${HANDSHAKE}\n s>c 0.1 A 1 1`).proof).toBe(-1))
  it('is a RST+ACK of a socket, with a window', () =>
    expect(read(`${HANDSHAKE}\n s>c 0.1 RA 1 1 win=500`).proof).toBe(3))
  it('is no bare RST: that comes from no socket', () =>
    expect(read(`${HANDSHAKE}\n s>c 0.1 R 1`).proof).toBe(-1))
  it('counts the SYN+ACKs of this request only', () =>
    expect(read(`${HANDSHAKE}\n s>c 0.1 PA 1 1 10\n s>c 0.3 SA =77 =88`).synAcks).toEqual([1]))
})

describe('the ACK of the handshake', () => {
  it('was taken when the server goes on', () =>
    holds(`
      c>s 0.000 S 0
      s>c 0.020 SA 0 1
      c>s 0.040 A 1 1           | received
      s>c 2.000 PA 1 1 100`))
  it('was not taken when the SYN+ACK comes again', () =>
    holds(`
      c>s 0.000 S 0
      s>c 0.020 SA 0 1
      c>s 0.040 A 1 1           | lost by 4
      s>c 1.040 SA 0 1
      c>s 1.060 A 1 1           | received
      s>c 3.000 PA 1 1 100`))
  it('may have crossed the SYN+ACK that comes again', () =>
    // The client's SYN was sent twice, so was the SYN+ACK; the first ACK passed the second SYN+ACK on the way.
    expect(
      likely(`
      c>s 0.000 S 0
      s>c 0.020 SA 0 1
      c>s 0.995 A 1 1
      s>c 1.000 SA 0 1
      c>s 1.020 A 1 1
      s>c 3.000 PA 1 1 100`)[2],
    ).toBe(true))
  it('is believed after a SYN+ACK that was itself lost: no ACK was in vain yet', () =>
    expect(
      likely(
        `
      c>s 0.000 S 0
      s>c 0.020 SA 0 1
      c>s 1.000 S 0
      s>c 1.020 SA 0 1
      c>s 1.040 A 1 1`,
        { goesOn: 0.1 },
      ),
    ).toEqual([true, false, true, true, true]))
})

describe('an accept queue that is full', () => {
  // net.ipv4.tcp_synack_retries 5: SYN+ACK again at +1, +3, +7, +15, +31 s; every ACK is thrown away.
  const full = `
    c>s 0.0000 S 0
    s>c 0.0001 SA 0 1
    c>s 0.0401 A 1 1            | lost by 4
    s>c 1.0001 SA 0 1
    c>s 1.0401 A 1 1            | lost by 6
    s>c 3.0001 SA 0 1
    c>s 3.0401 A 1 1            | lost by 8
    s>c 7.0001 SA 0 1
    c>s 7.0401 A 1 1`
  it('loses every ACK but the last for certain', () => holds(full, { goesOn: 0.1 }))
  it('says at the server itself that it threw them away', () =>
    expect(thrown(full, { goesOn: 0.1 })[2]).toBe('accept-queue-full'))
  it('leaves the last ACK open until the next SYN+ACK is due, and thinks it lost too', () => {
    const last = fates(track(full, { goesOn: 0.1 })).at(-1)
    expect(last).toMatchObject({ received: null, arrives: false })
  })
  it('had room at last when the next SYN+ACK is due and does not come', () => {
    // Due at 15 s; the capture goes on until 47 s.
    expect(fates(track(full, { goesOn: 40 })).at(-1)).toMatchObject({ arrives: true })
  })
  it('never had the connection when data draws a bare RST', () =>
    holds(
      `${full.replace('7.0401 A 1 1', '7.0401 A 1 1 | lost by 11')}
      c>s 90.0000 PA 1 1 100
      s>c 90.0001 R 1`,
    ))
})

describe('TCP_DEFER_ACCEPT', () => {
  it('takes no bare ACK; the SYN+ACK at +7 s, and what comes then', () =>
    holds(`
      c>s 0.000 S 0
      s>c 0.020 SA 0 1
      c>s 0.040 A 1 1           | lost by 4
      s>c 7.200 SA 0 1
      c>s 7.240 A 1 1           | received
      s>c 9.000 PA 1 1 100`))
  it('is told from a full queue by the resends that it skips, wherever the capture was taken', () =>
    expect(
      thrown(`
        c>s 0.000 S 0
        s>c 0.020 SA 0 1
        c>s 0.040 A 1 1
        s>c 7.200 SA 0 1
        c>s 7.240 A 1 1
        s>c 9.000 PA 1 1 100`)[2],
    ).toBe('deferred-accept'))
})

describe('a lost ACK with data behind it', () => {
  it('is made good by the data: every segment carries the ACK', () =>
    holds(`
      c>s 0.000 S 0
      s>c 0.020 SA 0 1          | received by 3
      c>s 0.040 A 1 1
      c>s 0.041 PA 1 1 100      | received by 5
      s>c 0.061 A 1 101`))
})

describe('a simultaneous open', () => {
  it('is two SYNs without ACK', () => {
    expect(isSimultaneous(track('c>s 0 S 0\n s>c 0.01 S 0'))).toBe(true)
    expect(isSimultaneous(track(HANDSHAKE))).toBe(false)
  })
  // Both first SYN+ACKs were lost, the server's before the capture, beside the client; 50 ms there and back.
  const BOTH_LOST = `
    c>s 0.000 S  0
    s>c 0.029 S  0
    c>s 0.030 SA 0 1
    c>s 1.008 SA 0 1
    s>c 1.037 SA 0 1
    c>s 1.038 A  1 1
    s>c 1.058 A  1 1
    c>s 1.138 PA 1 1 7
    s>c 1.188 A  1 8`
  it('shows by a SYN+ACK that its sender had not got the one before it: 50 ms there and back', () =>
    expect(toldOf(fates(track(BOTH_LOST))).slice(2, 4)).toEqual(['lost by 5', '?']))
  it('lets SYN+ACKs cross that left at about the same time', () =>
    expect(
      likely(`
      c>s 0.000 S  0
      s>c 0.004 S  0
      s>c 0.025 SA 0 1
      c>s 0.029 SA 0 1
      c>s 0.050 A  1 1
      s>c 0.054 A  1 1
      c>s 0.150 PA 1 1 7
      s>c 0.175 A  1 8`),
    ).toEqual([true, true, true, true, true, true, true, true]))
})
