/** Notes on connections written by hand, for what no recording shows alone; values by hand from the RFCs. */
import { describe, expect, it } from 'vitest'
import type { Note } from '../../../src/notes.js'
import { HANDSHAKE, notes, segments } from './made.js'

const at = (all: readonly (readonly Note[])[], packet: number, code: Note['code']) =>
  all[packet - 1]?.find((note) => note.code === code)
const codes = (all: readonly (readonly Note[])[], packet: number) => all[packet - 1]?.map((note) => note.code)

describe('retransmissions', () => {
  // Packet 5 is lost; 6 to 8 arrive, each draws a duplicate ACK with a SACK block; 12 repeats 5.
  const lost = notes(`${HANDSHAKE}
    c>s 0.100 A 1 1 100 i10
    c>s 0.101 A 101 1 100 i11
    c>s 0.102 A 201 1 100 i12
    c>s 0.103 A 301 1 100 i13
    c>s 0.104 A 401 1 100 i14
    s>c 0.120 A 1 101
    s>c 0.122 A 1 101 0 s201-301
    s>c 0.123 A 1 101 0 s201-401
    s>c 0.124 A 1 101 0 s201-501
    c>s 0.126 A 101 1 100 i15
    s>c 0.146 A 1 501`)
  it('counts duplicate ACKs while data is out', () => {
    expect([10, 11, 12].map((n) => at(lost, n, 'duplicate-ack'))).toEqual(
      [1, 2, 3].map((nth) => ({ code: 'duplicate-ack', nth, of: 9 })),
    )
  })
  it('is fast after three of them', () => {
    expect(at(lost, 13, 'fast-retransmission')).toEqual({
      code: 'fast-retransmission',
      of: 5,
      duplicateAcks: 3,
    })
  })
  it('says of the lost packet which one shows the loss', () => {
    expect(at(lost, 5, 'not-received')).toMatchObject({ side: 'server', lost: true })
  })
  it('is the timer when nobody asked, and the bytes are not the last', () => {
    const all = notes(`${HANDSHAKE}
      c>s 0.100 A 1 1 100 i10
      c>s 0.101 A 101 1 100 i11
      c>s 0.500 A 1 1 100 i12
      s>c 0.520 A 1 201`)
    expect(at(all, 6, 'retransmission')).toEqual({ code: 'retransmission', of: 4, why: 'timeout' })
  })
  it('is spurious when an ACK had covered it already', () => {
    const all = notes(`${HANDSHAKE}
      c>s 0.100 PA 1 1 100 i10
      s>c 0.120 A 1 101
      c>s 0.400 PA 1 1 100 i11`)
    expect(at(all, 6, 'spurious-retransmission')).toEqual({
      code: 'spurious-retransmission',
      of: 4,
      shownBy: 5,
    })
  })
})

it('the same ACK again is no duplicate of anything while nothing of the other end was captured', () => {
  const all = notes(`c>s 0.000 FA 1 1 0 t1177 i65236 w63
    c>s 0.136 A 1 1 0 t1041 i65235 w63
    s>c 0.204 A 1 2 0 t3226 i3684 w64
    c>s 0.362 A 2 2 0 t1403 w63`)
  expect(all.flat().map(({ code }) => code)).not.toContain('duplicate-ack')
})

describe('holes in the capture', () => {
  it('are not captured when the peer acknowledges them', () => {
    const all = notes(`${HANDSHAKE}
      c>s 0.100 A 101 1 100
      s>c 0.120 A 1 201`)
    expect(at(all, 4, 'previous-segment-missing')).toEqual({
      code: 'previous-segment-missing',
      bytes: 100,
      kind: 'not-captured',
    })
  })
  it('were lost when they come again', () => {
    const all = notes(`${HANDSHAKE}
      c>s 0.100 A 101 1 100 i5
      c>s 0.500 A 1 1 100 i6
      s>c 0.520 A 1 201`)
    expect(at(all, 4, 'previous-segment-missing')).toMatchObject({ bytes: 100, kind: 'lost' })
    expect(at(all, 5, 'retransmission')).toMatchObject({ of: null })
  })
  it('stay open at the end of the capture', () => {
    const all = notes(`${HANDSHAKE}
      c>s 0.100 A 101 1 100`)
    expect(at(all, 4, 'previous-segment-missing')).toMatchObject({ kind: 'unknown' })
  })
  it('are told when an ACK covers them', () => {
    const all = notes(`${HANDSHAKE}
      c>s 0.100 A 1 1 100
      s>c 0.120 A 1 301`)
    expect(at(all, 5, 'ack-of-unseen')).toEqual({ code: 'ack-of-unseen', bytes: 200 })
  })
  it('a direction without any packet is not worth a word each time', () => {
    const all = notes(`c>s 0.100 A 1 1 100
      c>s 0.200 A 101 301 100`)
    expect(all.flat().map((note) => note.code)).toEqual(['state-unknown-before'])
  })
})

