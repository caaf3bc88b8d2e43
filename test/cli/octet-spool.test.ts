import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { OctetSpool } from '../../src/cli/octet-spool.js'

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const all = (spool: OctetSpool): string =>
  Buffer.concat([...spool.pieces()].map((piece) => Buffer.from(piece))).toString()
const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('bothends-'))

describe('octets that are printed later', () => {
  it('come in their order, from memory and from the file', () => {
    for (const inMemory of [0, 10, 1000]) {
      const spool = new OctetSpool(inMemory)
      const texts = Array.from({ length: 50 }, (_, n) => `line ${n} ${'x'.repeat(n % 7)}\n`)
      for (const text of texts) spool.add(octets(text))
      expect(all(spool)).toBe(texts.join(''))
      spool.remove()
    }
  })

  it('are copies: who wrote them may write on', () => {
    const spool = new OctetSpool()
    const written = octets('before')
    spool.add(written)
    written.fill(0)
    expect(all(spool)).toBe('before')
  })

  it('leave nothing behind', () => {
    const before = new Set(folders())
    const spool = new OctetSpool(0)
    spool.add(octets('on disk'))
    const made = folders().filter((name) => !before.has(name))
    expect(made.length).toBeGreaterThan(0)
    spool.remove()
    expect(made.some((name) => existsSync(`${tmpdir()}/${name}/lines`))).toBe(false)
    spool.remove()
  })
})
