/** What each RST says of its sender, and whether it was taken. RFC 9293 sections 3.5.2, 3.5.3, 3.10.7. */
import { describe, expect, it } from 'vitest'
import { isForged, isUnprompted } from '../../src/infer/resets.js'
import { type Circumstances, fates, HANDSHAKE, track } from './connection.js'

const fateOf = (text: string, packet: number, given: Circumstances = {}) =>
  fates(track(text, given))[packet - 1]

describe('a RST that was taken', () => {
  it('is followed by silence', () =>
    expect(fateOf(`${HANDSHAKE}\n c>s 0.1 RA 1 1`, 4)).toMatchObject({ received: true, arrives: true }))
  it('is not yet known at the end of the capture', () =>
    expect(fateOf(`${HANDSHAKE}\n c>s 0.1 RA 1 1`, 4, { goesOn: 0.1 })?.received).toBe(null))
})

describe('a RST that was not', () => {
  it('at the very number is lost when its receiver goes on', () =>
    expect(
      fateOf(
        `${HANDSHAKE}
        s>c 0.1 RA 1 1
        c>s 0.5 PA 1 1 100`,
        4,
      ),
    ).toMatchObject({ received: false, by: 4 }))
  it('beside the number is for the machine to judge (3.10.7.4 step 2)', () =>
    expect(
      fateOf(
        `${HANDSHAKE}
        s>c 0.100 RA 777 1
        c>s 0.500 PA 1 1 100`,
        4,
      ),
    ).toMatchObject({ arrives: true, by: 4 }))
  it('says nothing against a new SYN: the old attempt is over', () =>
    expect(
      fateOf(
        `
        c>s 0.0 S 0
        s>c 0.02 RA =0 1
        c>s 1.0 S =777`,
        2,
      ),
    ).toMatchObject({ arrives: true }))
  it('is lost when the same SYN comes again', () =>
    expect(
      fateOf(
        `
        c>s 0.0 S 0
        s>c 0.02 RA =0 1
        c>s 1.0 S 0
        s>c 1.02 RA =0 1`,
        2,
      ),
    ).toMatchObject({ received: false, by: 2 }))
  it('behind a byte that nobody had sent before is behind data, not behind probes', () =>
    expect(
      fateOf(
        `${HANDSHAKE}
        c>s 0.100 PA 1 1 1
        s>c 0.120 A 1 2
        s>c 0.130 PA 1 2 1
        s>c 0.131 RA 2 2`,
        7,
      ),
    ).toMatchObject({ received: true, arrives: true }))
  it('after probes that nobody answered dies the way they did', () =>
    expect(
      fateOf(
        `${HANDSHAKE}
        c>s 60 A 0 1
        c>s 61 A 0 1
        c>s 62 A 0 1
        c>s 63 RA 1 1 win=500`,
        7,
      ),
      // The likeliest; that no answer came is all that is known.
    ).toMatchObject({ received: null, arrives: false }))
})

describe('a socket that is gone', () => {
  const met = `${HANDSHAKE}
    c>s 9.000 PA 1 1 100
    s>c 9.020 R 1`
  it('is shown by a bare RST with the ack number of what met it', () => {
    expect(fateOf(met, 4)).toMatchObject({ gone: 4, thrown: 'no-socket', received: false, arrives: true })
  })
  it('is not shown by a RST with another number', () =>
    expect(fateOf(met.replace('R 1', 'R 2'), 4)?.gone).toBe(-1))
  it('is not shown by a RST+ACK: that socket was there', () =>
    expect(fateOf(met.replace('R 1', 'RA 1 101'), 4)?.gone).toBe(-1))
  it('is not shown by a RST much later than an answer takes', () =>
    expect(fateOf(met.replace('9.020', '12.000'), 4)?.gone).toBe(-1))
  it('is not shown by a RST sooner than an answer can come', () =>
    expect(fateOf(met.replace('9.020', '9.001'), 4)?.gone).toBe(-1))
  it('is not shown when its sender goes on: an ACK of nothing, met by one that stays (3.10.7.3 first)', () => {
    const halfOpen = `
      c>s 0.00 S 0
      s>c 0.02 A =777 =300
      c>s 0.04 R =300
      c>s 1.00 S 0`
    expect(fateOf(halfOpen, 2)?.gone).toBe(-1)
  })
})

describe('forged', () => {
  it('is a RST whose sender goes on with the same connection', () => {
    const of = track(`${HANDSHAKE}
      s>c 0.1 RA 1 1
      s>c 1.0 PA 1 1 100
      s>c 1.1 PA 101 1 100`)
    expect(isForged(of, 3)).toBe(true)
  })
  it('is not one that overtook a segment on the way', () => {
    const of = track(`${HANDSHAKE}
      s>c 0.100 RA 101 1
      s>c 0.101 PA 1 1 100`)
    expect(isForged(of, 3)).toBe(false)
  })
  it('is not one that overtook much, however late that comes: its sender had counted it before', () => {
    const overtaken = (id: number) =>
      track(`${HANDSHAKE}
      s>c 0.1 RA 101 1 id=102
      s>c 0.2 PA 1 1 100 id=${id}`)
    expect(isForged(overtaken(101), 3)).toBe(false)
    expect(isForged(overtaken(103), 3)).toBe(true)
  })
  it('is not one after which the port is used again', () => {
    const of = track(`${HANDSHAKE}
      c>s 0.1 RA 1 1
      c>s 5.0 S =900`)
    expect(isForged(of, 3)).toBe(false)
  })
})

describe('unprompted', () => {
  const prompted = (text: string, given: Circumstances = {}) => {
    const of = track(text, given)
    return isUnprompted(of, of.segments.length - 1)
  }
  it('is a bare RST that answers nothing: Linux aborts with RST+ACK', () =>
    expect(prompted(`${HANDSHAKE}\n s>c 9 R 1`)).toBe(true))
  it('is not one that answers at once', () =>
    expect(prompted(`${HANDSHAKE}\n c>s 9 PA 1 1 9\n s>c 9.02 R 1`)).toBe(false))
  it('is not a RST+ACK', () => expect(prompted(`${HANDSHAKE}\n s>c 9 RA 1 1`)).toBe(false))
  it('is not one of a stack whose abort is bare (RFC 9293 3.10.5)', () =>
    expect(prompted(`${HANDSHAKE}\n s>c 9 R 1`, { stack: 'rfc9293' })).toBe(false))
})
