/**
 * `npm run fuzz [seconds] [seed]`: 600 seconds unless told. `--runs N` counts instead of looking at the clock,
 * begins with the project's corpus only and is not guided: the same inputs each time. `--only a,b`: these targets. `--own`: not Jazzer.js.
 *
 * Runs Jazzer.js where it is installed and loads, else `loop.mjs`, in a process of its own: one that hangs is ended after
 * a minute and a half, one that needs more than a gigabyte ends itself, and the input lies in fuzz/found/ either way.
 * Exit status 1 when something broke.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { jazzer, whyNoJazzer } from './jazzer.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string' }, only: { type: 'string' }, own: { type: 'boolean' } },
})
const seconds = values.runs === undefined ? Number(positionals[0] ?? 600) : null
const runs = values.runs === undefined ? null : Number(values.runs)
const seed = Number(positionals[values.runs === undefined ? 1 : 0] ?? Date.now() % 2 ** 31)
const only = values.only?.split(',') ?? null
const found = new URL('found/', import.meta.url)

/** Megabytes of heap: what inputs of 16 KiB may need. */
const HEAP = 1024
/** Milliseconds. */
const HANGS = 90_000
const LOOK = 5000

const own = () => {
  const folder = mkdtempSync(join(tmpdir(), 'bothends-fuzz-'))
  const current = join(folder, 'current')
  const kept = runs === null ? new URL('kept/', import.meta.url) : null
  const wishes = { seconds, runs, seed, only, current, kept, found }
  const loop = fileURLToPath(new URL('loop.mjs', import.meta.url))
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP}`, loop, JSON.stringify(wishes)], {
    // What a process that is ended leaves in /tmp goes with the folder.
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const watch = setInterval(() => {
    const since = Date.now() - (statSync(current, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (since > HANGS) child.kill('SIGKILL')
  }, LOOK)
  child.on('exit', (code, signal) => {
    clearInterval(watch)
    if (code !== 0 && code !== 1 && existsSync(current)) {
      const input = readFileSync(current)
      const end = input.indexOf('\n')
      mkdirSync(found, { recursive: true })
      const file = new URL(`${input.toString('latin1', 0, end)}-${seed}-ended`, found)
      writeFileSync(file, input.subarray(end + 1))
      process.stdout.write(`${file.pathname}: hangs, or needs too much memory (${signal ?? code})\n`)
    }
    rmSync(folder, { recursive: true, force: true })
    process.exitCode = code === 0 ? 0 : 1
  })
}

const why = values.own === true || runs !== null ? 'not asked for' : await whyNoJazzer()
process.stdout.write(
  why === null ? 'fuzzing with Jazzer.js\n' : `fuzzing with fuzz/loop.mjs (Jazzer.js: ${why})\n`,
)
if (why === null) process.exitCode = await jazzer({ seconds, seed, only, found })
else own()
