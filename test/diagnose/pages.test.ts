import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { CAUSES, FINDING_IDS } from '../../src/findings.js'
import { STATES } from '../../src/report.js'
import { en } from '../../src/text/en/index.js'
import { speller } from '../../src/text/states.js'
import { zh } from '../../src/text/zh/index.js'
import { drawPage, findingPage, statePage } from '../../src/views/findings/page.js'
import { lookFor } from '../../src/views/terminal/look.js'
import { widthOf } from '../../src/views/terminal/width.js'
import { ROOT, sample } from './samples.js'

const HEADINGS = {
  en: [
    'What we saw',
    'What it means',
    'Common causes',
    'How to confirm on the hosts',
    'What to do',
    'Samples',
  ],
  zh: ['看到了什么', '意味着什么', '常见原因', '怎样在主机上确认', '怎样处理', '样例'],
}
const headings = (page: string): string[] => [...page.matchAll(/^## (.*)$/gm)].map(([, text]) => text ?? '')
const links = (page: string): string[] => [...page.matchAll(/\]\(([^)]*)\)/g)].map(([, to]) => to ?? '')
const commands = (page: string): string[] =>
  (/```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))

describe.each([
  ['en', en],
  ['zh', zh],
] as const)('pages, %s', (code, language) => {
  it.each(FINDING_IDS)('%s: all parts, the causes of its rule, commands, samples', async (id) => {
    const page = await findingPage(id, code)
    expect(page.startsWith(`# ${id}: `)).toBe(true)
    const causes: readonly (keyof typeof language.causes)[] = CAUSES[id]
    expect(headings(page)).toEqual(HEADINGS[code].filter((_, n) => n !== 2 || causes.length > 0))
    for (const cause of causes)
      expect(page).toContain(`- \`${cause}\`${code === 'en' ? ': ' : '：'}${language.causes[cause]}`)
    expect(commands(page).length).toBeGreaterThan(0)
    expect(commands(page)).toEqual(commands(await findingPage(id, code === 'en' ? 'zh' : 'en')))
    expect(links(page).map((to) => `${ROOT}docs/findings/${to}`.replace('docs/findings/../../', ''))).toEqual(
      [sample(id, 'shows'), sample(id, 'alike')],
    )
    expect(/\p{Script=Han}/u.test(page)).toBe(code === 'zh')
  })

  it('has a section for each of the eleven states, with the names of netstat and ss', async () => {
    const page = readFileSync(`${ROOT}docs/states${code === 'zh' ? '.zh-CN' : ''}.md`, 'utf8')
    expect(headings(page)).toEqual(STATES)
    for (const state of STATES) {
      const section = await statePage(state, code)
      expect(section).toContain(`\`${speller('ss')(state)}\``)
      if (state !== 'CLOSED') expect(section).toContain(`\`${speller('netstat')(state)}\``)
    }
    for (const to of links(page)) expect(existsSync(`${ROOT}docs/${to}`), to).toBe(true)
  })

  it('is drawn within the terminal', async () => {
    const look = lookFor({ colour: 'never', ascii: false }, { COLUMNS: '60', LANG: 'C.UTF-8' }, {})
    const page = await findingPage('close-wait', code)
    const prose = drawPage(page, look).filter((line) => !line.startsWith('  '))
    for (const line of prose) expect(widthOf(line)).toBeLessThanOrEqual(60)
    expect(drawPage(page, look).join('\n')).not.toMatch(/```|\]\(/)
    expect(drawPage(page, look).join('\n')).toContain('samples/findings/close-wait/shows.pcap')
  })
})

it('no page is left over', () => {
  const pages = readdirSync(`${ROOT}docs/findings`).map((name) => name.replace(/(\.zh-CN)?\.md$/, ''))
  expect(new Set(pages)).toEqual(new Set(FINDING_IDS))
  expect(pages).toHaveLength(2 * FINDING_IDS.length)
  expect(new Set(readdirSync(`${ROOT}samples/findings`))).toEqual(new Set(FINDING_IDS))
})

it.each(STATES)('the sample of %s shows it', async (state) => {
  const [file = ''] = links(await statePage(state, 'en'))
  const { flows } = await analyze([`${ROOT}docs/${file}`])
  const seen = flows.flatMap(({ spans, rows }) => [
    ...[...spans.client, ...spans.server].map((span) => span.state),
    ...rows.flatMap(({ client, server }) => [client.was, client.state, server.was, server.state]),
  ])
  expect(seen).toContain(state)
})
