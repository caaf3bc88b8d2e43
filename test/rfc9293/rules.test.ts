import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { edges, generatedPage } from '../../src/rfc9293/diagram.js'
import { RULES } from '../../src/rfc9293/machine.js'
import { LINUX, RFC9293 } from '../../src/rfc9293/stack.js'
import { FIGURE_5, IN_THE_TEXT_ONLY, NOTE_2, NOTE_3_RECEIVED, NOTE_3_SENT } from './figure5.js'
import { SECTIONS, STEPS } from './sections.js'

describe('the rows as data', () => {
  it('have names of their own', () => {
    const ids = RULES.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(RULES)('$id names a section and a step of RFC 9293', ({ id, section }) => {
    const [number = '', ...rest] = section.split(' ')
    expect(SECTIONS).toHaveProperty([number])
    const steps = STEPS[number]
    if (steps === undefined) expect(rest).toEqual([])
    else expect(steps).toContain(rest.join(' '))
    // The name begins with the section of the table it stands in.
    expect(SECTIONS).toHaveProperty([id.split('/')[0] ?? ''])
    const step = /^step (\d)$/.exec(rest.join(' '))?.[1]
    if (step !== undefined) expect(id.split('/')[1]).toMatch(new RegExp(`^${step}-`))
  })

  it('stand in the order of the eight steps', () => {
    const steps = RULES.flatMap(({ section }) => /^3\.10\.7\.4 step (\d)$/.exec(section)?.[1] ?? [])
    expect(steps).toEqual(steps.toSorted())
  })

  it('name no state twice', () => {
    for (const row of RULES) expect(new Set(row.in).size).toBe(row.in.length)
  })

  it('say where a departure from the RFC is written down', () => {
    // A row that only one of the two stacks has, and that is Linux's, must name its source.
    const has = (row: (typeof RULES)[number], stack: object) =>
      Object.entries(row.stack ?? {}).every(([name, value]) => Reflect.get(stack, name) === value)
    const linuxOnly = RULES.filter((row) => has(row, LINUX) && !has(row, RFC9293))
    expect(linuxOnly.length).toBeGreaterThan(5)
    for (const row of linuxOnly) expect(row, row.id).toHaveProperty('source')
  })
})

describe('the edges', () => {
  const drawn = edges().map(({ from, to }) => `${from} -> ${to}`)
  const known = [...FIGURE_5, ...NOTE_2, ...NOTE_3_SENT, ...NOTE_3_RECEIVED, ...IN_THE_TEXT_ONLY]

  it('are those of figure 5 and its notes, no more and no less', () => {
    const expected = new Set(known.map(([from, to]) => `${from} -> ${to}`))
    expect(new Set(drawn)).toEqual(expected)
  })

  it('of figure 5 are walked by the kind of rule that their label names', () => {
    for (const [from, to, label] of FIGURE_5) {
      const rules = edges().find((edge) => edge.from === from && edge.to === to)?.rules ?? []
      const section = label.startsWith('rcv')
        ? '3.10.7'
        : label.startsWith('Timeout')
          ? '3.10.8'
          : { OPEN: '3.10.1', SEND: '3.10.2', CLOSE: '3.10.4' }[label.match(/OPEN|SEND|CLOSE/)?.[0] ?? '']
      expect(
        rules.some((rule) => rule.startsWith(section ?? 'none')),
        `${from} -> ${to}: ${label}`,
      ).toBe(true)
    }
  })
})

describe('docs/state-machine.md', () => {
  const file = new URL('../../docs/state-machine.md', import.meta.url)
  const generated = /(<!-- drawn from the rows -->\n)[\s\S]*(<!-- end -->)/

  it('holds what is drawn from these rows', () => {
    const page = readFileSync(file, 'utf8')
    const fresh = page.replace(generated, (_, start: string, end: string) => start + generatedPage() + end)
    if (process.env.UPDATE_DOCS === '1') writeFileSync(file, fresh)
    else
      expect(
        page,
        'stale; draw it again: UPDATE_DOCS=1 node node_modules/vitest/vitest.mjs run test/rfc9293/rules.test.ts',
      ).toBe(fresh)
    expect(page).toMatch(generated)
  })
})
