/**
 * What the documentation shows is what the command prints: every block that begins with `$ npx bothends` is run.
 *
 * A block that ends with a line of `…` shows the beginning only. `npm run golden` writes the blocks anew.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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
