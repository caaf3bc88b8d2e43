/** `bothends report` and `bothends serve` as users run them: child processes on dist/ (`npm test` builds it first). */
import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NORMAL, pcap } from '../../cli/capture.js'
import { hasBrowser, Pages } from './browser.js'

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bothends-report-'))
const capture = join(folder, 'normal.pcap')
const bytes = pcap(NORMAL)
const pages = new Pages()

beforeAll(() => {
  if (!existsSync(CLI)) throw new Error('dist/cli.js is missing: npm run build')
  writeFileSync(capture, bytes)
})
afterAll(async () => {
  await pages.close()
  rmSync(folder, { recursive: true })
})

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: '', LANG: 'C.UTF-8' },
  })

describe('bothends report', () => {
  it('writes one file, and leaves one that is there alone', () => {
    expect(run('report', capture, '-o', 'a.html')).toMatchObject({ status: 0, stdout: '', stderr: '' })
    expect(readFileSync(join(folder, 'a.html'), 'utf8')).toMatch(/^<!doctype html>.*<\/html>\n$/s)
    writeFileSync(join(folder, 'a.html'), 'mine')
    const again = run('report', capture, '-o', 'a.html')
    expect(again.status).toBe(2)
    expect(again.stderr).toContain('--force')
    expect(readFileSync(join(folder, 'a.html'), 'utf8')).toBe('mine')
    expect(run('report', capture, '-o', 'a.html', '--force').status).toBe(0)
    expect(readFileSync(join(folder, 'a.html'), 'utf8')).toContain('<!doctype html>')
    // Nothing is left beside it.
    expect(readdirSync(folder).sort()).toEqual(['a.html', 'normal.pcap'])
  })

  it('tells how to see the same again, as it was typed', () => {
    expect(run('report', '--stack', 'rfc9293', '-o', '-', 'normal.pcap', 'port 80').stdout).toContain(
      '"typed":"--stack rfc9293 normal.pcap port 80"',
    )
  })

  it('never writes over the capture', () => {
    expect(run('report', capture, '-o', capture, '--force').status).toBe(2)
    expect(readFileSync(capture)).toEqual(bytes)
  })

  it('writes to a pipe, in the language asked for', () => {
    const { status, stdout } = run('report', '--lang', 'zh', capture, '-o', '-')
    expect(status).toBe(0)
    expect(stdout).toContain('<html lang="zh-CN">')
  })

  it('holds only what --where and a filter let through', () => {
    const flowsIn = (...args: readonly string[]): number =>
      Number(/"allFlows":(\d+)/.exec(run('report', '-o', '-', ...args).stdout)?.[1])
    expect(flowsIn(capture)).toBe(1)
    expect(flowsIn(capture, '--where', 'packets > 1000')).toBe(0)
    expect(flowsIn(capture, 'port 81')).toBe(0)
  })

  it('wants a place, and a connection that exists', () => {
    expect(run('report', capture)).toMatchObject({ status: 2, stdout: '' })
    expect(run('report', capture, '--flow', '7', '-o', 'b.html').stderr).toContain('flow 7')
    expect(existsSync(join(folder, 'b.html'))).toBe(false)
  })
})

describe.skipIf(!hasBrowser())('bothends serve', () => {
  it('prints its address, shows the page, and reloads it when the capture grows', async () => {
    const growing = join(folder, 'growing.pcap')
    // Header, and the first two of the handshake's records of 16 + 40 bytes each.
    const soFar = 24 + 2 * 56
    writeFileSync(growing, bytes.subarray(0, soFar))
    const server = spawn(process.execPath, [CLI, 'serve', growing], { env: { PATH: '', LANG: 'C.UTF-8' } })
    try {
      const address = await new Promise<string>((resolve) => {
        server.stdout.setEncoding('utf8').once('data', (line: string) => resolve(line.trim()))
      })
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
      const { page } = await pages.visit(`${address}#flow=0&packet=2`)
      await page.getByText('2 packets, 2 of them TCP, 1 connection').waitFor()
      appendFileSync(growing, bytes.subarray(soFar))
      await page.getByText(`${NORMAL.length} packets, ${NORMAL.length} of them TCP, 1 connection`).waitFor()
      expect(new URL(page.url()).hash).toBe('#flow=0&packet=2')
    } finally {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      expect(await ended).toBe(0)
    }
  })
})
