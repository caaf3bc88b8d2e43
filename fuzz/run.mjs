/**
 * `npm run fuzz [seconds] [seed]`: changes the corpus at random and holds what comes out to the promises; 600 s unless
 * told. Exit status 1 when something broke; the input lies in fuzz/found/ then.
 *
 * No coverage guides it: the one well-kept fuzzer for Node (Jazzer.js 4) brings a binary that needs glibc 2.38. The
 * targets `capture.mjs` and `segments.mjs` have the form that it wants, for whoever has that.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fuzz as capture } from './capture.mjs'
import { mutated, numbers } from './mutate.mjs'
import { fuzz as segments } from './segments.mjs'

const seconds = Number(process.argv[2] ?? 600)
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31)
/** Longer than this for a few kilobytes is a hang, milliseconds. */
const SLOW = 2000

const folder = new URL('corpus/', import.meta.url)
const read = (name) =>
  readdirSync(new URL(`${name}/`, folder)).map((file) => readFileSync(new URL(`${name}/${file}`, folder)))
const targets = [
  { name: 'capture', fuzz: capture, corpus: read('capture') },
  { name: 'segments', fuzz: segments, corpus: read('segments') },
]

const random = numbers(seed)
const until = Date.now() + 1000 * seconds
let runs = 0
let broken = 0
process.stdout.write(`seed ${seed}\n`)
for (; Date.now() < until; runs++) {
  const { name, fuzz, corpus } = targets[runs % 2]
  const input = mutated(corpus, random)
  const begun = Date.now()
  let error = null
  try {
    await fuzz(input)
  } catch (thrown) {
    error = thrown
  }
  if (error === null && Date.now() - begun > SLOW) error = new Error(`took ${Date.now() - begun} ms`)
  if (error === null) continue
  broken++
  const found = new URL('found/', import.meta.url)
  mkdirSync(found, { recursive: true })
  const file = new URL(`${name}-${seed}-${runs}`, found)
  writeFileSync(file, input)
  process.stdout.write(`${file.pathname}\n${error.stack ?? error}\n`)
}
process.stdout.write(`${runs} runs, ${broken} broke a promise\n`)
if (broken > 0) process.exitCode = 1
