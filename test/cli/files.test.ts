/** `write`, `export` and `--format` as users run them: a child process on dist/ (`npm test` builds it first). */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { collect } from '../capture/collect.js'
import { NORMAL, pcap } from './capture.js'

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bothends-'))
const input = join(folder, 'trace.pcap')
let at = 0
let out = ''

beforeAll(() => {
  if (!existsSync(CLI)) throw new Error('dist/cli.js is missing: npm run build')
  writeFileSync(input, pcap(NORMAL))
})
beforeEach(() => {
  at += 1
  out = join(folder, `out-${at}`)
})
afterAll(() => rmSync(folder, { recursive: true }))

const run = (args: readonly string[], stdin?: Buffer) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', COLUMNS: '100', TZ: 'UTC' },
    ...(stdin === undefined ? {} : { input: stdin }),
  })
  return { status, stdout, stderr: stderr.toString() }
}

describe('write', () => {
  it('writes every packet with a comment, and says nothing', async () => {
    expect(run(['write', input, '-o', out])).toMatchObject({ status: 0, stderr: '', stdout: Buffer.alloc(0) })
    const before = await collect(input)
    const after = await collect(out)
    expect(after.summary).toMatchObject({ format: 'pcapng', damage: null, records: NORMAL.length })
    expect(after.records.map(({ data }) => data)).toEqual(before.records.map(({ data }) => data))
    for (const { comments } of after.records) expect(comments[0]).toMatch(/^bothends: C=/)
    expect(after.comments[0]).toContain('Packet numbers are those of trace.pcap.')
  })

  it('writes what comes through a pipe, and into one', async () => {
    const piped = run(['write', '-', '-o', '-'], readFileSync(input))
    expect(piped).toMatchObject({ status: 0, stderr: '' })
    writeFileSync(out, piped.stdout)
    expect((await collect(out)).records).toHaveLength(NORMAL.length)
  })

  it('writes only the connections that a filter or --where lets through', async () => {
    const three = fileURLToPath(new URL('../../samples/accept-queue-overflow.pcap', import.meta.url))
    // Nine of its fifteen packets are of the client's port 40003, the half-open one (tshark: tcp.port == 40003).
    expect(run(['write', three, 'port', '40003', '-o', out])).toMatchObject({ status: 0 })
    expect((await collect(out)).records).toHaveLength(9)
    expect(run(['write', three, '--where', 'verdict = half-open', '--force', '-o', out])).toMatchObject({
      status: 0,
    })
    expect((await collect(out)).records).toHaveLength(9)
    expect(run(['export', three, 'port', '40003', '--format', 'csv', '-o', `${out}-tables`])).toMatchObject({
      status: 0,
    })
    expect(
      readFileSync(join(`${out}-tables`, 'packets.csv'), 'utf8')
        .trim()
        .split('\r\n'),
    ).toHaveLength(1 + 9)
  })

  it('speaks Chinese', async () => {
    run(['write', input, '-o', out, '--lang', 'zh'])
    expect((await collect(out)).records[0]?.comments[0]).toMatch(/^bothends: C=SYN_SENT .* \| .*客户端/)
  })

  it.each([
    [['write', 'IN'], 'name a file with -o'],
    [['write', 'IN', 'IN', '-o', 'OUT'], 'exactly one capture'],
    [['write', 'IN', '-o', 'IN'], 'is the capture itself'],
    [['write', 'IN', '-o', 'IN', '--force'], 'is the capture itself'],
    [['write', 'IN', '-o', 'OUT', '--flow', '7'], 'there is no flow 7'],
    [['write', 'IN', '-o', 'OUT', '--format', 'csv'], 'means nothing to write'],
    [['write', 'NONE', '-o', 'OUT'], 'no such file'],
    [['write', 'IN', '-o', 'OUT/not/there'], 'cannot be written: no such file or directory'],
  ])('refuses %j', (args, reason) => {
    const names: Readonly<Record<string, string>> = { IN: input, OUT: out, NONE: `${input}.none` }
    const before = readFileSync(input)
    const made = run(args.map((arg) => arg.replace(/^[A-Z]+/, (name) => names[name] ?? name)))
    expect(made.status).toBe(2)
    expect(made.stderr.trim().split('\n')).toHaveLength(1)
    expect(made.stderr).toContain(reason)
    expect(existsSync(out)).toBe(false)
    expect(readFileSync(input)).toEqual(before)
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('keeps what is there, but by force', () => {
    writeFileSync(out, 'mine')
    expect(run(['write', input, '-o', out])).toMatchObject({ status: 2 })
    expect(readFileSync(out, 'utf8')).toBe('mine')
    expect(run(['write', input, '-o', out, '--force'])).toMatchObject({ status: 0 })
    expect(statSync(out).size).toBeGreaterThan(1000)
  })

  it('writes a damaged capture up to the damage, and ends with 2', async () => {
    const whole = readFileSync(input)
    const cut = join(folder, 'cut.pcap')
    writeFileSync(cut, whole.subarray(0, -10))
    const made = run(['write', cut, '-o', out])
    expect(made.status).toBe(2)
    expect(made.stderr).toContain('cut short')
    expect((await collect(out)).records).toHaveLength(NORMAL.length - 1)
  })
})

describe('export', () => {
  it.each(['parquet', 'ndjson', 'csv'])('writes four tables as %s', (format) => {
    expect(run(['export', input, '-o', out, '--format', format])).toMatchObject({ status: 0, stderr: '' })
    expect(readdirSync(out)).toEqual(
      ['findings', 'flows', 'packets', 'transitions'].map((name) => `${name}.${format}`),
    )
    const first = readFileSync(join(out, `packets.${format}`)).subarray(0, 7)
    expect(first.toString()).toMatch(
      format === 'parquet' ? /^PAR1/ : format === 'csv' ? /^capture/ : /^\{"captu/,
    )
  })

  it('writes all tables or none', () => {
    run(['export', input, '-o', out, '--format', 'csv'])
    rmSync(join(out, 'packets.csv'))
    expect(run(['export', input, '-o', out, '--format', 'csv']).stderr).toContain('flows.csv: exists')
    expect(readdirSync(out)).toEqual(['findings.csv', 'flows.csv', 'transitions.csv'])
    expect(run(['export', input, '-o', out, '--format', 'csv', '--force'])).toMatchObject({ status: 0 })
    expect(readdirSync(out)).toHaveLength(4)
  })

  it.each([
    [['export', 'IN'], 'name a folder with -o'],
    [['export', 'IN', '-o', 'OUT', '--format', 'xls'], 'choose one of parquet, ndjson, csv'],
    [['export', 'IN', '-o', 'IN'], 'cannot be written: not a directory'],
  ])('refuses %j', (args, reason) => {
    const names: Readonly<Record<string, string>> = { IN: input, OUT: out }
    const made = run(args.map((arg) => names[arg] ?? arg))
    expect(made.status).toBe(2)
    expect(made.stderr.trim().split('\n')).toHaveLength(1)
    expect(made.stderr).toContain(reason)
    expect(existsSync(out)).toBe(false)
  })
})

describe('--format', () => {
  it.each([
    [
      'mermaid',
      /^sequenceDiagram\n {2}participant C as 192\.0\.2\.10:40001/,
      /^sequenceDiagram\n {2}participant H0/,
    ],
    ['plantuml', /^@startuml\nparticipant "192.*@enduml\n$/s, /^@startuml\nparticipant "192.*@enduml\n$/s],
    ['markdown', /^### flow 0: `192\.0\.2\.10:40001`/, /\| flow \| client \| server \|/],
    ['csv', /^capture,packet,.*\r\n.*,1,0,/, /^capture,flow,.*\r\n.*,0,192\.0\.2\.10,40001,/],
  ])('%s draws a flow and the table', (format, flow, table) => {
    expect(run(['--flow', '0', '--format', format, input]).stdout.toString()).toMatch(flow)
    expect(run(['flows', '--format', format, input]).stdout.toString()).toMatch(table)
  })

  it('json is one document', () => {
    const of = (...args: string[]) => JSON.parse(run([...args, '--format', 'json', input]).stdout.toString())
    expect(of('--flow', '0')).toMatchObject({
      type: 'bothends',
      schema: 1,
      flows: [{ flow: 0, packets: NORMAL.length, rows: expect.arrayContaining([]) }],
    })
    expect(of('--flow', '0').flows[0].rows).toHaveLength(NORMAL.length)
    expect(of('flows').flows[0].rows).toBeUndefined()
  })

  it.each([
    [['--format', 'svg'], 'choose one of mermaid, plantuml, markdown, csv, json'],
    [['netstat', '--format', 'csv'], 'means nothing to netstat'],
  ])('refuses %j', (args, reason) => {
    const made = run([...args, input])
    expect(made.status).toBe(2)
    expect(made.stderr).toContain(reason)
    expect(made.stdout).toHaveLength(0)
  })
})
