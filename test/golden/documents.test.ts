/**
 * What the documentation shows is what the command prints: every block that begins with `$ npx bothends` is run.
 *
 * Links lead to files, and what is said in two languages is the same.
 *
 * A block that ends with a line of `…` shows the beginning only. `npm run golden` writes the blocks anew.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { globSync } from 'tinyglobby'
import { expect, test } from 'vitest'
import { SAMPLES } from '../samples/truth.js'
import { bothends, wordsOf } from './command.js'

const BLOCK = /```console\n\$ npx bothends ([^\n]*)\n([\s\S]*?)```/g

const filled = (document: string): string =>
  document.replaceAll(BLOCK, (_block, command: string, shown: string) => {
    const lines = bothends(wordsOf(command)).trimEnd().split('\n')
    const before = shown.trimEnd().split('\n')
    const cut = before.at(-1) === '…' ? [...lines.slice(0, before.length - 1), '…'] : lines
    return `\`\`\`console\n$ npx bothends ${command}\n${cut.join('\n')}\n\`\`\``
  })

test.each(['README.md', 'README.zh-CN.md'])('%s shows what the command prints', async (name) => {
  const url = new URL(`../../${name}`, import.meta.url)
  const document = readFileSync(url, 'utf8')
  expect([...document.matchAll(BLOCK)].length).toBeGreaterThan(0)
  await expect(filled(document)).toMatchFileSnapshot(url.pathname)
})

const root = new URL('../../', import.meta.url).pathname
const documents = globSync('{*.md,docs/**/*.md,samples/**/*.md,src/**/*.md,fuzz/*.md}', { cwd: root })

test('links in the documents lead to files that are there', () => {
  expect(documents.length).toBeGreaterThan(60)
  const broken = documents.flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/\]\((?!https?:)([^)#\s]+)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(root, dirname(document), target)))
      .map((target) => `${document}: ${target}`),
  )
  expect(broken).toEqual([])
})

test('both READMEs count the samples', () => {
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`holds ${SAMPLES.length} real traces`)
  expect(readFileSync(join(root, 'README.zh-CN.md'), 'utf8')).toContain(`里有 ${SAMPLES.length} 份真实抓包`)
})

test('both READMEs have the same commands', () => {
  const commands = (name: string): string[] =>
    [...readFileSync(join(root, name), 'utf8').matchAll(/^\| `(bothends [^`]*)` \|/gm)].map(
      ([, line]) => line ?? '',
    )
  expect(commands('README.zh-CN.md')).toEqual(commands('README.md'))
})
