/**
 * The same targets under Jazzer.js (libFuzzer), where somebody has installed it: `npm install --no-save @jazzer.js/core`.
 *
 * In: seconds, a seed, names of targets. Out: the exit status; inputs that broke something lie in fuzz/found/. Jazzer.js 4
 * reads ES modules; its binary for Linux needs glibc 2.38 (Debian 13, Ubuntu 24.04). It is no dependency: it is large, and
 * does not load everywhere.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { corpusOf, TARGETS } from './targets.mjs'

const require = createRequire(import.meta.url)

/** Why it can't be used here, or null. */
export function whyNoJazzer() {
  try {
    require.resolve('@jazzer.js/core')
  } catch {
    return 'not installed'
  }
  const [major] = require('@jazzer.js/core/package.json').version.split('.')
  if (Number(major) < 4) return 'older than version 4, which can read ES modules'
  // The binary is tried in a process of its own: what fails to load may take it along.
  const script = `require(${JSON.stringify(require.resolve('@jazzer.js/core'))})`
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  return status === 0 ? null : (/Error: (.*)/.exec(stderr)?.[1] ?? 'does not load')
}

export function jazzer({ seconds, seed, only, found }) {
  const cli = require.resolve('@jazzer.js/core').replace(/core\.js$/, 'cli.js')
  const targets = TARGETS.filter(({ name }) => only === null || only.includes(name))
  const all = targets.reduce((sum, { turns }) => sum + turns, 0)
  mkdirSync(found, { recursive: true })
  let broken = 0
  for (const { name, kind, turns, words } of targets) {
    const share = Math.max(5, Math.round((seconds * (turns + 5)) / (all + 5 * targets.length)))
    const folder = mkdtempSync(join(tmpdir(), 'bothends-fuzz-'))
    const [corpus, dictionary] = [join(folder, 'corpus'), join(folder, 'words')]
    mkdirSync(corpus)
    for (const { name: input, bytes } of corpusOf(kind)) writeFileSync(join(corpus, input), bytes)
    writeFileSync(dictionary, words.map((word) => `"${word.replace(/["\\]/g, '\\$&')}"\n`).join(''))
    const target = fileURLToPath(new URL(`targets/${name}.mjs`, import.meta.url))
    const instrumented = ['-i', fileURLToPath(new URL('../dist/', import.meta.url)), '-e', 'node_modules']
    const fuzzer = [`-max_total_time=${share}`, `-seed=${seed}`, '-max_len=16384', '-print_final_stats=1']
    fuzzer.push(`-artifact_prefix=${fileURLToPath(found)}${name}-`)
    if (words.length > 0) fuzzer.push(`-dict=${dictionary}`)
    process.stdout.write(`${name}: ${share} s\n`)
    const ended = spawnSync(
      process.execPath,
      [cli, target, corpus, ...instrumented, '--disableBugDetectors=.*', '--timeout=90000', '--', ...fuzzer],
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    )
    const lines = `${ended.stdout}${ended.stderr}`.split('\n')
    if (ended.status !== 0) broken++
    process.stdout.write(
      `${(ended.status === 0 ? lines.filter((line) => /^Done /.test(line)) : lines.slice(-60)).join('\n')}\n`,
    )
    rmSync(folder, { recursive: true, force: true })
  }
  process.stdout.write(`${targets.length} targets, ${broken} broke a promise\n`)
  return broken > 0 ? 1 : 0
}
