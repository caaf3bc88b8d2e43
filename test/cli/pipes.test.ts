/** What comes through a pipe must read as the file does, be held as little as the file is, and leave nothing behind. */
import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import pcapParser from 'pcap-parser'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { annotated, rowOf } from '../../src/annotated.js'
import { chosen } from '../../src/chosen.js'
import { keepPipes } from '../../src/cli/pipes.js'
import type { PacketRow, Report } from '../../src/report.js'
import { en } from '../../src/text/en/index.js'
import { annotateLines } from '../../src/views/json.js'
import { NORMAL, pcap } from './capture.js'

const CLI = 'dist/cli.js'
const folder = mkdtempSync(join(tmpdir(), 'bothends-pipes-'))
/** Where children put what they keep. */
const kept = join(folder, 'kept')
beforeAll(() => {
  if (!existsSync(CLI)) throw new Error('dist/cli.js is missing: npm run build')
  mkdirSync(kept)
})
afterAll(() => rmSync(folder, { recursive: true }))

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** But for the capture's name. */
const lines = (report: Report, file: string): string[] =>
  [...annotateLines(report, en, null)].map((line) => line.replaceAll(JSON.stringify(file), '"-"'))

const everything = { stays: null, wanted: (flows: Report['flows']) => flows }

const samples = readdirSync('samples', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.pcap(ng)?$/.test(name))
  .map((name) => join('samples', name))

describe('a pipe that is kept', () => {
  it.each(samples)('%s reads as the file', async (file) => {
    const whole = lines(await analyze([file]), file)
    const bytes = readFileSync(file)
    for (const [octets, size, inMemory] of [
      [bytes, 1, 1 << 20],
      [bytes, 1000, 0],
      [gzipSync(bytes), 100, 100],
    ] as const) {
      const pipes = keepPipes(chunks(octets, size), inMemory)
      const report = await chosen(['-'], { open: pipes.open }, everything)
      pipes.remove()
      const compression = octets === bytes ? 'none' : 'gzip'
      expect(lines(report, '-').map((line) => line.replace(`"${compression}"`, '"none"'))).toEqual(whole)
    }
  })

  it('is read by pcap-parser when it comes, and only then', async () => {
    const parse = vi.spyOn(pcapParser, 'parse')
    const pipes = keepPipes(chunks(pcap(NORMAL), 50))
    const rows: PacketRow[] = []
    const report = await annotated(
      ['-'],
      { open: pipes.open },
      {
        begin: () => expect(parse).toHaveBeenCalledTimes(1),
        row: (row) => rows.push(row as PacketRow),
        plainRow: (kind, numbers) => rows.push(rowOf(kind, numbers)),
        rowLike: (example) => rows.push(example),
        flow: () => {},
        plainFlow: () => {},
      },
    )
    pipes.remove()
    expect(parse).toHaveBeenCalledTimes(1)
    expect(rows.map(({ packet }) => packet)).toEqual(NORMAL.map((_, n) => n + 1))
    expect(report.flows).toHaveLength(1)
    parse.mockRestore()
  })

  it('ends where there is no room for more, and says so; what came before is told', async () => {
    const second = NORMAL.map((frame) => ({ ...frame, at: frame.at + 1, port: 40002 }))
    const first = pcap(NORMAL)
    const both = Buffer.concat([first, pcap(second).subarray(24)])
    const pipes = keepPipes(chunks(both, first.length + 10), 100, { disk: 0, memory: first.length + 20 })
    const report = await chosen(['-'], { open: pipes.open }, everything)
    pipes.remove()
    const [capture] = report.captures
    expect(capture?.damage).toBe(
      `-: no room in ${tmpdir()} and memory for more than ${first.length + 10} bytes (byte ${first.length + 10})`,
    )
    expect(capture?.packets).toBe(NORMAL.length)
    const file = join(folder, 'first.pcap')
    writeFileSync(file, first)
    expect(lines({ ...report, captures: [] }, '-')).toEqual(
      lines({ ...(await analyze([file])), captures: [] }, file),
    )
  })
})

/** A record that is no IP packet, of 64 KiB. */
const NOISE = Buffer.alloc(1 << 16)
NOISE.writeUInt32LE(1_767_323_046, 0)
NOISE.writeUInt32LE(NOISE.length - 16, 8)
NOISE.writeUInt32LE(NOISE.length - 16, 12)
/** Enough for a file. */
const LARGE = Buffer.concat([pcap(NORMAL.slice(0, 4)), ...Array<Buffer>(160).fill(NOISE)])

const ENV = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', COLUMNS: '100', TZ: 'UTC', TMPDIR: kept }
const run = (args: readonly string[], input: Uint8Array, env: NodeJS.ProcessEnv = ENV) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    input,
    env,
    maxBuffer: 1 << 30,
  })
  return { status, stdout: stdout.toString(), stderr: stderr.toString() }
}

const openFiles = (pid: number): string[] => {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
  } catch {
    // One was closed meanwhile.
    return []
  }
}
const isKeeping = (pid: number): boolean => openFiles(pid).some((name) => name.startsWith(kept))

