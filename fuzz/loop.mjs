/**
 * The fuzzer that needs nothing but Node: changes inputs at random, keeps those that reach what no input reached before,
 * and holds what comes out to the promises.
 *
 * In: what `run.mjs` sends: seconds, or a number of runs, which then goes unguided; a seed; where inputs are kept. Out: lines on stdout, broken
 * promises with their inputs in fuzz/found/; exit status 1 when there are any. The input that runs lies in `current`, for
 * the one who watches, should it never end.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { Coverage } from './coverage.mjs'
import { mutated } from './mutate.mjs'
import { numbers } from './numbers.mjs'
import { smaller } from './smaller.mjs'
import { corpusOf, KINDS, TARGETS, targetOf } from './targets.mjs'

const { seconds, runs: most, seed, only, current, ...folders } = JSON.parse(process.argv[2])
const found = new URL(folders.found)
const kept = folders.kept === null ? null : new URL(folders.kept)
/** Longer than this for a few kilobytes is a hang, milliseconds. Another process takes its time. */
const SLOW = 3000
const UNMEASURED = new Set(['command', 'requests', 'served', 'drawn'])
/** Inputs between two looks at what has run. */
const BATCH = 32

const say = (line) => process.stdout.write(`${line}\n`)
/** A counted run is a short one: to look costs more than it finds. */
const coverage = most === null ? new Coverage(new URL('../dist/', import.meta.url)) : null
const targets = TARGETS.filter(({ name }) => only === null || only.includes(name))
const fuzzOf = new Map()
for (const target of targets) fuzzOf.set(target.name, await targetOf(target))
const pools = Object.fromEntries(KINDS.map((kind) => [kind, corpusOf(kind).map(({ bytes }) => bytes)]))
const belongs = Object.fromEntries(KINDS.map((kind) => [kind, pools[kind].length]))
if (kept !== null)
  for (const kind of KINDS) {
    mkdirSync(new URL(`${kind}/`, kept), { recursive: true })
    for (const name of readdirSync(new URL(`${kind}/`, kept)).sort())
      pools[kind].push(readFileSync(new URL(`${kind}/${name}`, kept)))
  }

/** Null, or what broke. */
async function tried({ name }, input) {
  writeFileSync(current, Buffer.concat([Buffer.from(`${name}\n`), input]))
  for (let again = 0; ; again++) {
    const begun = performance.now()
    try {
      await fuzzOf.get(name)(input)
    } catch (error) {
      return error
    }
    const took = performance.now() - begun
    if (UNMEASURED.has(name) || took <= SLOW) return null
    // Somebody else may have had the machine.
    if (again > 0) return new Error(`slow: took ${Math.round(took)} ms`)
  }
}

/** The same promise broken in the same place. */
const keyOf = (error) => {
  const [, place = ''] = /\n\s+at (.*)/.exec(error.stack ?? '') ?? []
  return `${error.name} ${String(error.message).split(/: |\d/)[0]} ${place}`
}

const keys = new Map()
let broken = 0
async function broke(target, input, error, run) {
  broken++
  const key = `${target.name} ${keyOf(error)}`
  keys.set(key, (keys.get(key) ?? 0) + 1)
  if (keys.get(key) > 1) return
  const least = await smaller(input, async (less) => {
    const other = await tried(target, less)
    return other !== null && `${target.name} ${keyOf(other)}` === key
  })
  mkdirSync(found, { recursive: true })
  const file = new URL(`${target.name}-${seed}-${run}`, found)
  writeFileSync(file, least)
  say(`${file.pathname}\n${error.stack ?? error}`)
}

/** Of a batch that reached something new, the inputs that did. */
async function keep(batch, scripts, reached) {
  for (const { target, input } of batch) {
    if (reached <= 0) return
    await tried(target, input)
    const news = coverage.news(coverage.take(scripts))
    if (news === 0) continue
    reached -= news
    pools[target.kind].push(input)
    if (kept === null) continue
    writeFileSync(new URL(`${target.kind}/${crc32(input).toString(16).padStart(8, '0')}`, kept), input)
  }
}

for (const target of targets) {
  const step = Math.max(1, Math.ceil(pools[target.kind].length / target.first))
  const all = pools[target.kind].filter((_, n) => n % step === 0)
  for (const input of all.slice(0, most === null ? undefined : 3)) {
    const error = await tried(target, input)
    if (error !== null) await broke(target, input, error, 0)
  }
}
coverage?.news(coverage.take())
const begun = coverage?.total
say(`seed ${seed}, ${Object.values(pools).reduce((sum, { length }) => sum + length, 0)} inputs to begin with`)

const turns = targets.flatMap((target) => Array(target.turns).fill(target))
const random = numbers(seed)
const until = performance.now() + 1000 * (seconds ?? 1e9)
const counts = new Map()
let run = 0
let batch = []
while (run < (most ?? 1e15) && performance.now() < until) {
  run++
  const target = turns[Math.floor(random() * turns.length)]
  const input = mutated(pools[target.kind], random, target)
  counts.set(target.name, (counts.get(target.name) ?? 0) + 1)
  const error = await tried(target, input)
  if (error !== null) await broke(target, input, error, run)
  else if (coverage !== null && !UNMEASURED.has(target.name)) batch.push({ target, input })
  if (batch.length < BATCH) continue
  const taken = coverage.take()
  const reached = taken.filter((script) => coverage.news([script], false) > 0)
  const scripts = new Set(reached.map(([script]) => script))
  await keep(batch, scripts, coverage.news(reached, false))
  coverage.news(taken)
  batch = []
}
for (const [key, count] of keys) say(`${count} times ${key}`)
for (const [name, count] of [...counts].sort()) say(`${name}: ${count}`)
const more = KINDS.map((kind) => `${kind} ${pools[kind].length - belongs[kind]}`).join(', ')
if (coverage !== null)
  say(`kept beside the corpus: ${more}; characters of dist/ that ran: ${begun}, then ${coverage.total}`)
say(`${run} runs, ${broken} broke a promise`)
process.exit(broken > 0 ? 1 : 0)
