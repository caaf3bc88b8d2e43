/** PAWS: which segments are too old to be acceptable. RFC 7323 section 5.3; Linux tcp_paws_discard(). */
import { describe, expect, it } from 'vitest'
import type { Segment } from '../../src/flow/segment.js'
import { mayBeTooOld, RecentTimestamp } from '../../src/replay/recent-timestamp.js'
import { flow, HANDSHAKE, segments, track } from '../infer/connection.js'

const one = (line: string): Segment => segments(line)[0] as Segment
const AT = { rcvNxt: 1001, sndUna: 5001 }

/** It has sent an ACK up to 1, and taken a segment of time 100 there. */
const at100 = (): RecentTimestamp => {
  const recent = new RecentTimestamp()
  recent.sent(one('s>c 0.0 A 1 1'))
  recent.took(one('c>s 0.1 PA 1 1 9 ts=100/1'))
  return recent
}
const rejects = (line: string, recent = at100()) => recent.rejects(one(line), AT)

describe('TS.Recent', () => {
  it('rejects what is older, and takes the same and what is newer (R1)', () => {
    expect(rejects('c>s 1 PA 1 1 9 ts=99/1')).toBe(true)
    expect(rejects('c>s 1 PA 1 1 9 ts=100/1')).toBe(false)
    expect(rejects('c>s 1 PA 1 1 9 ts=101/1')).toBe(false)
  })
  it('counts modulo 2^32', () => {
    const recent = new RecentTimestamp()
    recent.took(one('c>s 0.1 PA 1 1 9 ts=4294967290/1'))
    expect(recent.rejects(one('c>s 1 PA 1 1 9 ts=5/1'), AT)).toBe(false)
    expect(recent.rejects(one('c>s 1 PA 1 1 9 ts=4294967289/1'), AT)).toBe(true)
  })
  it('never rejects a RST, nor what has no timestamp', () => {
    expect(rejects('c>s 1 RA 1 1 ts=99/1')).toBe(false)
    expect(rejects('c>s 1 PA 1 1 9')).toBe(false)
  })
  it('lets an overtaken ACK pass that says nothing new', () => {
    expect(rejects('c>s 1 A 1 1 ts=99/1')).toBe(false)
    expect(rejects('c>s 1 A 1 2 ts=99/1')).toBe(true)
  })
  it('is not moved by what lies behind a hole (section 4.3: Last.ACK.sent)', () => {
    const recent = at100()
    recent.took(one('c>s 0.2 PA 50 1 9 ts=200/1'))
    expect(rejects('c>s 1 PA 10 1 9 ts=150/1', recent)).toBe(false)
  })
  it('says nothing after 24 days (section 5.5)', () =>
    expect(rejects(`c>s ${25 * 24 * 3600} PA 1 1 9 ts=99/1`)).toBe(false))
})

describe('a segment that is too old', () => {
  const TALK = `
    c>s 0.00 S  0             ts=100/0
    s>c 0.02 SA 0 1           ts=500/100
    c>s 0.04 A  1 1           ts=140/500
    c>s 0.10 PA 1 1 100       ts=200/500
    s>c 0.12 A  1 101         ts=620/200`

  it('closes nothing: a FIN of an old time, of which nothing else tells', () => {
    const last = (time: number) =>
      flow(
        `${TALK}
        c>s 0.50 PA 1 1 100     ts=600/620
        s>c 0.52 A  1 101       ts=1020/600
        c>s 0.60 FA 101 1       ts=${time}/500`,
        { goesOn: 0.001 },
      )
    expect(last(90).rows.at(-1)?.server).toMatchObject({
      state: 'ESTABLISHED',
      rules: ['3.10.7.4/1-sequence/paws'],
    })
    expect(last(90).server.state).toBe('ESTABLISHED')
    expect(last(700).server.state).toBe('CLOSE_WAIT')
  })

  it('came and was refused: not lost on the way, and the ACK that answers it tells of no hole', () => {
    // Somebody put new text with an old time in between; the client's own text for that place comes later, and is taken.
    const { rows } = flow(
      `${TALK}
      c>s 0.50 PA 101 1 50    ts=90/500
      s>c 0.52 A  1 101       ts=1020/200
      c>s 0.60 PA 101 1 70    ts=700/620
      s>c 0.62 A  1 171       ts=1120/700`,
      { goesOn: 1 },
    )
    const [old, answer, own] = rows.slice(5)
    expect(old).toMatchObject({ received: false, server: { state: 'ESTABLISHED', was: 'ESTABLISHED' } })
    expect(old?.server.rules).toEqual(['3.10.7.4/1-sequence/paws'])
    expect(old?.notes).toEqual([{ code: 'thrown-away', side: 'server', shownBy: 9, why: 'old-timestamp' }])
    expect(answer?.notes).toEqual([])
    expect(own?.received).toBe(true)
    // The same with a time of its own was lost.
    const lost = flow(
      `${TALK}
      c>s 0.50 PA 101 1 50    ts=600/500
      c>s 0.60 PA 101 1 70    ts=700/620
      s>c 0.62 A  1 171       ts=1120/700`,
      { goesOn: 1 },
    )
    expect(lost.rows[5]?.notes.map(({ code }) => code)).not.toContain('thrown-away')
  })

  it('is looked for only where something came twice, or before its turn', () => {
    expect(mayBeTooOld(track(TALK))).toBe(false)
    expect(mayBeTooOld(track(`${TALK}\n c>s 0.5 PA 1 1 100 ts=600/620`))).toBe(true)
    expect(mayBeTooOld(track(`${HANDSHAKE}\n c>s 0.5 PA 1 1 9\n c>s 0.6 PA 1 1 9`))).toBe(false)
  })
})
