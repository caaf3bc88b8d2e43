/**
 * Ctrl-C in the middle of a capture that is large, that grows, that comes through a named pipe: what is there is printed,
 * and said to be a part. What writes files leaves none behind.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FLOODS } from './floods.js'
import { pcapFile, pcapOf, type Word } from './frames.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-interrupted-'))
const temporary = join(folder, 'tmp')
mkdirSync(temporary)
afterAll(() => rmSync(folder, { recursive: true }))

const start = (stdin: number | 'pipe' | 'ignore', ...args: readonly string[]) => {
  const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TMPDIR: temporary }
  const child: ChildProcess = spawn(process.execPath, ['dist/cli.js', ...args], {
    env,
    stdio: [stdin, 'pipe', 'pipe'],
  })
  const texts = [child.stdout, child.stderr].map(async (stream) => {
    let text = ''
    for await (const chunk of stream ?? []) text += String(chunk)
    return text
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    child,
    end: async () => {
      const [status, stdout = '', stderr = ''] = [await ended, ...(await Promise.all(texts))]
      return { status, stdout, stderr }
    },
  }
}

const HELLO: readonly Word[] = [
  { at: 0, from: 0, flags: 'S', seq: 1000 },
  { at: 0.02, from: 1, flags: 'SA', seq: 5000, ack: 1001 },
  { at: 0.03, from: 0, flags: 'A', seq: 1001, ack: 5001 },
]
const INTERRUPTED = /^bothends: interrupted: only \d+ packets and \d+ connections? (?:was|were) looked at$/m
/** More than a pipe holds: once all of it is written, its reader has the beginning, and hears signals. */
const NOISE = pcapFile(
  Array.from({ length: 2000 }, (_, k) => ({ at: k / 1000, bytes: Buffer.alloc(1400) })),
  101,
).subarray(24)
const PIPEFUL = Buffer.concat([pcapOf(HELLO), NOISE])

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  it.each(['look', 'flows', 'explain', 'netstat', 'annotate'])(
    '%s prints what came through a named pipe',
    async (command) => {
      const fifo = join(folder, `fifo-${command}`)
      execFileSync('mkfifo', [fifo])
      const run = start('ignore', ...(command === 'look' ? [] : [command]), fifo)
      // Held open by us, so it has no end.
      const holding = openSync(fifo, 'r+')
      await writeFile(fifo, PIPEFUL)
      run.child.kill('SIGINT')
      const { status, stdout, stderr } = await run.end()
      closeSync(holding)
      expect(stderr).toMatch(INTERRUPTED)
      expect(status).toBe(130)
      expect(stdout).not.toBe('')
      expect(stderr).not.toMatch(/\n\s+at /)
    },
  )

  it.skipIf(process.platform !== 'linux')(
    'netstat prints what was done of a large file',
    { timeout: 60_000 },
    async () => {
      const file = join(folder, 'large.pcap')
      writeFileSync(file, pcapOf(FLOODS['connections of many ports, reset at once']?.(100_000) ?? []))
      const run = start('ignore', 'netstat', file)
      // Linux says which files a process has open: once this one is, Ctrl-C is heard.
      const open = (): boolean => {
        const files = `/proc/${run.child.pid}/fd`
        try {
          return execFileSync('ls', ['-l', files], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
          }).includes(file)
        } catch {
          return false
        }
      }
      while (!open() && run.child.exitCode === null) await new Promise(setImmediate)
      run.child.kill('SIGINT')
      const { status, stderr } = await run.end()
      expect(stderr).toMatch(INTERRUPTED)
      expect(status).toBe(130)
    },
  )

  it('--follow prints how the connections of a growing file stand, half a record at its end', async () => {
    const file = join(folder, 'growing.pcap')
    writeFileSync(file, pcapOf(HELLO))
    const run = start('ignore', '--follow', file)
    const rows = new Promise<void>((resolve) => {
      let text = ''
      run.child.stdout?.on('data', (chunk) => {
        text += String(chunk)
        if (/^ +3 /m.test(text)) resolve()
      })
    })
    await rows
    appendFileSync(file, pcapOf(HELLO).subarray(24, 24 + 30))
    run.child.kill('SIGINT')
    const { status, stdout, stderr } = await run.end()
    expect(stderr).toBe('bothends: interrupted: only 3 packets and 1 connection were looked at\n')
    expect(stdout).toMatch(/ESTABLISHED/)
    expect(status).toBe(130)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s leaves nothing of a pipe that is being copied',
    async (signal) => {
      const output = join(folder, 'annotated.pcapng')
      const run = start('pipe', 'write', '-', '-o', output)
      const { stdin } = run.child
      await new Promise((resolve) => stdin?.write(PIPEFUL, resolve))
      expect(readdirSync(temporary)).toHaveLength(1)
      run.child.kill(signal)
      const { status, stderr } = await run.end()
      expect(status).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal])
      expect(stderr).toBe('')
      expect(readdirSync(temporary)).toEqual([])
      expect(readdirSync(folder).filter((name) => name.includes('annotated'))).toEqual([])
    },
  )
})
