/**
 * Bundles the report page: src/views/html/page/ becomes one script and one style that the HTML view inlines.
 *
 * As a command it writes them to dist/views/html/; the tests import `buildPage` and look at the result of the source as it is.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { transform } from 'lightningcss'
import { rolldown } from 'rolldown'

const root = new URL('../', import.meta.url)
const source = new URL('src/views/html/page/', root)

/** What every browser of the last three years runs. */
const TARGET = 'es2022'

export const buildPage = async () => {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('main.tsx', source)),
    platform: 'browser',
    tsconfig: fileURLToPath(new URL('tsconfig.json', source)),
    transform: { target: TARGET },
    resolve: { extensionAlias: { '.js': ['.ts', '.tsx', '.js'] } },
  })
  const { output } = await bundle.generate({ format: 'iife', minify: true, codeSplitting: false })
  await bundle.close()
  const [{ code, moduleIds }] = output
  const credits = await creditsOf(moduleIds)
  // Inside an HTML file a script ends at the first of these, wherever it stands.
  const script = `/*! ${credits.join('; ')} */\n${code.trim()}`
    .replaceAll('</script', '<\\/script')
    .replaceAll('<!--', '<\\!--')
  const file = new URL('style.css', source)
  const css = transform({ filename: 'style.css', code: await readFile(file), minify: true })
  return { script, style: new TextDecoder().decode(css.code) }
}

/** Whose work the bundle holds, and under which licence: a page that is passed on must go on saying so. */
const creditsOf = async (moduleIds) => {
  const folders = moduleIds.map((id) => /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1])
  const lines = [...new Set(folders)].filter(Boolean).map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'))
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
    const text = await readFile(`${folder}/${file}`, 'utf8')
    return `${name} ${version} (${license}) ${/^\s*(Copyright.*?)$/m.exec(text)?.[1] ?? ''}`.trim()
  })
  return (await Promise.all(lines)).sort()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = new URL('dist/views/html/', root)
  const { script, style } = await buildPage()
  await mkdir(target, { recursive: true })
  await Promise.all([
    writeFile(new URL('page.js', target), script),
    writeFile(new URL('page.css', target), style),
  ])
}
