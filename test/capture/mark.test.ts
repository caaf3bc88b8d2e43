import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { isStill, type Mark, markOf } from '../../src/capture/mark.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-mark-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = join(folder, 'one')
/** Octets that differ everywhere. */
const octets = (length: number, seed = 1): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, index) => (index * seed + (index >> 8)) & 0xff))
const marked = (): Mark => {
  const mark = markOf(file)
  if (mark === null) throw new Error('no mark')
  return mark
}

describe.each([100, 5000, 20_000])('a file of %i octets', (length) => {
  beforeEach(() => writeFileSync(file, octets(length)))

  it('is still the same, also when only its time changed or something came behind it', () => {
    const mark = marked()
    expect(isStill(file, mark)).toBe(true)
    utimesSync(file, 1, 1)
    expect(isStill(file, mark)).toBe(true)
    appendFileSync(file, octets(50_000, 3))
    expect(isStill(file, mark)).toBe(true)
  })

  it('is left to its reader when it is gone', () => {
    const mark = marked()
    rmSync(file)
    expect(isStill(file, mark)).toBe(true)
  })

  it('is the same when it was copied and put in its place', () => {
    const mark = marked()
    writeFileSync(`${file}.copy`, octets(length))
    renameSync(`${file}.copy`, file)
    expect(isStill(file, mark)).toBe(true)
  })

  it.each([
    ['shorter', () => writeFileSync(file, octets(length - 1))],
    ['other octets of the same length', () => writeFileSync(file, octets(length, 3))],
    ['longer', () => writeFileSync(file, octets(length * 2, 3))],
    [
      'another end, and longer',
      () => writeFileSync(file, Buffer.concat([octets(length - 1), octets(99, 7)])),
    ],
  ])('is not when it is %s', (_what, meddle) => {
    const mark = marked()
    meddle()
    utimesSync(folder, 1, 1)
    expect(isStill(file, mark)).toBe(false)
  })
})

it('waits for no pipe and takes no folder for a file', () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  for (const name of [pipe, folder, join(folder, 'missing')]) expect(markOf(name)).toBeNull()
})
