/** Where packets are: of those rows that are wanted all places, in order, or none at all. */
import { describe, expect, it } from 'vitest'
import type { CaptureRecord } from '../../src/capture/record.js'
import { Trail } from '../../src/plain/trail.js'

/** Records a page of the trail. */
const PAGE = 8192
/** Octets a record: four gibibytes are passed in the third page. */
const LONG = 250_000

const at = (number: number, offset = 24 + (number - 1) * LONG): CaptureRecord =>
  ({ number, offset }) as CaptureRecord
const marked = (...rows: number[]): Uint8Array =>
  Uint8Array.from({ length: 20 }, (_, row) => (rows.includes(row) ? 1 : 0))

describe('a trail', () => {
  it('knows the places of a row over pages, captures and four gibibytes', () => {
    const trail = new Trail()
    trail.beginCapture()
    for (let number = 1; number <= 3 * PAGE; number++) trail.add(at(number), number % 10)
    trail.beginCapture()
    // The first two are no TCP.
    trail.add(at(3), 7)
    trail.add(at(4), 8)
    const sevens = Array.from({ length: 3 * PAGE }, (_, n) => n + 1).filter((number) => number % 10 === 7)
    expect(trail.places(marked(7))).toEqual([
      sevens.map((number) => ({ number, offset: 24 + (number - 1) * LONG })),
      [{ number: 3, offset: 24 + 2 * LONG }],
    ])
  })

  it('tells of a row whose packets begin a page, and of none where none is wanted', () => {
    const trail = new Trail()
    trail.beginCapture()
    trail.add(at(PAGE), 0)
    trail.add(at(PAGE + 1), 0)
    expect(trail.places(marked(0))).toEqual([[at(PAGE), at(PAGE + 1)]])
    expect(trail.places(marked(1))).toEqual([[]])
  })

  it('knows nothing when most packets are wanted: to read them all costs no more', () => {
    const trail = new Trail()
    trail.beginCapture()
    for (let number = 1; number <= PAGE; number++) trail.add(at(number), number % 8)
    expect(trail.places(marked(3))?.[0]).toHaveLength(PAGE / 8)
    expect(trail.places(marked(3, 4))).toBeNull()
  })

  it('knows nothing when one page goes beyond four gibibytes, and nothing that is added behind it', () => {
    const trail = new Trail()
    trail.beginCapture()
    trail.add(at(1, 24), 0)
    trail.add(at(2, 24 + 0xffff_ffff), 0)
    expect(trail.places(marked(0))?.[0]?.[1]).toEqual({ number: 2, offset: 24 + 0xffff_ffff })
    trail.add(at(3, 24 + 0x1_0000_0000), 0)
    trail.add(at(PAGE + 1, 25 + 0x1_0000_0000), 0)
    expect(trail.places(marked(0))).toBeNull()
  })

  it.each([
    ['too many records', PAGE, 24],
    ['records that cannot be read alone', 4 * PAGE, -1],
  ])('knows nothing of %s', (_, most, offset) => {
    const trail = new Trail(most)
    trail.beginCapture()
    trail.add(at(1), 0)
    trail.add(at(PAGE + 1, offset), 0)
    trail.add(at(PAGE + 2, offset), 0)
    expect(trail.places(marked(0))).toBeNull()
  })
})
