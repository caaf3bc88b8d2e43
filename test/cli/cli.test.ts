/** The command as users run it: a child process on dist/ (`npm test` builds it first). */
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { widthOf } from '../../src/views/terminal/width.js'
import { type Frame, NORMAL, pcap } from './capture.js'

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bothends-'))
const normal = join(folder, 'normal.pcap')
const cut = join(folder, 'cut.pcap')
const noise = join(folder, 'noise.pcap')
/** With one that is cut short, and one that is none. */
const mixed = join(folder, 'mixed')

beforeAll(() => {
  if (!existsSync(CLI)) throw new Error('dist/cli.js is missing: npm run build')
  const bytes = pcap(NORMAL)
  writeFileSync(normal, bytes)
  writeFileSync(cut, bytes.subarray(0, bytes.length - 10))
  mkdirSync(mixed)
  writeFileSync(join(mixed, 'cut.pcap'), bytes.subarray(0, bytes.length - 10))
  writeFileSync(join(mixed, 'notes.txt'), 'the captures of Monday')
  writeFileSync(noise, 'this is no capture at all, only text that goes on for a while')
})
afterAll(() => rmSync(folder, { recursive: true }))

const run = (args: readonly string[], env: Record<string, string> = {}, input?: Buffer) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', COLUMNS: '100', TZ: 'UTC', ...env },
    ...(input === undefined ? {} : { input }),
  })
  return { status, stdout, stderr }
}
const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('bothends CAPTURE', () => {
  it('draws the ladder of a single connection', () => {
    const { status, stdout, stderr } = run([normal])
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toMatch(/ 2 0\.020000 {2}ESTABLISHED\*\?? +<-- <SEQ=0><ACK=1><CTL=SYN,ACK> +<-- SYN_RECV/)
    expect(stdout).toMatch(/ 9 0\.100100 {2}TIME_WAIT\?? +--> <SEQ=7><ACK=2><CTL=ACK> +--> CLOSED\*/)
  })

  it('tells a very long one in the table, whatever became of it, and draws it when asked', () => {
    const [syn, synAck, ack, data, taken] = NORMAL
    const rest = Array.from({ length: 5000 }, (_, n) =>
      [data, taken].map((frame) => ({ ...(frame as Frame), at: 1 + n / 100 })),
    )
    const long = join(folder, 'long.pcap')
    // The same segment again and again: nothing that goes plainly.
    writeFileSync(long, pcap([syn as Frame, synAck as Frame, ack as Frame, ...rest.flat()]))
    const { stdout } = run([long])
    expect(stdout).not.toContain('SYN_SENT')
    expect(stdout).toContain('--flow 0')
    expect(stdout.length).toBeLessThan(5000)
    expect(run(['--flow', '0', long]).stdout).toContain('SYN_SENT*')
  })

  it('reads standard input', () => {
    expect(run(['-'], {}, pcap(NORMAL)).stdout).toContain('SYN_SENT')
  })

  it('speaks Chinese when asked or when the locale is', () => {
    expect(run(['--lang', 'zh', normal]).stdout).toContain('客户端')
    expect(run([normal], { LANG: 'zh_TW.UTF-8' }).stdout).toContain('客户端')
    expect(run(['--lang=en', normal], { LANG: 'zh_CN.UTF-8' }).stdout).toContain('client')
  })

  it('spells states, numbers and times as asked', () => {
    const { stdout } = run(['--names', 'rfc', '--absolute', '-t', 'a', normal])
    expect(stdout).toMatch(
      /03:04:05\.020000 {2}ESTABLISHED\*\?? +<-- <SEQ=300><ACK=101><CTL=SYN,ACK> +<-- SYN-RECEIVED/,
    )
  })

  it('colours only when asked on a pipe, and never by --color=never', () => {
    expect(run([normal]).stdout).not.toContain('\u001b')
    expect(run(['--color=always', normal]).stdout).toContain('\u001b[')
    expect(run(['--color=never', normal], { FORCE_COLOR: '1' }).stdout).not.toContain('\u001b')
    expect(run([normal], { FORCE_COLOR: '1' }).stdout).toContain('\u001b[')
    expect(run([normal], { FORCE_COLOR: '1', NO_COLOR: '1' }).stdout).not.toContain('\u001b')
  })
})