describe('a keep-alive', () => {
  const TALK = `${HANDSHAKE}
      c>s 0.100 PA 1 1 8
      s>c 0.120 A 1 9`
  it('is answered though its sender closed meanwhile: the same ACK again tells of no hole', () => {
    const all = notes(`${TALK}
      c>s 15.000 A  8 1
      c>s 15.001 FA 9 1
      s>c 15.020 A  1 9
      s>c 15.021 FA 1 10`)
    expect(at(all, 8, 'keep-alive-ack')).toEqual({ code: 'keep-alive-ack', answers: 6 })
    expect(at(all, 8, 'duplicate-ack')).toBeUndefined()
  })
  it('is not what an ACK long after it answers', () => {
    const all = notes(`${TALK}
      c>s 15.000 A  8 1
      c>s 15.100 PA 9 1 10
      c>s 15.900 PA 19 1 10
      s>c 15.920 A  1 9`)
    expect(at(all, 9, 'keep-alive-ack')).toBeUndefined()
    expect(at(all, 9, 'duplicate-ack')).toMatchObject({ nth: 1 })
  })
})

describe('handshake', () => {
  it('counts SYN+ACKs, and blames nobody for a loss that may be a full queue', () => {
    const all = notes(`${HANDSHAKE}
      s>c 1.040 SA 0 1
      c>s 1.060 A 1 1
      s>c 3.040 SA 0 1`)
    expect(at(all, 4, 'syn-ack-retransmission')).toEqual({
      code: 'syn-ack-retransmission',
      nth: 1,
      // The third was due at 7 s, within the capture, and did not come: this server is set to two.
      budget: 2,
      first: 2,
      answers: null,
    })
    expect(at(all, 6, 'syn-ack-retransmission')).toMatchObject({ nth: 2 })
    const thrown = [...(all[2] ?? [])].filter(({ code }) => code === 'not-received' || code === 'thrown-away')
    expect(thrown).toHaveLength(1)
  })
  it('tells a SYN+ACK that answers a SYN again, one round trip before it, from one that a timer sent', () => {
    const answered = (at: number) =>
      notes(`
      c>s 0.000 S  0
      s>c 0.020 SA 0 1
      c>s 1.000 S  0
      s>c ${at} SA 0 1
      c>s 1.060 A  1 1
      c>s 1.070 PA 1 1 10
      s>c 1.090 A  1 11`)
    expect(at(answered(1.02), 4, 'syn-ack-retransmission')).toMatchObject({ answers: 3 })
    // Sooner than any answer, and later: the server's own second had passed.
    expect(at(answered(1.005), 4, 'syn-ack-retransmission')).toMatchObject({ answers: null })
    expect(at(answered(1.04), 4, 'syn-ack-retransmission')).toMatchObject({ answers: null })
  })
  it('counts up to what the server evidently allows: it had given up before its RST', () => {
    const all = notes(`${HANDSHAKE}
      s>c 1.040 SA 0 1
      c>s 1.060 A 1 1
      s>c 3.040 SA 0 1
      c>s 3.060 A 1 1
      c>s 8.000 PA 1 1 10
      s>c 8.020 R 1`)
    expect(at(all, 4, 'syn-ack-retransmission')).toMatchObject({ nth: 1, budget: 2 })
    expect(at(all, 6, 'syn-ack-retransmission')).toMatchObject({ nth: 2, budget: 2 })
  })
  it('names a SYN cookie when the server is set to them', () => {
    const all = notes(HANDSHAKE, 2)
    expect(at(all, 2, 'syn-cookie')).toEqual({ code: 'syn-cookie', answers: 1 })
    expect(at(all, 3, 'hidden-change')).toMatchObject({ side: 'server', why: 'cookie' })
  })
})

