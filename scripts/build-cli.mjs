/**
 * Bundles the command. A short run is mostly Node's own start; what we add to it is files to open, code to compile and
 * modules of Node's to load. So:
 *
 * - dist/command/bothends-HASH.cjs holds all that a look at a small capture in English needs, the chunks beside it
 *   what some runs need: one file opened instead of a hundred.
 * - It is CommonJS, because only for that V8 takes and gives its code cache: beside the bundle lies what V8 had
 *   compiled when it had run a sample. Its name says for which Node; any other compiles, as if there were none.
 * - Node's modules load when they are first used (start-cli.js), which `import` can't do.
 * - start-cli.js puts these together, as dist/cli.cjs, the package's command: for CommonJS Node need not load what loads
 *   modules, which takes it a tenth of its start. dist/cli.js is the same for who names the file as it was compiled.
 *
 * In: dist/ as the compiler left it. Out: dist/cli.cjs, dist/cli.js. The library's files stay as they are.
 */
import { execFileSync } from 'node:child_process'
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = new URL('../', import.meta.url)
const dist = new URL('dist/', root)
const command = new URL('command/', dist)
const entry = fileURLToPath(new URL('cli.js', dist))

/** A module that looks for files beside it goes on looking there, from its chunk. */
const keepPlace = (code, id) => {
  if (!code.includes('import.meta.url')) return null
  const place = `new URL('../${relative(fileURLToPath(dist), id)}', import.meta.url)`
  return { code: code.replaceAll('import.meta.url', place), map: null }
}

/** What a look at a small capture in English loads, one way or another: these, and what they import at once. */
const USUAL = [
  'cli.js',
  'cli/run.js',
  'cli/analysis.js',
  'survey.js',
  'text/en/index.js',
  'views/terminal/index.js',
  'views/terminal/look.js',
]

/** Puts all of that into the bundle: opening a file costs more than reading it. */
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

/** Writes the bundle and its chunks; returns the bundle's name. */
const writeBundle = async () => {
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    // What `usual` makes needless is no news.
    checks: { ineffectiveDynamicImport: false },
    // Packages stay packages: they are resolved where they are installed, with their licences.
    plugins: [{ name: 'places', transform: keepPlace }, collectUsual],
    external: (id) => !/^(\.|\/|[A-Z]:)/.test(id) && !WITHIN.includes(id),
  })
  const { output } = await bundle.write({
    dir: fileURLToPath(command),
    format: 'cjs',
    entryFileNames: 'bothends-[hash].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    minify: true,
    codeSplitting: { groups: [{ name: 'usual', test: (id) => usual.has(id) }] },
  })
  await bundle.close()
  const main = output.find(({ isEntry }) => isEntry)
  await writeFile(new URL(main.fileName, command), functionOf(main.code, output))
  return main.fileName
}

/** The bundle's code as start-cli.js calls it. */
const functionOf = (code, output) => {
  // The bundler's few lines of its own, which it keeps in a chunk of their own.
  const withRuntime = code.replace(/require\("\.\/(rolldown-runtime-[^"]+)"\)/, (_, name) => {
    const runtime = output.find(({ fileName }) => fileName === name)
    return `(function(exports){${runtime.code};return exports})({})`
  })
  // Characters of one byte take V8 half the room, and Node no decoding.
  const ascii = withRuntime.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `(function(exports,require){${ascii.replace(/^#!.*/, '')}\n})`
}

/** A capture as most are. */
const SAMPLE = fileURLToPath(new URL('samples/normal-client-close.pcap', root))

/** Runs the command once, as it will be run, and keeps what V8 compiled on the way. */
const writeCache = async (start) => {
  const warming = new URL('warming.cjs', dist)
  const keep = `process.on('exit', () => {
    process.getBuiltinModule('node:fs').writeFileSync(cache, script.createCachedData())
  })`
  await writeFile(warming, `${start}\n${keep}\n`)
  try {
    execFileSync(process.execPath, [fileURLToPath(warming), '--lang', 'en', SAMPLE])
  } finally {
    await rm(warming)
  }
}

const writeLicences = async () => {
  const licences = WITHIN.map(async (name) => {
    const folder = new URL(`node_modules/${name}/`, root)
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
    return `${name}\n\n${await readFile(new URL(file, folder), 'utf8')}`
  })
  await writeFile(new URL('LICENSES.txt', command), (await Promise.all(licences)).join('\n\n'))
}

// Bundled already when it isn't as the compiler writes it: then its chunks must stay.
if (!(await readFile(entry, 'utf8')).includes('/command/')) {
  await rm(command, { recursive: true, force: true })
  const name = await writeBundle()
  const start = (await readFile(new URL('start-cli.js', import.meta.url), 'utf8')).replace('BUNDLE', name)
  const commonJs = start.replace('HERE', '__dirname')
  await writeCache(commonJs)
  await writeLicences()
  await writeFile(new URL('cli.cjs', dist), commonJs)
  await writeFile(entry, start.replace('HERE', 'import.meta.dirname'))
  // npm sets this when it links a command, once: `npx` of a clone that was made anew in the same folder finds the old link.
  for (const file of [new URL('cli.cjs', dist), entry]) await chmod(file, 0o755)
}
