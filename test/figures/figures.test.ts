import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LINUX, RFC9293 } from '../../src/rfc9293/stack.js'
import { drive } from './drive.js'
import { type Figure, parseFigures } from './notation.js'

const text = readFileSync(new URL('rfc9293-figures.txt', import.meta.url), 'utf8')
const FIGURES = parseFigures(text)

const figure = (number: number): Figure => {
  const found = FIGURES.find((candidate) => candidate.number === number)
  if (found === undefined) throw new Error(`no figure ${number}`)
  return found
}

describe('the figures are read as they stand', () => {
  it('finds the eight figures and all their segments', () => {
    expect(FIGURES.map(({ number }) => number)).toEqual([6, 7, 8, 9, 10, 11, 12, 13])
    const segments = FIGURES.map(({ lines }) => lines.filter(({ segment }) => segment !== null).length)
    // Counted by hand in the RFC.
    expect(segments).toEqual([4, 6, 7, 4, 2, 3, 4, 6])
  })

  it('reads arrows, ellipses, numbers and letters', () => {
    const line = figure(8).lines[2]
    expect(line).toMatchObject({ from: 'A', departs: false, arrives: true })
    expect(line?.segment).toMatchObject({ seq: 90, syn: true, ackBit: false })
    expect(line?.columns).toEqual({
      A: { state: null, comment: 'duplicate' },
      B: { state: 'SYN_RECEIVED', comment: null },
    })
    expect(figure(10).lines[1]?.segment).toMatchObject({ seq: 300, ack: 100, len: 10 })
    expect(figure(11).lines[2]?.segment).toMatchObject({ seq: 5000, ack: 1001, syn: true, ackBit: true })
  })
})

describe.each([RFC9293, LINUX])('both ends hold the states that the RFC draws: $name', (stack) => {
  it.each(FIGURES)('Figure $number: $title', (drawn) => {
    let held = 0
    for (const { line, states } of drive(drawn, stack)) {
      for (const peer of ['A', 'B'] as const) {
        const { state } = line.columns[peer]
        if (state === null) continue
        expect(`${peer} ${states[peer]} after ${line.text}`).toBe(`${peer} ${state} after ${line.text}`)
        held += 1
      }
    }
    expect(held).toBeGreaterThan(1)
  })
})

describe('rules that the figures are about', () => {
  const rules = (number: number): string[] => drive(figure(number), RFC9293).flatMap((after) => after.rules)

  it('figure 7: the SYN of the SYN,ACK is a duplicate, its ACK is taken', () => {
    expect(rules(7).filter((rule) => rule.includes('syn-received/syn-ack'))).toEqual([
      'A 3.10.7.4/1-sequence/syn-received/syn-ack',
      'B 3.10.7.4/1-sequence/syn-received/syn-ack',
    ])
  })
  it('figure 9: "the incoming segment outside the window, responds with an acknowledgment"', () => {
    expect(rules(9)).toContain('B 3.10.7.4/1-sequence/unacceptable')
    expect(rules(9)).toContain('A 3.10.7.3/1-ack/unacceptable')
    expect(rules(9)).toContain('B 3.10.7.4/2-reset/open')
  })
  it('figure 10: no such connection exists', () => {
    expect(rules(10)).toContain('A 3.10.7.1/ack')
  })
  it('figure 11: the ACK is bad in LISTEN, the RST returns B to LISTEN', () => {
    expect(rules(11)).toContain('A 3.10.7.2/2-ack')
    expect(rules(11)).toContain('B 3.10.7.4/2-reset/syn-received/passive')
  })
})
