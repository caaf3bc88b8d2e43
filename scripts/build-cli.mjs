/**
 * Bundles the command: dist/cli.js and what it imports become one file for what every run needs and chunks in
 * dist/lazy/ for what some need. Node then opens a few files instead of a hundred, which is most of a short run.
 *
 * In: dist/ as the compiler left it. Out: dist/cli.js, the same command. The library's files stay as they are.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const dist = new URL('../dist/', import.meta.url)
const entry = fileURLToPath(new URL('cli.js', dist))

/** A module that looks for files beside it goes on looking there, from its chunk. */
const keepPlace = (code, id) => {
  if (!code.includes('import.meta.url')) return null
  const place = `new URL('../${relative(fileURLToPath(dist), id)}', import.meta.url)`
  return { code: code.replaceAll('import.meta.url', place), map: null }
}

/** What a look at a small capture in English loads, one way or another: these, and what they import at once. */
const USUAL = [
  'cli/run.js',
  'cli/analysis.js',
  'survey.js',
  'text/en/index.js',
  'views/terminal/index.js',
  'views/terminal/look.js',
]

/** Puts all of that into one chunk: opening a file costs more than reading it. */
const usual = new Set()
const collectUsual = {
  name: 'usual',
  buildEnd() {
    const waiting = USUAL.map((name) => fileURLToPath(new URL(name, dist)))
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (usual.has(id)) continue
      usual.add(id)
      waiting.push(...(this.getModuleInfo(id)?.importedIds ?? []))
    }
  },
}

/** Small packages that every run needs: within the bundle, their licences beside it. Others stay where they are installed. */
const WITHIN = ['commander', 'get-east-asian-width']

const code = await readFile(entry, 'utf8')
// Bundled already: the compiler did not write it anew, and its chunks must stay.
if (!code.includes('/lazy/')) {
  await rm(new URL('lazy/', dist), { recursive: true, force: true })
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    // What `usual` makes needless is no news.
    checks: { ineffectiveDynamicImport: false },
    // Packages stay packages: they are resolved where they are installed, with their licences.
    plugins: [{ name: 'places', transform: keepPlace }, collectUsual],
    external: (id) => !/^(\.|\/|[A-Z]:)/.test(id) && !WITHIN.includes(id),
  })
  await bundle.write({
    dir: fileURLToPath(dist),
    format: 'esm',
    entryFileNames: 'cli.js',
    chunkFileNames: 'lazy/[name]-[hash].js',
    minify: true,
    codeSplitting: { groups: [{ name: 'usual', test: (id) => usual.has(id) }] },
  })
  await bundle.close()
  const licences = WITHIN.map(async (name) => {
    const folder = new URL(`../node_modules/${name}/`, import.meta.url)
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
    return `${name}\n\n${await readFile(new URL(file, folder), 'utf8')}`
  })
  await writeFile(new URL('lazy/LICENSES.txt', dist), (await Promise.all(licences)).join('\n\n'))
}