describe('for programs', () => {
  it('annotates as NDJSON, in whichever place --json stands', () => {
    for (const args of [
      ['annotate', '--json', normal],
      ['--json', 'annotate', normal],
      ['annotate', normal, '--json'],
    ]) {
      const out = lines(run(args).stdout)
      expect(out[0]).toMatchObject({ type: 'bothends', schema: 1, stack: 'linux' })
      expect(out.filter(({ type }) => type === 'packet')).toHaveLength(9)
      expect(out.filter(({ type }) => type === 'flow')).toHaveLength(1)
    }
  })

  it('begins with the same line in every command that reads a capture', () => {
    for (const command of ['annotate', 'flows', 'netstat', 'explain'])
      expect(lines(run([command, '--json', normal]).stdout)[0]).toMatchObject({ type: 'bothends', schema: 1 })
  })

  it('has pages of findings and states, however they are typed, and all of them', () => {
    const pages = (...args: string[]) => lines(run([...args, '--json']).stdout)
    expect(pages('state', 'time-wait')).toMatchObject([{ type: 'page', name: 'TIME_WAIT' }])
    expect(pages('finding', 'Close-Wait')).toMatchObject([{ type: 'page', name: 'close-wait' }])
    expect(pages('state')).toHaveLength(11)
    expect(pages('finding').map(({ name }) => name)).toContain('half-open')
  })

  it('lists flows and sockets', () => {
    expect(lines(run(['flows', '--json', normal]).stdout).map(({ type }) => type)).toContain('flow')
    const sockets = lines(run(['netstat', '--at', '#6', '--at', '#9', '--json', normal]).stdout).slice(1)
    expect(sockets.map(({ at, host, state }) => [at, host, state])).toEqual([
      ['#6', '192.0.2.10', 'FIN_WAIT_1'],
      ['#6', '198.51.100.20', 'CLOSE_WAIT'],
      ['#9', '192.0.2.10', 'TIME_WAIT'],
    ])
  })

  it('takes kernel settings for both hosts or one', () => {
    const file = join(folder, 'sysctl')
    writeFileSync(file, '# comment\nnet.ipv4.tcp_fin_timeout = 30\nkernel.pid_max=1\nnonsense\n')
    expect(run(['--sysctl', file, '--sysctl', `client=${file}`, normal]).status).toBe(0)
    expect(run(['--sysctl', `server=${file}.missing`, normal])).toMatchObject({
      status: 2,
      stderr: `bothends: ${file}.missing: no such file or directory\n`,
    })
  })

  it('bounds kernel settings by what a kernel accepts, and says so', () => {
    const file = join(folder, 'too-much')
    writeFileSync(file, 'net.ipv4.tcp_retries2 = 4000000000\nnet.ipv4.tcp_syn_retries = 2\n')
    const { status, stderr } = run(['--sysctl', file, '--json', normal])
    expect([status, stderr]).toEqual([
      0,
      `bothends: ${file}: net.ipv4.tcp_retries2 = 4000000000: a kernel accepts 0 to 255; reckoned with the nearest\n`,
    ])
    expect(run(['--lang', 'zh', '--sysctl', `server=${file}`, normal]).stderr).toBe(
      `bothends: ${file}：net.ipv4.tcp_retries2 = 4000000000：内核只接受 0 至 255；按最接近的值计算\n`,
    )
  })
})

