/** Devices, bombs and endless pipes as the command meets them: it ends by itself, in words and without a stack trace. */
import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { survey } from '../../src/survey.js'
import { FLOODS } from './floods.js'
import { pcapFile, pcapOf } from './frames.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-hostile-'))
afterAll(() => rmSync(folder, { recursive: true }))
const capture = join(folder, 'syn.pcap')
writeFileSync(capture, pcapOf([{ at: 0, from: 0, flags: 'S', seq: 1 }]))
const long = join(folder, 'long.pcap')
writeFileSync(
  long,
  pcapFile(
    Array.from({ length: 2000 }, (_, k) => ({ at: k, bytes: Buffer.alloc(1400) })),
    101,
  ),
)
const bomb = join(folder, 'bomb.pcap.gz')
writeFileSync(bomb, gzipSync(Buffer.concat([pcapOf([]), Buffer.alloc(64 << 20)])))

const sh = (script: string) =>
  spawnSync('sh', ['-c', script], {
    encoding: 'utf8',
    timeout: 25_000,
    env: {
      ...process.env,
      B: `${process.execPath} dist/cli.js`,
      CAPTURE: capture,
      BOMB: bomb,
      FOLDER: folder,
      MINE: join(folder, 'mine'),
    },
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
  it('reads a named pipe as it reads the file', () => {
    const { status, stdout, stderr } = sh(
      'mkfifo $FOLDER/fifo; cat $CAPTURE > $FOLDER/fifo & $B flows --json $FOLDER/fifo; wait',
    )
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout.replaceAll(join(folder, 'fifo'), capture)).toBe(sh('$B flows --json $CAPTURE').stdout)
  })
  it('tells of a named pipe whose writer went away in the middle', () => {
    const { status, stderr } = sh(
      'mkfifo $FOLDER/cut; head -c 60 $CAPTURE > $FOLDER/cut & $B flows --json $FOLDER/cut; s=$?; wait; exit $s',
    )
    expect(stderr).toMatch(/^bothends: [^\n]+cut short[^\n]+\n$/)
    expect(status).toBe(2)
  })
  it('leaves a named pipe of nothing but zeros', () => {
    const { status, stderr } = sh(
      'mkfifo $FOLDER/zeros; cat /dev/zero > $FOLDER/zeros 2> /dev/null & $B $FOLDER/zeros; s=$?; wait; exit $s',
    )
    expect(stderr).toMatch(/^bothends: [^\n]+not a capture[^\n]+\n$/)
    expect(status).toBe(2)
  })
  it('takes a folder for its captures, and refuses one without', () => {
    mkdirSync(join(folder, 'some'))
    mkdirSync(join(folder, 'none'))
    symlinkSync(capture, join(folder, 'some', 'a.pcap'))
    expect(sh('$B flows --json $FOLDER/some')).toMatchObject({ status: 0, stderr: '' })
    const { status, stdout, stderr } = sh('$B $FOLDER/none')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^bothends: [^\n]+\n$/)
  })
  it('tells a connection with very many ICMP errors in the table, not line by line', () => {
    const flood = FLOODS['ICMP errors on one connection']
    if (flood === undefined) throw new Error('no such flood')
    writeFileSync(join(folder, 'errors.pcap'), pcapOf(flood(12_000)))
    const { status, stdout } = sh('$B $FOLDER/errors.pcap')
    expect(status).toBe(0)
    expect(stdout.split('\n').length).toBeLessThan(20)
  })
  it('refuses a file that vanished between the two readings', async () => {
    const file = join(folder, 'vanishes.pcap')
    // Two SYNs with other numbers: not plain, so its packets are looked at once more.
    writeFileSync(
      file,
      pcapOf([
        { at: 0, from: 0, flags: 'S', seq: 1 },
        { at: 1, from: 0, flags: 'S', seq: 9 },
        { at: 2, from: 1, flags: 'R', seq: 9 },
      ]),
    )
    let read = 0
    const progress = (): void => {
      if (read++ === 0) unlinkSync(file)
    }
    await expect(survey([file], { progress }, 0)).rejects.toMatchObject({ code: 'no-such-file' })
  })
  it.each([
    ['report', '$B report $CAPTURE -o $MINE'],
    ['write', '$B write $CAPTURE -o $MINE'],
    ['a state', '$B --save-state $MINE $CAPTURE'],
    [
      'export',
      'mkdir -p $FOLDER/tables; cp $MINE $FOLDER/tables/flows.csv; $B export --format csv $CAPTURE -o $FOLDER/tables',
    ],
  ])('%s keeps a file that is there', (_, script) => {
    const { status, stdout, stderr } = sh(`printf mine > $MINE; ${script}`)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^bothends: [^\n]+\n$/)
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('mine')
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
  it('leaves nothing in /tmp when nobody reads on what it writes', () => {
    const { stderr } = sh(
      'mkdir $FOLDER/tmp; export TMPDIR=$FOLDER/tmp; (cat $CAPTURE; tail -c +25 $LONG) | $B write - -o - | head -c 1',
    )
    expect(stderr).toBe('')
    expect(readdirSync(join(folder, 'tmp'))).toEqual([])
  })
  it('stops when nobody reads on', () => {
    const { stdout, stderr } = sh('$B annotate --json $CAPTURE $CAPTURE | head -c 1')
    expect(stdout).toHaveLength(1)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})
