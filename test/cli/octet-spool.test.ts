import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NoRoom, OctetSpool } from '../../src/cli/octet-spool.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-spool-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => void vi.stubEnv('TMPDIR', folder))
afterEach(() => void vi.unstubAllEnvs())

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const all = (spool: OctetSpool): string => {
  let text = ''
  for (const piece of spool.pieces()) text += Buffer.from(piece).toString()
  return text
}

const readIn = async (spool: OctetSpool, length: number): Promise<string> => {
  const source = spool.source()
  const pieces: Buffer[] = []
  for (;;) {
    const piece = Buffer.alloc(length + 2)
    const count = await source.read(piece, 1, length)
    if (count === 0) return Buffer.concat(pieces).toString()
    pieces.push(piece.subarray(1, 1 + count))
  }
}

const openFiles = (): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const name = readlinkSync(`/proc/self/fd/${fd}`)
      return name.startsWith(folder) ? [name] : []
    } catch {
      return []
    }
  })

/** Some 200 KB in pieces that fit no block. */
const TEXTS = Array.from({ length: 5000 }, (_, n) => `line ${n} ${'x'.repeat(n % 70)}\n`)

describe('octets that are wanted once more', () => {
  it.each([
    ['in memory', 1 << 20, {}],
    ['in the file', 0, {}],
    ['in both', 100_000, {}],
    ['in memory, because the disk has room for some only', 10_000, { disk: 50_000 }],
    ['in memory, because the disk has no room', 10_000, { disk: 0 }],
  ])('come in their order, as often as they are asked for: %s', async (_where, inMemory, room) => {
    const spool = new OctetSpool(inMemory, room)
    for (const text of TEXTS) spool.add(octets(text))
    expect(spool.length).toBe(TEXTS.join('').length)
    for (const length of [1000, 65_536, 1 << 20]) expect(await readIn(spool, length)).toBe(TEXTS.join(''))
    expect(all(spool)).toBe(TEXTS.join(''))
    spool.remove()
  })

  it('may become more while they are read', async () => {
    const spool = new OctetSpool(100_000)
    const half = TEXTS.length / 2
    for (const text of TEXTS.slice(0, half)) spool.add(octets(text))
    const source = spool.source()
    const into = new Uint8Array(1 << 20)
    let count = await source.read(into, 0, 7777)
    for (const text of TEXTS.slice(half)) spool.add(octets(text))
    for (let more = 1; more > 0; count += more) more = await source.read(into, count, 7777)
    expect(Buffer.from(into.subarray(0, count)).toString()).toBe(TEXTS.join(''))
    spool.remove()
  })

  it('are copies: who wrote them may write on', () => {
    const spool = new OctetSpool()
    const written = octets('before')
    spool.add(written)
    written.fill(0)
    expect(all(spool)).toBe('before')
  })

  it('lie in a file that has no name, and leave nothing behind', () => {
    const spool = new OctetSpool(0)
    spool.add(octets('on disk'))
    expect(readdirSync(folder)).toEqual([])
    if (process.platform === 'linux')
      expect(openFiles()).toEqual([expect.stringMatching(/\/octets \(deleted\)$/)])
    spool.remove()
    spool.remove()
    spool.add(octets('too late'))
    expect(all(spool)).toBe('')
    if (process.platform === 'linux') expect(openFiles()).toEqual([])
  })

  it('make no file below the bound', () => {
    const spool = new OctetSpool(100)
    spool.add(new Uint8Array(100))
    if (process.platform === 'linux') expect(openFiles()).toEqual([])
    spool.add(new Uint8Array(1))
    if (process.platform === 'linux') expect(openFiles()).toHaveLength(1)
    spool.remove()
  })

  it('stay in memory where the folder for temporary files is none', () => {
    vi.stubEnv('TMPDIR', join(folder, 'missing'))
    const spool = new OctetSpool(0)
    for (const text of TEXTS) spool.add(octets(text))
    expect(all(spool)).toBe(TEXTS.join(''))
    spool.remove()
  })

  it('are refused when there is no room for them, and those before are kept', () => {
    const spool = new OctetSpool(10, { disk: 30, memory: 20 })
    const twelve = 'twelve bytes'
    spool.add(octets(twelve))
    spool.add(octets(twelve))
    // On disk are 24; these and the next do not fit there any more.
    spool.add(octets(twelve))
    expect(() => spool.add(octets(twelve))).toThrow(NoRoom)
    expect(() => spool.add(octets(twelve))).toThrow(`no room in ${folder} and memory for more than 36 bytes`)
    expect(all(spool)).toBe(twelve.repeat(3))
    spool.remove()
  })
})
