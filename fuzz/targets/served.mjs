/**
 * `bothends serve` as a process, and `--open`: any bytes as requests, whole, in pieces, cut, many at a time or with a body without
 * end. It goes on, says nothing, gives the page to its own address only and nothing else of the machine to anybody.
 */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { answerOf } from '../answer.mjs'
import { browser, fileOf, folder } from '../beside.mjs'
import { choicesFor } from '../numbers.mjs'
import { must } from '../outputs.mjs'

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const sample = readFileSync(new URL('../corpus/capture/syncookies.pcap', import.meta.url))
/** What the page has and no other answer. */
const PAGE = 'id="bothends-report"'
/** Lies beside the capture, in the server's working folder. */
const SECRET = 'nobody is to read this'
/** Milliseconds: who says nothing more has his answer; who says nothing at all hangs. */
const SILENCE = 40
const HANGS = 10_000
/** Bytes of a body that nobody asked for, and of memory that it may take. */
const BODY = 8 << 20
const MEMORY = 512 << 20
/** Ends the server when the fuzzer was killed. */
const ORPHAN = `const mine = process.ppid; setInterval(() => process.ppid !== mine && process.exit(), 1000).unref()`

let serving = null

async function start() {
  fileOf(SECRET, 'secret')
  const file = fileOf(sample, 'served.pcap')
  const { path, opened } = browser()
  const guard = `data:text/javascript,${encodeURIComponent(ORPHAN)}`
  const server = spawn(process.execPath, ['--import', guard, CLI, 'serve', '--open', file], {
    cwd: folder,
    env: { PATH: path, HOME: folder, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  process.on('exit', () => server.kill())
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) server[name].on('data', (part) => (said[name] += part))
  for (let wait = 0; !said.stdout.includes('\n') && wait < HANGS; wait += 20) await setTimeout(20)
  const address = said.stdout.trim()
  must(/^http:\/\/127\.0\.0\.1:\d+\/$/.test(address), 'served: an address', said)
  for (let wait = 0; opened() === '' && wait < HANGS; wait += 20) await setTimeout(20)
  must(opened() === `${address}\n`, 'served: --open opens its address', opened())
  return { server, said, file, port: Number(new URL(address).port) }
}

export const fuzz = async (data) => {
  // A browser is opened by this name on Linux.
  if (process.platform !== 'linux') return
  serving ??= start()
  const { server, said, file, port } = await serving
  const choose = choicesFor(data)
  // The capture changes while it is served, and comes back.
  if (choose.once(6)) writeFileSync(file, choose.once(2) ? data : sample)
  const request = Buffer.from(data.toString('latin1').replaceAll('PORT', String(port)), 'latin1')
  const answers = await choose.pick(WAYS)(port, request, choose)
  const hosts = [...request.toString('latin1').matchAll(/^host:[ \t]*([^\r\n]*?)[ \t]*\r?$/gim)]
  const own = hosts.some(([, host]) => host === `127.0.0.1:${port}`)
  for (const answer of answers) {
    must(
      !answer.includes(PAGE) || own,
      'served: the page for its own address only',
      request.toString('latin1'),
    )
    must(!answer.includes(SECRET), 'served: no other file', answer)
    // The page says which capture it shows.
    must(answer.includes(PAGE) || !answer.includes(folder), 'served: nothing of the machine', answer)
    must(!/\n\s+at /.test(answer), 'served: no stack trace', answer)
  }
  const next = await ask(
    port,
    [Buffer.from(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)],
    HANGS,
  )
  // 500 while its capture is none.
  must(/^HTTP\/1\.1 (?:200 .*id="bothends-report"|500 )/s.test(next), 'served: goes on', next.slice(0, 200))
  must(server.exitCode === null && said.stderr === '', 'served: says nothing', said)
  const kibibytes = Number(
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'latin1'))?.[1] ?? 0,
  )
  must(kibibytes * 1024 < MEMORY, 'served: memory', kibibytes)
}

const WAYS = [
  async (port, request) => [await ask(port, [request])],
  // Octet by octet, or nearly.
  async (port, request, { below }) => {
    const pieces = []
    for (let at = 0; at < request.length && pieces.length < 20; ) {
      const end = pieces.length === 19 ? request.length : at + 1 + below(1 + request.length / 8)
      pieces.push(request.subarray(at, end))
      at = end
    }
    return [await ask(port, pieces)]
  },
  // Gone before the answer.
  async (port, request, { below }) => [await ask(port, [request.subarray(0, below(request.length + 1))], 1)],
  // Ten at a time, some of them for a page that is made.
  async (port, request) => Promise.all(Array.from({ length: 10 }, () => ask(port, [request]))),
  async (port, request, { below }) => [await ask(port, [request, Buffer.alloc(BODY, 32 + below(96))], 200)],
  // Headers without end.
  async (port, request, { below }) => {
    const line = /\r?\n/.exec(request.toString('latin1'))
    const at = line === null ? request.length : line.index + line[0].length
    const more = Buffer.from(`x-${below(1000)}: ${'y'.repeat(below(5000))}\r\n`.repeat(50))
    return [await ask(port, [request.subarray(0, at), more, request.subarray(at)])]
  },
]

/** What comes back until nothing comes for `silence` milliseconds. */
const ask = (port, pieces, silence = SILENCE) => answerOf(port, (socket) => sent(socket, pieces), silence)

async function sent(socket, pieces) {
  socket.setNoDelay()
  for (const piece of pieces) {
    if (socket.destroyed) return
    socket.write(piece)
    if (pieces.length > 2) await setTimeout(1)
  }
}
