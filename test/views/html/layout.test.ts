/** Where the ladder's lines, arrows and bands stand, and the figure beside it. Nothing is drawn here. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edges } from '../../../src/rfc9293/diagram.js'
import { STATES } from '../../../src/rfc9293/state.js'
import { BOXES, bypass, EDGES, edgeOf } from '../../../src/views/html/page/flow/figure5.js'
import { layoutOf, type Scale, WORDS } from '../../../src/views/html/page/flow/layout.js'
import { endsAt, indexOfPacket, storyOf } from '../../../src/views/html/page/flow/story.js'
import { overTwo } from '../diagrams/drawing.js'
import { flow, rows } from '../made.js'
import * as stories from '../stories.js'

const silent = (): readonly string[] => []
const EXTENT = { captures: [], endAt: 1000 }
const told = (made: Parameters<typeof storyOf>[0]) => storyOf(made, EXTENT, [])

describe('the ladder', () => {
  it.each(['squeezed', 'linear'] as const)('goes down: %s', (scale) => {
    for (const story of Object.values(stories).map(told)) {
      const { places, height } = layoutOf(story, scale, false, silent)
      const ys = places.map(({ y }) => y)
      expect(places.length).toBe(story.events.length)
      expect(ys).toEqual(ys.toSorted((a, b) => a - b))
      expect(height).toBeGreaterThan(ys.at(-1) ?? 0)
      for (const { depart, arrive } of places) expect(arrive).toBeGreaterThanOrEqual(depart)
    }
  })

  it('holds each end in the state of its row, without a hole, from top to bottom', () => {
    for (const story of Object.values(stories).map(told)) {
      const { bands, height } = layoutOf(story, 'squeezed', false, silent)
      for (const side of ['client', 'server'] as const) {
        const own = bands.filter((band) => band.side === side)
        expect(own[0]?.end.state).toBe(story.start[side].state)
        expect(own.at(-1)?.end.state).toBe(endsAt(story, story.events.length - 1)[side].state)
        expect(own.at(-1)?.bottom).toBe(height - 8)
        own.slice(1).forEach((band, index) => {
          expect(band.top).toBe(own[index]?.bottom)
        })
      }
    }
  })

  it('says where another capture begins, with room for its name', () => {
    const parts = told(overTwo(stories.normal, 4))
    const { places } = layoutOf(parts, 'squeezed', false, silent)
    expect(places.flatMap(({ begins, first }) => (begins === null ? [] : [[begins, first]]))).toEqual([
      [0, 0],
      [1, 4],
    ])
    const whole = layoutOf(told(stories.normal), 'squeezed', false, silent).places
    expect(whole.map(({ begins }) => begins)).toEqual(whole.map((_, line) => (line === 0 ? 0 : null)))
    expect(places.map(({ y }, line) => y - (whole[line]?.y ?? 0))).toEqual(
      places.map((_, line) => (line < 4 ? 0 : 16)),
    )
  })

  it('lets packets cross that crossed', () => {
    const story = told(stories.crossing)
    // #1 and #2 are the two FINs that crossed.
    const [a, b] = layoutOf(story, 'squeezed', false, silent).places
    // Each left before the other arrived.
    expect(a?.arrive).toBeGreaterThan(b?.depart ?? Number.NaN)
    expect(b?.arrive).toBeGreaterThan(a?.depart ?? Number.NaN)
  })

  it('gives long waits little room when squeezed, and tells them', () => {
    const still = { client: 'ESTABLISHED', server: 'ESTABLISHED', flags: 'A', from: 'client' } as const
    const waits = flow({ rows: rows([0, 0.01, 3600].map((at) => ({ at, ...still }))) })
    const { places } = layoutOf(told(waits), 'squeezed', false, silent)
    const [first, second, third] = places.map(({ y }) => y)
    expect((third ?? 0) - (second ?? 0)).toBeLessThan(4 * ((second ?? 0) - (first ?? 0)))
    expect(places.map(({ wait }) => (wait === null ? null : Math.round(wait)))).toEqual([null, null, 3600])
    const linear = layoutOf(told(waits), 'linear', false, silent).places.map(({ y }) => y)
    expect((linear[2] ?? 0) - (linear[1] ?? 0)).toBeGreaterThan(100 * ((linear[1] ?? 0) - (linear[0] ?? 0)))
  })

  it('makes room for each line of words, or says that it left some out', () => {
    const story = told(stories.normal)
    const words = (index: number): readonly string[] => (index === 1 ? ['a', 'b', 'c'] : [])
    const [plain, wordy] = [silent, words].map((each) => layoutOf(story, 'squeezed', false, each).places)
    expect(wordy?.[1]?.words).toEqual(['a', 'b', 'c'])
    expect(wordy?.map(({ y }, line) => y - (plain?.[line]?.y ?? 0))).toEqual(
      plain?.map((_, line) => (line < 2 ? 0 : 3 * WORDS)),
    )
    // Where time gives the places, what follows soon leaves room for one line, what follows at once for none.
    const still = { client: 'ESTABLISHED', server: 'ESTABLISHED', flags: 'A', from: 'client' } as const
    const close = told(flow({ rows: rows([0, 0.09, 0.14, 1].map((at) => ({ at, ...still }))) }))
    const linear = layoutOf(close, 'linear', false, (index) => (index === 3 ? [] : ['a', 'b'])).places
    expect(linear.map((place) => place.words)).toEqual([['a…'], [], ['a', 'b'], []])
    const many = layoutOf(story, 'squeezed', false, () => ['1', '2', '3', '4', '5', '6']).places
    expect(many[0]?.words).toEqual(['1', '2', '3', '4', '5…'])
  })

  it('finds the line of every event, folded or not', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.constantFrom<Scale>('squeezed', 'linear'), (folded, scale) => {
        const story = told(stories.long)
        const { placeOf, places } = layoutOf(story, scale, folded, silent)
        story.events.forEach((_, index) => {
          const place = placeOf(index)
          expect(place !== undefined && place.first <= index && index <= place.last).toBe(true)
        })
        if (folded) expect(places.length).toBeLessThan(story.events.length)
      }),
    )
  })

  it('knows where packets were left out, and which line is next to one that is not there', () => {
    const story = storyOf(stories.normal, EXTENT, [
      { before: 2, count: 7, first: 90, last: 96 },
      { before: stories.normal.rows.length, count: 3, first: 100, last: 102 },
    ])
    expect([...story.gaps.values()].map(({ count }) => count)).toEqual([7, 3])
    expect(story.gaps.get(story.events.length)?.count).toBe(3)
    expect(indexOfPacket(story, 1)).toBe(0)
    expect(indexOfPacket(story, 1, 1)).toBe(-1)
    expect(indexOfPacket(story, 0)).toBe(-1)
  })
})

describe('figure 5', () => {
  it('has all eleven states, CLOSED twice', () => {
    expect(BOXES.map(({ state }) => state).sort()).toEqual([...STATES, 'CLOSED'].sort())
  })

  it('has the twenty edges of the figure, and the machine knows each', () => {
    expect(EDGES).toHaveLength(20)
    const known = new Set(edges().map(({ from, to }) => `${from} ${to}`))
    expect(EDGES.filter(({ from, to }) => !known.has(`${from} ${to}`))).toEqual([])
  })

  it('draws a reset beside the figure, whose note 3 leaves it out', () => {
    expect(edgeOf('SYN_SENT', 'CLOSED', ['3.10.7.3/2-reset'])).toBeUndefined()
    expect(edgeOf('SYN_SENT', 'CLOSED', ['3.10.4/syn-sent'])?.event).toBe('CLOSE')
    expect(edgeOf('ESTABLISHED', 'CLOSED', ['3.10.7.4/2-reset/open'])).toBeUndefined()
    expect(edgeOf('TIME_WAIT', 'CLOSED', ['3.10.8/time-wait'])?.event).toBe('2MSL')
    expect(edgeOf('SYN_SENT', 'ESTABLISHED', [])?.event).toBe('rcv SYN,ACK')
  })

  it('can draw a way between any two boxes', () => {
    for (const from of BOXES)
      for (const to of BOXES) if (from !== to) expect(bypass(from, to)).toMatch(/^M[-\d. ]+Q[-\d. ]+$/)
  })
})
