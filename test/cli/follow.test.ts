/** Rows as packets come, as users have them: a child process on dist/ and pipes that the test holds. */
import { type ChildProcess, spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Frame, NORMAL, pcap } from './capture.js'

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bothends-'))
const ENV = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', COLUMNS: '120', TZ: 'UTC' }

beforeAll(() => {
  if (!existsSync(CLI)) throw new Error('dist/cli.js is missing: npm run build')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A child whose lines can be waited for one after the other. */
const start = (...args: readonly string[]) => {
  const child: ChildProcess = spawn(process.execPath, [CLI, ...args], { env: ENV })
  const { stdin, stdout, stderr } = child
  if (stdin === null || stdout === null || stderr === null) throw new Error('no pipes')
  const remarks: string[] = []
  createInterface({ input: stderr }).on('line', (line) => remarks.push(line))
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    stdin,
    remarks,
    next: async (): Promise<string> => (await lines.next()).value ?? '(end)',
    rest: async (): Promise<string[]> => {
      const rest: string[] = []
      for (let each = await lines.next(); each.done !== true; each = await lines.next()) rest.push(each.value)
      return rest
    },
    interrupt: () => child.kill('SIGINT'),
    exit,
  }
}

/** The final ACK was lost, as the second SYN+ACK shows; then it comes again. */
const LOST_ACK: readonly Frame[] = [
  ...NORMAL.slice(0, 3),
  { at: 1.02, fromClient: false, flags: 0x12, seq: 300, ack: 101 },
  { at: 1.04, fromClient: true, flags: 0x10, seq: 101, ack: 301 },
]
const HEADER = pcap([])
const record = (frame: Frame): Buffer => pcap([frame]).subarray(HEADER.length)

describe('bothends - behind a pipe', () => {
  it('draws each row when its packet has come, and again what hindsight changes', async () => {
    const child = start('-')
    child.stdin.write(HEADER)
    const [syn, synAck, ack, again, last] = LOST_ACK.map(record)
    child.stdin.write(syn)
    expect(await child.next()).toBe('flow 0: 192.0.2.10:40001 (client), 198.51.100.20:80 (server)')
    // Whether anybody listens is not known yet.
    expect(await child.next()).toMatch(/^ +1 +0\.000000 +SYN_SENT\*\S* +--> <SEQ=0><CTL=SYN> .* CLOSED\?$/)
    child.stdin.write(synAck)
    expect(await child.next()).toMatch(/^ +1 .* SYN_RECV\*/)
    expect(await child.next()).toMatch(/^ +\S revised$/)
    expect(await child.next()).toMatch(/^ +2 +0\.020000 +ESTABLISHED\*\S* +<-- <SEQ=0><ACK=1><CTL=SYN,ACK>/)
    child.stdin.write(ack)
    expect(await child.next()).toMatch(/^ +3 .* --> ESTABLISHED\*/)
    child.stdin.write(again)
    // Only now it is known that the ACK never came.
    expect(await child.next()).toMatch(/^ +3 .* SYN_RECV~/)
    expect(await child.next()).toMatch(/revised; never taken: see #4/)
    expect(await child.next()).toMatch(/^ +4 .* <-- SYN_RECV/)
    child.stdin.end(last)
    const rest = await child.rest()
    expect(rest.join('\n')).toMatch(/^ +5 /m)
    expect(rest.join('\n')).toContain('Verdict')
    expect([await child.exit, child.remarks]).toEqual([0, []])
  })

  it('numbers the rows by their connections once there are several, and ends with the table', async () => {
    const child = start('-')
    child.stdin.write(HEADER)
    child.stdin.write(record({ ...NORMAL[0], port: 1001 } as Frame))
    await child.next()
    expect(await child.next()).toMatch(/^ +1 /)
    child.stdin.write(record({ ...NORMAL[0], port: 1002 } as Frame))
    expect(await child.next()).toMatch(/^flow 1: /)
    expect(await child.next()).toMatch(/^ +1 +2 +0\.000000 /)
    child.interrupt()
    const rest = await child.rest()
    expect(rest.join('\n')).toMatch(/192\.0\.2\.10:1001/)
    expect(await child.exit).toBe(130)
    expect(child.remarks).toEqual(['bothends: interrupted: only 2 packets and 2 connections were looked at'])
  })
})

describe('a timer', () => {
  it('gets a line when the time of the packets passes it, and none in the JSON', async () => {
    const frames: readonly Frame[] = [
      ...NORMAL,
      { at: 61, fromClient: true, flags: 0x18, seq: 1, ack: 1, len: 1, port: 9 },
    ]
    const child = start('-')
    child.stdin.end(pcap(frames))
    const lines = await child.rest()
    const timer = lines.findIndex((line) => line.includes('(no packet: a timer)'))
    expect(lines[timer]).toMatch(/^ +60\.\d+ +CLOSED\*\? +\(no packet: a timer\) +CLOSED/)
    expect(lines[timer + 1]).toMatch(/^ +└ the client: TIME_WAIT -> CLOSED, TIME_WAIT ran out/)
    expect(lines.slice(timer).findIndex((line) => / 10 +61\.000000 /.test(line))).toBeGreaterThan(0)
    const json = start('annotate', '--json', '--follow', '-')
    json.stdin.end(pcap(frames))
    const types = (await json.rest()).map((line) => (JSON.parse(line) as { type: string }).type)
    expect([...new Set(types)]).toEqual(['bothends', 'packet', 'flow', 'finding'])
  })
})

describe('--follow', () => {
  it('prints packet lines as they come, revised ones marked; annotate - alone waits for the end', async () => {
    const child = start('annotate', '--json', '--follow', '-')
    child.stdin.write(HEADER)
    const next = async (): Promise<Record<string, unknown>> => JSON.parse(await child.next())
    const [syn, synAck, ack, again] = LOST_ACK.map(record)
    child.stdin.write(syn)
    expect(await next()).toMatchObject({
      type: 'bothends',
      schema: 1,
      following: true,
      captures: [{ file: '-' }],
    })
    expect(await next()).toMatchObject({ type: 'packet', packet: 1, client: { state: 'SYN_SENT' } })
    child.stdin.write(synAck)
    await next()
    child.stdin.write(ack)
    let line = await next()
    while (line.packet !== 3) line = await next()
    expect(line.revised).toBe(undefined)
    child.stdin.write(again)
    line = await next()
    while (line.packet !== 3) line = await next()
    expect(line).toMatchObject({ revised: true, received: false, server: { state: 'SYN_RECEIVED' } })
    child.stdin.end()
    const types = (await child.rest()).map((text) => (JSON.parse(text) as { type: string }).type)
    expect(types.filter((type) => type === 'flow')).toHaveLength(1)

    const plain = start('annotate', '--json', '-')
    plain.stdin.end(pcap(LOST_ACK))
    const lines = (await plain.rest()).map((text) => JSON.parse(text) as Record<string, unknown>)
    expect(lines.filter(({ type }) => type === 'packet')).toHaveLength(LOST_ACK.length)
  })

  it('waits at the end of a file, and goes on when it is cut back or replaced', async () => {
    const file = join(folder, 'growing.pcap')
    writeFileSync(file, HEADER)
    const child = start('--follow', file)
    const rowOf = async (pattern: RegExp): Promise<void> => {
      for (let line = await child.next(); !pattern.test(line); line = await child.next())
        if (line === '(end)') throw new Error(`no line like ${pattern}`)
    }
    // The rows after the first show that the file was waited for.
    for (const frame of NORMAL.slice(0, 2)) {
      const bytes = record(frame)
      appendFileSync(file, bytes.subarray(0, 20))
      appendFileSync(file, bytes.subarray(20))
    }
    await rowOf(/^ +2 .*<SEQ=0><ACK=1>/)
    truncateSync(file)
    appendFileSync(file, Buffer.concat([HEADER, ...NORMAL.slice(2, 3).map(record)]))
    await rowOf(/^ +1 .*<SEQ=1><ACK=1>/)
    renameSync(file, `${file}.1`)
    writeFileSync(file, pcap(NORMAL.slice(3, 4)))
    await rowOf(/<LEN=5>/)
    child.interrupt()
    await child.rest()
    expect(await child.exit).toBe(130)
    expect(child.remarks.slice(0, 2)).toEqual([
      `bothends: ${file}: was cut back; read again from its start`,
      `bothends: ${file}: is another file now; reading that one`,
    ])
  })

  it.each([
    [['--follow', 'flows', '-'], '--follow means nothing to flows'],
    [['--follow', '--where', 'packets > 3', '-'], '--where means nothing to --follow'],
    [['--follow', '-', '-'], '--follow takes one file'],
    [['--follow', '/no/such/file'], '/no/such/file: no such file'],
  ])('refuses %j', async (args, line) => {
    const child = start(...args)
    child.stdin.end()
    expect(await child.exit).toBe(2)
    expect(child.remarks).toEqual([`bothends: ${line}`])
  })
})
