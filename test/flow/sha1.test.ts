import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha1 } from '../../src/flow/sha1.js'

const hashed = (message: Uint8Array): string => {
  const block = new Uint8Array(64).fill(0xee)
  block.set(message)
  const digest = new Uint8Array(20)
  sha1(block, message.length, digest)
  return Buffer.from(digest).toString('hex')
}

test('the examples of FIPS 180 that fit one block', () => {
  expect(hashed(Buffer.from('abc'))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d')
  expect(hashed(Buffer.from(''))).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709')
})

test('any message that fits is what the system makes of it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 55 }), (message) => {
      expect(hashed(message)).toBe(createHash('sha1').update(message).digest('hex'))
    }),
    { numRuns: 2000, seed: 20_261_123 },
  )
})
