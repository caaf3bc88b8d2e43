/** Files that are put in their place whole, and never over what somebody wants to keep. */
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { NewFile } from '../../src/cli/new-file.js'
import { written } from '../../src/text/en/written.js'

let folder = ''
const path = (name: string): string => join(folder, name)
const text = (name: string): string => readFileSync(path(name), 'utf8')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bothends-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = (name: string, force = false, inputs: readonly string[] = []): NewFile =>
  new NewFile(path(name), { force, inputs, words: written.problems })
const bytes = (content: string): Uint8Array => new TextEncoder().encode(content)

it('is not there before it is whole, and nothing else is left', () => {
  const file = open('new')
  file.write(bytes('half '))
  expect(existsSync(path('new'))).toBe(false)
  file.write(bytes('whole'))
  file.keep()
  file.discard()
  expect(readdirSync(folder)).toEqual(['new'])
  expect(text('new')).toBe('half whole')
})

it('leaves nothing when it is thrown away', () => {
  const file = open('new')
  file.write(bytes('half'))
  file.discard()
  expect(readdirSync(folder)).toEqual([])
})

it('holds pieces of any size, in order', () => {
  const file = open('new')
  const sizes = [1, 300_000, 5, 262_144, 262_143, 2]
  for (const [n, size] of sizes.entries()) file.write(new Uint8Array(size).fill(65 + n))
  file.keep()
  expect(text('new')).toBe(sizes.map((size, n) => String.fromCharCode(65 + n).repeat(size)).join(''))
})

it('replaces a file only by force', () => {
  writeFileSync(path('old'), 'old')
  expect(() => open('old')).toThrow('exists; --force replaces it')
  const file = open('old', true)
  file.write(bytes('new'))
  expect(text('old')).toBe('old')
  file.keep()
  expect(text('old')).toBe('new')
  expect(readdirSync(folder)).toEqual(['old'])
})

it('does not replace a file that came while it was written', () => {
  const file = open('new')
  writeFileSync(path('new'), 'somebody else')
  expect(() => file.keep()).toThrow('exists; --force replaces it')
  expect(text('new')).toBe('somebody else')
})

it('never replaces the capture, by whatever name', () => {
  writeFileSync(path('capture'), 'packets')
  symlinkSync(path('capture'), path('link'))
  linkSync(path('capture'), path('other-name'))
  for (const name of ['capture', 'link', 'other-name'])
    expect(() => open(name, true, [path('capture')])).toThrow('is the capture itself')
  expect(() => open('link', true, [path('link')])).toThrow('is the capture itself')
  expect(text('capture')).toBe('packets')
})

it('replaces neither folders, links nor devices', () => {
  mkdirSync(path('folder'))
  symlinkSync(path('nowhere'), path('link'))
  for (const name of ['folder', 'link']) expect(() => open(name, true)).toThrow('is no regular file')
  expect(() => new NewFile('/dev/null', { force: true, inputs: [], words: written.problems })).toThrow(
    'is no regular file',
  )
})