describe('what goes wrong', () => {
  it.each([
    [[], 'no capture given'],
    [['--flw', 'x'], "unknown option '--flw'"],
    [['--names', 'bsd', 'x'], '--names bsd: choose one of rfc, netstat, ss'],
    [['--flow', '-1', 'x'], '--flow -1: not a whole number'],
    [['--lang', 'de', 'x'], '--lang de: choose one of en, zh'],
    [['--color', 'red', 'x'], '--color red: choose one of auto, always, never'],
    [['--fail-on', 'error', 'x'], '--fail-on error: choose one of note, warning, problem'],
    [['/no/such/file'], '/no/such/file: '],
    [[normal, 'explain'], 'explain: no such file; the command goes before the files: bothends explain ...'],
    [[normal, '--flow', '0', 'netstat'], 'netstat: no such file; the command goes before the files'],
    [['netsta'], 'netsta: no such file; did you mean netstat?'],
    [['state', 'closewiat'], 'state closewiat: choose one of CLOSE_WAIT'],
    [['finding', 'close-wiat'], 'finding close-wiat: choose one of close-wait'],
    // Before anything is read.
    [['--format', 'mermiad', '/no/such/file'], '--format mermiad: choose one of mermaid'],
    [['explain', '--format', 'csv', '/no/such/file'], '--format means nothing to explain'],
  ])('is one line and status 2: %j', (args, text) => {
    const { status, stdout, stderr } = run(args)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^bothends: [^\n]+\n$/)
    expect(stderr).toContain(text)
  })

  it.each([
    [['/no/such/file'], '/no/such/file：文件不存在'],
    [[mixed], `${mixed}/notes.txt：不是抓包文件：是文本（字节 0）；已跳过`],
    [[noise], `${noise}：不是抓包文件：是文本（字节 0）`],
    [[cut], `${cut}：文件在第 9 条记录的数据处中断：缺 10 字节（字节 `],
    [['--flwo', '3', normal], '没有 --flwo 这个选项（您是不是想用 --flow？）'],
    [['--flow'], '选项 --flow <n> 缺少参数'],
    [['--sysctl', '/no/file', normal], '/no/file：文件或目录不存在'],
    [['write', normal, '-o', '/no/folder/x'], '/no/folder/x：无法写入：文件或目录不存在'],
    [['write', normal, '-o', cut], `${cut}：文件已存在，加 --force 可覆盖`],
  ])('is said in Chinese too: %j', (args, text) => {
    const { status, stderr } = run(args, { LANG: 'zh_CN.UTF-8' })
    expect(status).toBe(2)
    expect(stderr.split('\n')[0]).toContain(`bothends: ${text}`)
    // What was typed and what is to be typed stays as it is.
    const said = stderr.replaceAll(/\/\S+|--\w+|<n>|bothends|pcap/g, '')
    expect(said).not.toMatch(/[a-z]{3}/)
  })

  it.skipIf(!existsSync('/dev/full')).each([
    ['en', 'ENOSPC: no space left on device, write'],
    ['zh', '磁盘空间不足（write）'],
  ])('also when nothing more can be written: %s', (lang, text) => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [CLI, '--lang', lang, normal], {
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    })
    closeSync(full)
    expect([status, stderr]).toEqual([2, `bothends: ${text}\n`])
  })

  it('is told to programs in English, and as a code with its numbers', () => {
    const [{ captures }] = lines(run(['--json', '--lang', 'zh', cut]).stdout) as unknown as [
      { captures: Record<string, unknown>[] },
    ]
    const byte = 24 + NORMAL.slice(0, -1).reduce((sum, frame) => sum + 16 + pcap([frame]).length - 40, 0)
    expect(captures[0]?.damage).toBe(
      `${cut}: cut short in the data of record 9: 10 bytes missing (byte ${byte})`,
    )
    expect(captures[0]?.fault).toEqual({ what: 'record-cut', part: 'data', record: 9, missing: 10, byte })
  })

  it.each([
    [['--flow', '1'], 'there is no flow 1: there is only flow 0'],
    [['netstat', '--at', 'noon'], '--at noon: not a time'],
    [['--where', 'finding = closewait'], 'character 11: "closewait" makes no sense here; try: close-wait'],
    [['netstat', '--at', '#10'], '--at #10: no such packet; the capture has 9'],
    [['netstat', '--every', 'often'], '--every often: not an interval'],
    [['netstat', '--every', '1s', '--at', '1'], '--at and --every: one or the other'],
    [['netstat', '--host', '10.9.8.7'], 'no host 10.9.8.7 in this capture'],
  ])('knows the capture too: %j', (args, text) => {
    const { status, stderr } = run([...args, normal])
    expect(status).toBe(2)
    expect(stderr).toContain(text)
  })

  it('tells a filter that is none from a capture that is none, and nothing found from nothing there', () => {
    expect(run([normal, 'hots', '10.0.0.1']).stderr).toContain('hots: no such file; did you mean host?')
    expect(run([normal, 'port', '9']).stdout).toBe('No connection matches.\n')
    const empty = join(folder, 'no-tcp.pcap')
    const header = pcap([])
    // A record of four zero octets: IP of version 0.
    writeFileSync(
      empty,
      Buffer.concat([header, Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0]), Buffer.alloc(4)]),
    )
    expect(run([empty]).stdout).toMatch(/^No TCP connection in this capture\.\n/)
  })

  it('shows all before the damage, names file and byte, and ends with 2', () => {
    const { status, stdout, stderr } = run(['annotate', '--json', cut])
    expect(lines(stdout).filter(({ type }) => type === 'packet')).toHaveLength(8)
    expect(stderr).toMatch(/^bothends: .*cut\.pcap: .*byte \d+.*\n$/)
    expect(status).toBe(2)
  })

  it('refuses what is no capture', () => {
    const { status, stderr } = run([noise])
    expect(status).toBe(2)
    expect(stderr).toMatch(/^bothends: .*noise\.pcap: [^\n]+\n$/)
  })

  it('ends quietly when nobody reads', async () => {
    const many = join(folder, 'many.pcap')
    writeFileSync(
      many,
      pcap(
        Array.from(
          { length: 3000 },
          (_, n) => NORMAL[Math.min(n, 3)] ?? { at: 0, fromClient: true, flags: 16, seq: 1, ack: 1 },
        ),
      ),
    )
    const child = spawn(process.execPath, [CLI, 'annotate', '--json', many], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString()
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const status = await new Promise((resolve) => child.on('close', resolve))
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
})

describe('help', () => {
  it.each(['en', 'zh'])('has every option and example: %s', (lang) => {
    const { status, stdout } = run(['--help', '--lang', lang])
    expect(status).toBe(0)
    for (const option of [
      '--flow',
      '--json',
      '--sysctl',
      '--fail-on',
      '--lang',
      '--names',
      '--why',
      '-t, --time',
    ])
      expect(stdout).toContain(option)
    expect(stdout).toContain('bothends netstat --at "#12" -o trace.pcap')
    expect(stdout).not.toContain('undefined')
  })

  it.each(['en', 'zh'].flatMap((lang) => [60, 80, 120].map((width) => [lang, width] as const)))(
    'is as wide as the terminal, also in Chinese: %s %d',
    (lang, width) => {
      const all = run(['--help', '--lang', lang], { COLUMNS: String(width) }).stdout.split('\n')
      // A command to type is not broken.
      const wide = all.filter((line) => widthOf(line) > width && !/^ {2}\S/.test(line))
      expect(wide).toEqual([])
      const meaning = all.findIndex((line) => line.trim().startsWith('bothends finding close-wait'))
      expect(/\S {2,}\S/.test(all[meaning] ?? '')).toBe(width === 120)
    },
  )

  it('is what `help` asks for too', () => {
    expect(run(['help']).stdout).toBe(run(['--help']).stdout)
    expect(run(['help', 'netstat', '--lang', 'zh']).stdout).toBe(
      run(['netstat', '-h', '--lang', 'zh']).stdout,
    )
  })

  it('of what reads no capture has no options for captures', () => {
    const { stdout } = run(['state', '--help'])
    expect(stdout).toContain('--lang <code>')
    expect(stdout).not.toMatch(/--flow|--sysctl|--follow|--where/)
  })

  it('tells of the own options of a command', () => {
    expect(run(['netstat', '-h']).stdout).toMatch(/--at <time>.*--every <interval>/s)
  })

  it('prints the version alone', () => {
    expect(run(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