describe('resets', () => {
  it('after vain keep-alives is a time-out', () => {
    const all = notes(`${HANDSHAKE}
      c>s 7200 A 0 1
      c>s 7275 A 0 1
      c>s 7350 RA 1 1`)
    expect(at(all, 4, 'keep-alive')).toEqual({ code: 'keep-alive', nth: 1 })
    expect(at(all, 5, 'keep-alive')).toEqual({ code: 'keep-alive', nth: 2 })
    expect(at(all, 6, 'reset')).toMatchObject({ form: 'keep-alive-timeout' })
  })
  it('with an ACK is an abort', () => {
    const all = notes(`${HANDSHAKE}
      c>s 0.100 PA 1 1 10
      s>c 0.150 RA 1 11`)
    expect(at(all, 5, 'reset')).toMatchObject({ form: 'abort' })
  })
  it('to a SYN+ACK of something older is a bad ACK: its sender stays', () => {
    const all = notes(`c>s 0 S 0
      s>c 0.020 A 77 =900
      c>s 0.040 R =900
      c>s 0.050 S 0
      s>c 0.070 SA 0 1
      c>s 0.090 A 1 1`)
    expect(at(all, 3, 'reset')).toMatchObject({ form: 'bad-ack', answers: 2 })
  })
})

describe('probes', () => {
  it('one byte with data still out is a retransmission, not a keep-alive', () => {
    const all = notes(`${HANDSHAKE}
      c>s 0.100 A 1 1 1 i10
      c>s 0.400 A 1 1 1 i11
      s>c 0.420 A 1 2`)
    expect(codes(all, 5)).not.toContain('keep-alive')
    expect(at(all, 5, 'retransmission')).toMatchObject({ of: 4 })
  })
  it('one garbage byte below what was acknowledged is a keep-alive', () => {
    const all = notes(`${HANDSHAKE}
      c>s 0.100 PA 1 1 10
      s>c 0.120 A 1 11
      c>s 60 A 10 1 1
      s>c 60.02 A 1 11`)
    expect(codes(all, 6)).toContain('keep-alive')
    expect(at(all, 7, 'keep-alive-ack')).toEqual({ code: 'keep-alive-ack', answers: 6 })
  })
  it('a window probe that carries the next byte is one each time', () => {
    const all = notes(`${HANDSHAKE}
      c>s 0.100 PA 1 1 10
      s>c 0.120 A 1 11 0 w0
      c>s 0.400 A 11 1 1
      s>c 0.420 A 1 11 0 w0
      c>s 1.000 A 11 1 1
      s>c 1.020 A 1 11 0 w0`)
    expect([6, 8].map((n) => at(all, n, 'zero-window-probe'))).toEqual([
      { code: 'zero-window-probe', nth: 1 },
      { code: 'zero-window-probe', nth: 2 },
    ])
    expect(at(all, 9, 'zero-window-probe-ack')).toEqual({ code: 'zero-window-probe-ack', answers: 8 })
    expect(at(all, 9, 'zero-window')).toEqual({ code: 'zero-window', seconds: null })
  })
})

it('a packet captured twice has no other note', () => {
  const all = segments(`${HANDSHAKE}
    c>s 0.1000 PA 1 1 10 i7 l64
    c>s 0.1001 PA 1 1 10 i7 l63
    s>c 0.120 A 1 11`)
  expect(notes(all)[4]).toEqual([{ code: 'capture-duplicate', of: 4 }])
})

it('an orderly connection has nothing to say but TIME_WAIT', () => {
  const all = notes(`${HANDSHAKE}
    c>s 0.100 PA 1 1 10 i1
    s>c 0.120 PA 1 11 10
    c>s 0.140 A 11 11 0 i2
    c>s 0.200 FA 11 11 0 i3
    s>c 0.220 FA 11 12
    c>s 0.240 A 12 12 0 i4`)
  expect(all.flat().map((note) => note.code)).toEqual(['time-wait-until'])
})
