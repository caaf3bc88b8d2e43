/** Many files, saved states and Ctrl-C as users have them: a child process on dist/ (`npm test` builds it first). */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NORMAL, pcap } from './capture.js'

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bothends-'))
const ring = join(folder, 'ring')
const ENV = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', COLUMNS: '100', TZ: 'UTC' }

/** One connection over three files, whose names are not in its order. */
const [FIRST, SECOND, THIRD] = [join(ring, 'trace2'), join(ring, 'trace0'), join(ring, 'trace1')] as const

beforeAll(() => {
  if (!existsSync(CLI)) throw new Error('dist/cli.js is missing: npm run build')
  mkdirSync(ring)
  writeFileSync(FIRST, pcap(NORMAL.slice(0, 2)))
  writeFileSync(SECOND, pcap(NORMAL.slice(2, 6)))
  writeFileSync(THIRD, pcap(NORMAL.slice(6)))
  writeFileSync(join(ring, 'notes.txt'), 'these are the captures of the gate, by Monday')
})
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    env: ENV,
  })
  return { status, stdout, stderr }
}
const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('a folder', () => {
  it('with files that are no captures is told in one line', () => {
    const mixed = mkdtempSync(join(folder, 'mixed-'))
    writeFileSync(join(mixed, 'a.pcap'), pcap(NORMAL))
    for (const name of ['README.md', 'b.txt', 'c.sh']) writeFileSync(join(mixed, name), 'words\n')
    writeFileSync(join(mixed, 'empty'), '')
    expect(run('flows', '--json', mixed).stderr).toBe(
      `bothends: 4 files are no captures, passed over: ${join(mixed, 'README.md')}, ${join(mixed, 'b.txt')} and 2 more\n`,
    )
    expect(run('flows', '--json', '--lang', 'zh', mixed).stderr).toBe(
      `bothends: 4 个文件不是抓包，已跳过：${join(mixed, 'README.md')}、${join(mixed, 'b.txt')} 等\n`,
    )
  })
})

describe('netstat of several files', () => {
  const whole = join(folder, 'whole.pcap')
  const sockets = (at: string, ...files: readonly string[]) => {
    const [, ...found] = lines(run('netstat', '--json', '--at', at, ...files).stdout)
    return found.map(({ at: _, ...socket }) => socket)
  }
  const of = [
    ...[1, 2].map((n) => [n, 'trace2'] as const),
    ...[1, 2, 3, 4].map((n) => [n, 'trace0'] as const),
    ...[1, 2, 3].map((n) => [n, 'trace1'] as const),
  ]

  it.each(of.map(([n, file], index) => [`#${n} of ${file}`, index + 1] as const))('%s', (at, number) => {
    writeFileSync(whole, pcap(NORMAL))
    const expected = sockets(`#${number}`, whole)
    expect(expected.length).toBeGreaterThan(0)
    expect(sockets(at, ring)).toEqual(expected)
  })

  it('takes the notation of Chinese sentences, names as they were typed, and the first file without a name', () => {
    const expected = sockets('#2 of trace0', ring)
    expect(sockets('#2 (trace0)', ring)).toEqual(expected)
    expect(sockets(`#2 of ${SECOND}`, FIRST, SECOND, THIRD)).toEqual(expected)
    expect(sockets('#2', ring)).toEqual(sockets('#2 of trace2', ring))
  })

  it.each([
    ['#3', '--at #3: no such packet; trace2 has 2; "#3 of trace0" is one of another capture'],
    ['#5', '--at #5: no such packet; trace2 has 2'],
    ['#0', '--at #0: no such packet; trace2 has 2'],
    ['#5 of trace0', '--at #5 of trace0: no such packet; trace0 has 4'],
    ['#1 of trace9', '--at #1 of trace9: no such capture; there are trace2, trace0, trace1'],
  ])('%s is refused', (at, text) => {
    const { status, stderr } = run('netstat', '--at', at, FIRST, SECOND, THIRD)
    expect([status, stderr]).toEqual([2, `bothends: ${text}\n`])
  })
})

