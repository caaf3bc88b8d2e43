/** The stretches of time in each state, timers included. Times by hand: half the way to an end before or after its packet. */
import { describe, expect, it } from 'vitest'
import type { Flow, Side } from '../../src/report.js'
import { type Circumstances, flow, HANDSHAKE } from '../infer/connection.js'

const round = (at: number | null) => (at === null ? null : Math.round(at * 1e4) / 1e4)
const of = (side: Side, made: Flow) => made.spans[side].map((s) => [s.state, round(s.from)])
const spans = (side: Side, text: string, given: Circumstances = {}) => of(side, flow(text, given))

const CLOSED = `${HANDSHAKE}
  c>s 1.000 FA 1 1
  s>c 1.020 FA 1 2
  c>s 1.040 A 2 2`

describe('spans', () => {
  it("are on each end's own clock: 10 ms from the capture", () => {
    expect(spans('client', CLOSED)).toEqual([
      ['CLOSED', null],
      ['SYN_SENT', -0.01],
      ['ESTABLISHED', 0.03],
      ['FIN_WAIT_1', 0.99],
      ['TIME_WAIT', 1.03],
    ])
    // That it is gone in the end says nothing of its beginning.
    expect(spans('server', CLOSED)).toEqual([
      ['LISTEN', null],
      ['SYN_RECEIVED', 0.01],
      ['ESTABLISHED', 0.05],
      ['CLOSE_WAIT', 1.01],
      ['LAST_ACK', 1.01],
      ['CLOSED', 1.05],
    ])
  })
  it('do not give up where a later packet shows that it went on, though nothing of the other side was captured', () => {
    const oneWay = `
      s>c 0.000 SA 0 1
      s>c 3.400 SA 0 1
      s>c 18.100 FA 1 1`
    expect(spans('server', oneWay)).toEqual([
      ['CLOSED', null],
      ['SYN_RECEIVED', 0],
      ['ESTABLISHED', 18.1],
      ['FIN_WAIT_1', 18.1],
      // The FIN is not sent again.
      ['FIN_WAIT_2', 18.1],
    ])
  })
  it('end TIME_WAIT after a minute within the capture', () => {
    expect(spans('client', CLOSED, { goesOn: 100 }).at(-1)).toEqual(['CLOSED', 61.03])
    expect(spans('client', CLOSED, { goesOn: 50 }).at(-1)).toEqual(['TIME_WAIT', 1.03])
  })
  it('name the timer that runs, over the end of the capture', () => {
    expect(flow(CLOSED).timers.filter((t) => t.name === 'time-wait')).toMatchObject([{ side: 'client' }])
    expect(round(flow(CLOSED).timers.find((t) => t.name === 'time-wait')?.expires ?? 0)).toBe(61.03)
  })
  it('end FIN_WAIT_2 without an owner after a minute', () => {
    const text = `${HANDSHAKE}\n c>s 1 FA 1 1\n s>c 1.02 A 1 2`
    expect(spans('client', text, { goesOn: 100 }).at(-1)).toEqual(['CLOSED', 61.03])
    expect(flow(text, { goesOn: 100 }).spans.client.at(-1)).toMatchObject({
      cause: 'timer',
      certainty: 'assumed',
      rules: ['infer/orphan-timeout'],
    })
  })
  it('begin before the capture where it begins in the middle', () =>
    expect(spans('server', 'c>s 0 PA 1 1 100\n s>c 0.02 A 1 101')).toEqual([['ESTABLISHED', null]]))
  it('end SYN_RECEIVED 63 s after the SYN+ACK', () => {
    const text = 'c>s 0 S 0\n s>c 0 SA 0 1'
    expect(spans('server', text, { goesOn: 100 }).at(-1)).toEqual(['CLOSED', 63])
  })
  it('are cut where the next connection takes the place', () => {
    const made = flow(CLOSED, { goesOn: 100 }, { replacedAt: [20, 20.02], reopenedBy: 0 })
    expect(of('client', made).slice(-2)).toEqual([
      ['TIME_WAIT', 1.03],
      ['CLOSED', 20],
    ])
  })
  it('say when a timer was stopped', () => {
    const timers = (text: string, given: Circumstances = {}) =>
      flow(text, given).timers.map((t) => [t.side, t.name, round(t.from), round(t.stopped)])
    expect(timers(CLOSED, { goesOn: 50 })).toEqual([
      ['client', 'syn', -0.01, 0.03],
      ['client', 'time-wait', 1.03, null],
      ['server', 'syn-ack', 0.01, 0.05],
    ])
    // It runs out, which is no stop.
    expect(timers(CLOSED, { goesOn: 100 })[1]).toEqual(['client', 'time-wait', 1.03, null])
    const made = flow(CLOSED, { goesOn: 100 }, { replacedAt: [20, 20.02], reopenedBy: 0 })
    expect(made.timers.find((t) => t.name === 'time-wait')?.stopped).toBe(20)
  })
  it('begin a retransmission timer with what it guards', () => {
    const sends = [10, 10.25, 10.75].map((at) => `c>s ${at} PA 1 1 100`).join('\n')
    const [timer] = flow(`${HANDSHAKE}\n${sends}`).timers.filter((t) => t.name === 'retransmission')
    expect([timer?.side, timer?.from, timer?.stopped]).toEqual(['client', 10, null])
  })
})
