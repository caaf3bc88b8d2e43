/** Devices, bombs and endless pipes as the command meets them: it ends by itself, in words and without a stack trace. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { pcapOf } from './frames.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-hostile-'))
afterAll(() => rmSync(folder, { recursive: true }))
const capture = join(folder, 'syn.pcap')
writeFileSync(capture, pcapOf([{ at: 0, from: 0, flags: 'S', seq: 1 }]))
const bomb = join(folder, 'bomb.pcap.gz')
writeFileSync(bomb, gzipSync(Buffer.concat([pcapOf([]), Buffer.alloc(64 << 20)])))

const sh = (script: string) =>
  spawnSync('sh', ['-c', script], {
    encoding: 'utf8',
    timeout: 25_000,
    env: { ...process.env, B: `${process.execPath} dist/cli.js`, CAPTURE: capture, BOMB: bomb },
  })

describe.skipIf(process.platform === 'win32')('the command', () => {
  it.each([
    ['an endless device', '$B /dev/zero'],
    ['an endless pipe of nothing', 'cat /dev/zero | $B -'],
    ['random bytes without an end', 'cat /dev/urandom | $B -'],
    ['an empty device', '$B /dev/null'],
  ])('refuses %s', (_, script) => {
    const { status, stdout, stderr } = sh(script)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^bothends: [^\n]+\n$/)
  })
  it('ends on a bomb in words', () => {
    const { status, stderr } = sh('$B flows --json $BOMB')
    expect([0, 2]).toContain(status)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
  it.skipIf(process.platform !== 'linux')('says that the disk is full', () => {
    const { status, stderr } = sh('$B annotate --json $CAPTURE > /dev/full')
    expect(status).toBe(2)
    expect(stderr).toMatch(/^bothends: ENOSPC[^\n]+\n$/)
  })
  it('stops when nobody reads on', () => {
    const { stdout, stderr } = sh('$B annotate --json $CAPTURE $CAPTURE | head -c 1')
    expect(stdout).toHaveLength(1)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})