/** A child that has read all of {@link LARGE} and waits for more. */
const waiting = async (...args: readonly string[]) => {
  const child = spawn(process.execPath, [CLI, ...args], { env: ENV })
  const output: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.resume()
  const exit = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)))
  await new Promise((resolve) => child.stdin.write(LARGE, resolve))
  while (child.exitCode === null && process.platform === 'linux' && !isKeeping(child.pid ?? 0))
    await setTimeout(5)
  return { child, exit, text: () => Buffer.concat(output).toString() }
}

describe('a large pipe', () => {
  beforeEach(() => expect(readdirSync(kept)).toEqual([]))

  const large = join(folder, 'large.pcap')
  beforeAll(() => writeFileSync(large, LARGE))

  it.each([
    'flows --json',
    'annotate --json',
    'flows --where bytes>1 --json',
    'annotate --flow 0',
    '--fail-on problem',
  ])('bothends %s - prints what it prints of the file', (typed) => {
    const args = typed.split(' ')
    const file = run([...args, large], Buffer.alloc(0))
    const pipe = run([...args, '-'], LARGE)
    expect(file.stdout.length).toBeGreaterThan(100)
    expect({ ...pipe, stdout: pipe.stdout.replaceAll('"-"', JSON.stringify(large)) }).toEqual(file)
    expect(readdirSync(kept)).toEqual([])
  })

  it.runIf(process.platform === 'linux')('that is a file is read where it lies, from where it stands', () => {
    const file = join(folder, 'behind.pcap')
    writeFileSync(file, Buffer.concat([Buffer.from('before it'), LARGE]))
    const touched = statSync(kept, { bigint: true }).mtimeNs
    const input = openSync(file, 'r')
    readSync(input, Buffer.alloc(9), 0, 9, null)
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'flows', '--json', '-'], {
      stdio: [input, 'pipe', 'pipe'],
      env: ENV,
    })
    closeSync(input)
    expect({ status, stdout: stdout.toString(), stderr: stderr.toString() }).toEqual(
      run(['flows', '--json', '-'], LARGE),
    )
    // What came through the pipe was put there.
    const since = statSync(kept, { bigint: true }).mtimeNs
    expect(since).toBeGreaterThan(touched)
    const again = openSync(file, 'r')
    readSync(again, Buffer.alloc(9), 0, 9, null)
    spawnSync(process.execPath, [CLI, 'flows', '--json', '-'], {
      stdio: [again, 'ignore', 'ignore'],
      env: ENV,
    })
    closeSync(again)
    expect(statSync(kept, { bigint: true }).mtimeNs).toBe(since)
  })

  it('needs no folder for temporary files', () => {
    const env = { ...ENV, TMPDIR: join(folder, 'missing') }
    expect(run(['flows', '--json', '-'], LARGE, env)).toEqual(run(['flows', '--json', '-'], LARGE))
  })

  it('that is no capture leaves nothing', () => {
    expect(run(['flows', '-'], Buffer.alloc(10 << 20, 'words '))).toEqual({
      status: 2,
      stdout: '',
      stderr: 'bothends: -: not a capture: text (byte 0)\n',
    })
    expect(readdirSync(kept)).toEqual([])
  })

  it('is kept in a file without a name; Ctrl-C prints what is there', async () => {
    for (const [command, lines] of [
      ['flows', ['bothends', 'flow', 'finding']],
      ['annotate', ['bothends', 'packet', 'packet', 'packet', 'packet', 'flow', 'finding']],
    ] as const) {
      const { child, exit, text } = await waiting(command, '--json', '-')
      expect(readdirSync(kept)).toEqual([])
      child.kill('SIGINT')
      expect(await exit).toBe(130)
      const told = text()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string })
      expect(told[0]).toMatchObject({ interrupted: true })
      expect(told.map(({ type }) => type)).toEqual(lines)
      expect(readdirSync(kept)).toEqual([])
    }
  })

  it.each(['SIGTERM', 'SIGKILL'] as const)('leaves nothing at %s', async (signal) => {
    const { child, exit } = await waiting('flows', '--json', '-')
    child.kill(signal)
    expect(await exit).toBe(signal)
    expect(readdirSync(kept)).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('may have a name, and there may be several', async () => {
    const fifos = ['a', 'b'].map((name) => join(folder, name))
    for (const fifo of fifos) expect(spawnSync('mkfifo', [fifo]).status).toBe(0)
    const parts = [pcap(NORMAL.slice(0, 4)), Buffer.concat([pcap(NORMAL.slice(4)), ...Array(3).fill(NOISE)])]
    const files = parts.map((part, n) => {
      const file = join(folder, `part${n}.pcap`)
      writeFileSync(file, part)
      return file
    })
    for (const args of [
      ['flows', '--json'],
      ['annotate', '--json'],
    ]) {
      const child = spawn(process.execPath, [CLI, ...args, ...fifos], { env: ENV })
      const output: Buffer[] = []
      child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
      const exit = new Promise((resolve) => child.once('close', resolve))
      for (const [n, fifo] of fifos.entries()) createWriteStream(fifo).end(parts[n])
      expect(await exit).toBe(0)
      const [a = '', b = ''] = files.map((file) => JSON.stringify(file))
      const expected = run([...args, ...files], Buffer.alloc(0)).stdout
      expect(Buffer.concat(output).toString()).toBe(
        expected.replaceAll(a, JSON.stringify(fifos[0])).replaceAll(b, JSON.stringify(fifos[1])),
      )
    }
  })
})
