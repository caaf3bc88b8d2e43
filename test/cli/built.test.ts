/** The command as scripts/build-cli.mjs made it: what a short run loads, and the code of V8's that lies beside it. */
import { execFileSync } from 'node:child_process'
import {
  accessSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const capture = join(root, 'samples', 'normal-client-close.pcap')
const folder = mkdtempSync(join(tmpdir(), 'bothends-built-'))
const copy = join(folder, 'dist')
const bundle =
  readdirSync(join(root, 'dist', 'command')).find((name) => /^bothends-.*\.cjs$/.test(name)) ?? ''
const cache = `${bundle}.${process.platform}-${process.arch}-${process.version}`

const node = (...args: readonly string[]): string =>
  execFileSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, COLUMNS: '80' } })
const look = (dist: string): string => node(join(dist, 'cli.js'), '--lang', 'en', capture)

beforeAll(() => {
  mkdirSync(copy)
  cpSync(join(root, 'dist', 'command'), join(copy, 'command'), { recursive: true })
  cpSync(join(root, 'dist', 'cli.js'), join(copy, 'cli.js'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
})
afterAll(() => rmSync(folder, { recursive: true }))

test('V8 takes the code that was kept for this Node, and it holds more than the outermost function', () => {
  const files = [bundle, cache].map((name) => JSON.stringify(join(root, 'dist', 'command', name)))
  const answer = node(
    '-p',
    `const [source, cachedData] = [${files}].map((file) => fs.readFileSync(file))
     const { cachedDataRejected } = new vm.Script(source.toString('latin1'), { cachedData })
     const none = new vm.Script(source.toString('latin1')).createCachedData()
     JSON.stringify([cachedDataRejected, cachedData.length > 1.5 * none.length])`,
  )
  expect(JSON.parse(answer)).toEqual([false, true])
})

describe('the same is printed', () => {
  const expected = look(join(root, 'dist'))

  test('where no code is kept, as for another Node', () => {
    rmSync(join(copy, 'command', cache))
    expect(look(copy)).toBe(expected)
  })

  test.each([
    ['nothing', (whole: Buffer) => whole.subarray(0, 0)],
    ['a part', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ['something else', () => Buffer.alloc(5000, 'not what V8 wrote')],
  ])('where %s is kept', (_, damaged) => {
    const whole = readFileSync(join(root, 'dist', 'command', cache))
    writeFileSync(join(copy, 'command', cache), damaged(whole))
    expect(look(copy)).toBe(expected)
  })

  test('in Chinese, whose words are a chunk that needs the bundle in turn', () => {
    expect(node(join(copy, 'cli.js'), '--lang', 'zh', capture)).toContain('客户端')
  })
})

test("a look at a small capture loads none of Node's larger modules", () => {
  const told = join(folder, 'loaded.json')
  const telling = join(folder, 'telling.cjs')
  writeFileSync(
    telling,
    `process.on('exit', () => fs.writeFileSync(${JSON.stringify(told)}, JSON.stringify(process.moduleLoadList)))
     const fs = require('node:fs')`,
  )
  node('--require', telling, join(root, 'dist', 'cli.js'), capture)
  const loaded = JSON.parse(readFileSync(told, 'utf8')) as string[]
  expect(loaded).toContain('NativeModule vm')
  const larger = [
    'child_process',
    'crypto',
    'http',
    'net',
    'os',
    'perf_hooks',
    'tty',
    'worker_threads',
    'zlib',
  ]
  expect(loaded.filter((name) => larger.includes(name.replace('NativeModule ', '')))).toEqual([])
})

test('the command may be executed, also where npm has not made it so', () => {
  for (const file of ['cli.cjs', 'cli.js']) {
    const path = join(root, 'dist', file)
    expect(() => accessSync(path, constants.X_OK), file).not.toThrow()
  }
})
