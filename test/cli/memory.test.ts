/** A large capture is analysed by a second process with more memory: nobody sees a difference. */
import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const CLI = 'dist/cli.js'
const folder = mkdtempSync(join(tmpdir(), 'bothends-memory-'))
const capture = join(folder, 'large.pcap')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(() => {
  // A sample, and 64 MiB of zeros behind it: four million records of no bytes, most of them in no block of the disk.
  const file = openSync(capture, 'w')
  writeSync(file, readFileSync('samples/connect-refused.pcap'))
  ftruncateSync(file, 65 << 20)
  closeSync(file)
})

const run = (args: readonly string[], env: NodeJS.ProcessEnv) =>
  spawnSync(process.execPath, [CLI, ...args], { env: { ...process.env, ...env }, encoding: 'utf8' })

const told = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
const firstChildOf = (process: number): string =>
  told(`/proc/${process}/task/${process}/children`).split(' ')[0] ?? ''
const isRoomier = (process: string): boolean =>
  process !== '' && told(`/proc/${process}/cmdline`).includes('--max-old-space-size=')

describe('a large capture', () => {
  it('prints the same, and ends with the same status', () => {
    for (const args of [
      ['netstat', '--json', '--at', '#2', capture],
      ['explain', '--fail-on', 'problem', capture],
    ]) {
      const once = run(args, { BOTHENDS_HEAP: '1' })
      const twice = run(args, {})
      expect(once.status).not.toBeNull()
      expect([twice.status, twice.stdout, twice.stderr]).toEqual([once.status, once.stdout, once.stderr])
    }
  })

  it.runIf(process.platform === 'linux').each([
    ['netstat'],
    // A table, but one for which every packet is held.
    ['flows', '--where', 'event = rst'],
    ['flows', '--save-state', join(folder, 'state')],
    ['flows', '--format', 'csv'],
  ])('is read by a process of its own, which ends with the first: %s %s', async (...args) => {
    const parent = spawn(process.execPath, [CLI, ...args, capture], { stdio: 'ignore' })
    const gone = new Promise((resolve) => parent.once('exit', (_, signal) => resolve(signal)))
    // Between fork and exec a child still looks like its parent.
    let child = ''
    while (parent.exitCode === null && !isRoomier(child)) {
      child = firstChildOf(parent.pid ?? 0)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(isRoomier(child)).toBe(true)
    parent.kill('SIGTERM')
    await gone
    expect(readdirSync('/proc')).not.toContain(child)
  })
})