describe('a rotated set', () => {
  it('is one capture: the connection goes on, packets are numbered in their files', () => {
    const { status, stdout, stderr } = run('annotate', '--json', ring)
    expect([status, stderr]).toEqual([
      0,
      `bothends: ${join(ring, 'notes.txt')}: not a capture: text (byte 0); passed over\n`,
    ])
    const [header, ...rest] = lines(stdout)
    expect((header as { captures: { file: string }[] }).captures.map(({ file }) => file)).toEqual([
      FIRST,
      SECOND,
      THIRD,
    ])
    const packets = rest.filter(({ type }) => type === 'packet')
    expect(packets.map(({ capture, packet }) => [capture, packet])).toEqual([
      ...[1, 2].map((n) => [0, n]),
      ...[1, 2, 3, 4].map((n) => [1, n]),
      ...[1, 2, 3].map((n) => [2, n]),
    ])
    expect(rest.filter(({ type }) => type === 'flow')).toMatchObject([
      { client: { state: 'TIME_WAIT' }, server: { state: 'CLOSED' }, closedFirst: 'client' },
    ])
  })

  it('can be named by a pattern the shell left alone, or file by file in any order', () => {
    const named = run('flows', '--json', join(ring, 'trace*'))
    expect(named.stderr).toBe('')
    expect(run('flows', '--json', THIRD, SECOND, FIRST)).toEqual(named)
  })

  it('in which a named file is no capture is an error', () => {
    expect(run(FIRST, join(ring, 'notes.txt'))).toEqual({
      status: 2,
      stdout: '',
      stderr: `bothends: ${join(ring, 'notes.txt')}: not a capture: text (byte 0)\n`,
    })
  })
})

describe('a saved state', () => {
  it('carries the connection from file to file', () => {
    const state = join(folder, 'state')
    expect(run('flows', '--save-state', state, FIRST).status).toBe(0)
    expect(run('flows', '--load-state', state, '--save-state', state, SECOND).status).toBe(0)
    const last = run('annotate', '--json', '--load-state', state, THIRD)
    expect(last.stderr).toBe('')
    expect(last).toEqual(run('annotate', '--json', FIRST, SECOND, THIRD))
    const tables = (name: string, ...captures: string[]) => {
      const to = join(folder, name)
      expect(run('export', '--format', 'ndjson', '-o', to, ...captures).status).toBe(0)
      return readFileSync(join(to, 'packets.ndjson'), 'utf8')
    }
    const carried = tables('carried', '--load-state', state, THIRD)
    expect(carried).toContain('#1 of trace1 shows')
    expect(carried).toBe(tables('read', FIRST, SECOND, THIRD))
  })

  it('is refused with a line when it is damaged, of another version, or none', () => {
    const state = join(folder, 'other')
    expect(run('flows', '--save-state', state, FIRST).status).toBe(0)
    const text = readFileSync(state, 'utf8')
    for (const [content, why] of [
      [text.replace('"version":1', '"version":7'), 'is a state of version 7, this program knows version 1'],
      [text.slice(0, -9), 'is damaged or cut short'],
      [text.replace('"lastAt":', '"lastAt":1'), 'is damaged or cut short'],
      ['SQLite format 3', 'is no saved state'],
    ] as const) {
      writeFileSync(state, content)
      const { status, stdout, stderr } = run('flows', '--load-state', state, SECOND)
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^bothends: [^\n]+\n$/)
      expect(stderr).toContain(`${state}: ${why}`)
    }
    expect(run('flows', '--load-state', `${state}.missing`, SECOND)).toMatchObject({
      status: 2,
      stderr: `bothends: ${state}.missing: no such file or directory\n`,
    })
  })

  it('never takes the place of another file', () => {
    const other = join(folder, 'precious')
    writeFileSync(other, 'do not lose me')
    expect(run('flows', '--save-state', other, FIRST)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `bothends: ${other}: exists and is no saved state\n`,
    })
    expect(readFileSync(other, 'utf8')).toBe('do not lose me')
    expect(run('flows', '--save-state', FIRST, FIRST).stderr).toContain('is the capture itself')
  })
})

describe('Ctrl-C', () => {
  it('prints what came through a pipe that is silent now, and says so', async () => {
    const child = spawn(process.execPath, [CLI, 'flows', '--json', '-'], { env: ENV })
    const exit = new Promise((resolve) => child.once('exit', resolve))
    const [output, remarks] = [gather(child.stdout), gather(child.stderr)]
    // More than the system keeps for a pipe: when all is written, the child has long read the beginning.
    await new Promise((resolve) =>
      child.stdin.write(Buffer.concat([pcap(NORMAL.slice(0, 4)), ...Array(2000).fill(NOISE)]), resolve),
    )
    child.kill('SIGINT')
    expect(await exit).toBe(130)
    expect(await remarks).toMatch(/: interrupted: only \d+ packets and 1 connection were looked at\n$/)
    const [header, flow] = lines(await output)
    expect(header).toMatchObject({ type: 'bothends', interrupted: true })
    expect(flow).toMatchObject({ type: 'flow', packets: 4 })
  })
})

/** A record that is no IP packet. */
const NOISE = Buffer.alloc(16 + 1400)
NOISE.writeUInt32LE(1_767_323_046, 0)
NOISE.writeUInt32LE(1400, 8)
NOISE.writeUInt32LE(1400, 12)

const gather = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
