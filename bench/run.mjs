/**
 * `npm run bench`: what a packet costs, next to the programs people know, in the same run and in turn.
 *
 * Measures dist/: run `npm run build` first.
 *
 * In: `--scale N` (1: a minute or two; 10: the figures in docs), `--rounds N`, `--only name`. Out: one table a capture:
 * CPU nanoseconds a packet (user and system, whole process), packets a second by the clock, peak memory. Medians over
 * the rounds. What is not installed is left out. tcpdump runs with TZ=UTC0: without it asks the system at every line.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bulk, connections, flood } from './connections.mjs'
import { lossy } from './lossy.mjs'
import { PcapWriter } from './packets.mjs'

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    peers: { type: 'boolean', default: true },
  },
  allowNegative: true,
})
const scale = Number(values.scale)
const cli = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url))
const stages = fileURLToPath(new URL('stages.mjs', import.meta.url))

/** `slow`: too slow for all rounds. */
const COMMANDS = [
  { name: 'node -e 0', of: () => ['node', '-e', '0'] },
  { name: 'stage: read, decode', of: (file) => ['node', stages, 'decode', file] },
  { name: 'stage: and follow', of: (file) => ['node', stages, 'follow', file] },
  { name: 'bothends', of: (file) => ['node', cli, 'flows', file] },
  { name: 'bothends flows --json', of: (file) => ['node', cli, 'flows', '--json', file] },
  { name: 'bothends annotate --json', of: (file) => ['node', cli, 'annotate', '--json', file], slow: true },
  { name: 'capinfos', of: (file) => ['capinfos', file], peer: true },
  { name: 'tcpdump -n -q', of: (file) => ['tcpdump', '-n', '-q', '-r', file], peer: true },
  { name: 'tcptrace -n', of: (file) => ['tcptrace', '-n', file], peer: true, slow: true },
  {
    name: 'tshark conv,tcp',
    of: (file) => ['tshark', '-q', '-z', 'conv,tcp', '-r', file],
    peer: true,
    slow: true,
  },
]

const CAPTURES = [
  ['short', (writer) => connections(writer, { count: 90_000 * scale, together: 10_000 })],
  [
    'mixed',
    (writer) =>
      connections(writer, { count: 20_000 * scale, together: 2000, trouble: 0.05, answer: 12, seed: 2 }),
  ],
  ['lasting', (writer) => connections(writer, { count: 2000, together: 2000, exchanges: 125 * scale })],
  ['bulk', (writer) => bulk(writer, { packets: 300_000 * scale })],
  ['lossy', (writer) => lossy(writer, { packets: 500_000 * scale })],
  ['flood', (writer) => flood(writer, { count: 500_000 * scale })],
]

const isThere = (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1]

/** CPU seconds, wall seconds and peak memory of one command, by GNU time. */
function run(command) {
  const { stderr } = spawnSync('/usr/bin/time', ['-f', '%U %S %e %M', ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TZ: 'UTC0' },
    maxBuffer: 1 << 28,
  })
  const [user, system, wall, peak] = stderr.toString().trim().split('\n').at(-1).split(' ').map(Number)
  return { cpu: user + system, wall, peak }
}

const folder = mkdtempSync(join(tmpdir(), 'bothends-bench-'))
try {
  for (const [name, make] of CAPTURES) {
    if (values.only !== '' && values.only !== name) continue
    const file = join(folder, `${name}.pcap`)
    const writer = new PcapWriter(file)
    make(writer)
    writer.close()
    measure(name, file, writer)
    rmSync(file)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function measure(name, file, { packets, bytes }) {
  const commands = COMMANDS.filter(({ of, peer }) => !peer || (values.peers && isThere(of('')[0])))
  const taken = new Map(commands.map((command) => [command, []]))
  for (let round = 0; round < Number(values.rounds); round++)
    for (const command of commands)
      if (round === 0 || !command.slow) taken.get(command).push(run(command.of(file)))
  console.log(`\n${name}: ${packets} packets, ${(bytes / 1e6).toFixed(0)} MB`)
  console.log('ns a packet  packets/s   MiB peak')
  for (const [command, times] of taken) {
    const cpu = (median(times.map((t) => t.cpu)) * 1e9) / packets
    const rate = packets / median(times.map((t) => t.wall))
    const peak = median(times.map((t) => t.peak)) / 1024
    const cells = [cpu.toFixed(0).padStart(11), rate.toFixed(0).padStart(10), peak.toFixed(0).padStart(10)]
    console.log(`${cells.join(' ')}  ${command.name}`)
  }
}
