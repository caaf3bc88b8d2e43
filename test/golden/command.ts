/** The command as a reader of the documentation runs it: 80 columns, no colour, in the project's folder. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** Words of a shell line; double quotes only. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

/** What it prints. Throws when it fails. */
export const bothends = (words: readonly string[], locale = 'C.UTF-8'): string => {
  if (!existsSync(CLI)) throw new Error('dist/cli.js is missing: npm run build')
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', LANG: locale, COLUMNS: '80', TZ: 'UTC' },
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`bothends ${words.join(' ')}: exit status ${status}: ${stderr}`)
  return stdout
}
