/** How a connection went, in one code, and who closed it first. */
import { describe, expect, it } from 'vitest'
import { flow, HANDSHAKE, icmp } from '../infer/connection.js'

const DATA = `${HANDSHAKE}
  c>s 0.10 PA 1 1 100
  s>c 0.12 PA 1 101 200
  c>s 0.14 A 101 201`

describe('verdict', () => {
  it.each([
    ['refused', 'c>s 0 S 0\n s>c 0.02 RA =0 1', 10],
    ['unanswered', 'c>s 0 S 0\n c>s 1 S 0', 1],
    ['timed-out', 'c>s 0 S 0\n c>s 1 S 0', 200],
    // The client had given up: a kernel's socket was gone when the SYN+ACK came again.
    ['reset', 'c>s 0 S 0\n s>c 0.02 SA 0 1\n s>c 1.02 SA 0 1\n c>s 1.04 R 1', 10],
    ['open', DATA, 10],
    ['reset', `${DATA}\n s>c 1 RA 201 101 win=500`, 10],
    ['closed', `${DATA}\n c>s 1 FA 101 201\n s>c 1.02 FA 201 102\n c>s 1.04 A 102 202`, 10],
    ['not-closed', `${DATA}\n c>s 1 FA 101 201\n s>c 1.02 A 201 102`, 10],
    ['closing', `${DATA}\n c>s 1 FA 101 201\n s>c 1.02 FA 201 102`, 0.01],
    ['opening', 'c>s 0 S 0\n s>c 0.02 SA 0 1', 0.01],
    ['opening', 'c>s 0 S 0\n s>c 0.02 SA 0 1\n s>c 1.02 SA 0 1\n s>c 3.02 SA 0 1', 10], // a spoofed client: nobody is ESTABLISHED
  ])('%s', (verdict, text, goesOn) => expect(flow(text, { goesOn }).verdict).toBe(verdict))
  it('unreachable', () =>
    expect(flow('c>s 0 S 0', { icmp: [icmp(0.1, 0, 3, 1)] }).verdict).toBe('unreachable'))
  it('no-answer: both are ESTABLISHED, one tries in vain', () => {
    const tries = (n: number) => Array.from({ length: n }, (_, k) => `\n c>s ${1 + k} PA 101 201 9`).join('')
    expect(flow(DATA + tries(3)).verdict).toBe('no-answer')
    // The second copy may still be answered, and the third was.
    expect(flow(DATA + tries(2)).verdict).toBe('open')
    expect(flow(`${DATA}${tries(3)}\n s>c 3.02 A 201 110`).verdict).toBe('open')
    // Keep-alives.
    expect(flow(`${DATA}\n c>s 60 A 100 201\n c>s 61 A 100 201`, { goesOn: 0.5 }).verdict).toBe('no-answer')
  })
  it('given-up', () =>
    expect(
      flow(`${HANDSHAKE}\n c>s 60 A 0 1\n c>s 61 A 0 1\n c>s 62 A 0 1\n c>s 63 RA 1 1 win=500`).verdict,
    ).toBe('given-up'))
})

describe('who closed first', () => {
  const first = (text: string) => flow(text).closedFirst
  it('nobody yet', () => expect(first(DATA)).toBe(null))
  it('who sent the first FIN', () => {
    expect(first(`${DATA}\n s>c 1 FA 201 101\n c>s 1.02 FA 101 202\n s>c 1.04 A 202 102`)).toBe('server')
    expect(first(`${DATA}\n c>s 1 FA 101 201\n s>c 1.02 FA 201 102\n c>s 1.04 A 102 202`)).toBe('client')
  })
  it("both, when neither had the other's", () =>
    expect(
      first(`${DATA}\n c>s 1 FA 101 201\n s>c 1.005 FA 201 101\n c>s 1.03 A 102 202\n s>c 1.03 A 202 102`),
    ).toBe('both'))
  it('who aborted', () => expect(first(`${DATA}\n s>c 1 RA 201 101 win=500`)).toBe('server'))
  it('is nobody when there was nothing: a refusal closes no connection', () =>
    expect(first('c>s 0 S 0\n s>c 0.02 RA =0 1')).toBe(null))
})
