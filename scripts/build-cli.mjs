/**
 * Bundles the command: dist/cli.js and what it imports become one file for what every run needs and chunks in
 * dist/lazy/ for what some need. Node then opens a few files instead of a hundred, which is most of a short run.
 *
 * In: dist/ as the compiler left it. Out: dist/cli.js, the same command. The library's files stay as they are.
 */
import { readFile, rm } from 'node:fs/promises'
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

const code = await readFile(entry, 'utf8')
// Bundled already: the compiler did not write it anew, and its chunks must stay.
if (!code.includes('/lazy/')) {
  await rm(new URL('lazy/', dist), { recursive: true, force: true })
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    // Packages stay packages: they are resolved where they are installed, with their licences.
    plugins: [{ name: 'places', transform: keepPlace }],
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Z]:/.test(id),
  })
  await bundle.write({
    dir: fileURLToPath(dist),
    format: 'esm',
    entryFileNames: 'cli.js',
    chunkFileNames: 'lazy/[name]-[hash].js',
    minify: { mangle: false },
  })
  await bundle.close()
}
