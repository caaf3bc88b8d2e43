import { describe, expect, it } from 'vitest'
import type { Flow } from '../../../src/report.js'
import { en } from '../../../src/text/en/index.js'
import { speller } from '../../../src/text/states.js'
import type { Language } from '../../../src/text/table.js'
import { zh } from '../../../src/text/zh/index.js'
import { flowPage } from '../../../src/views/terminal/index.js'
import { lookFor } from '../../../src/views/terminal/look.js'
import type { View } from '../../../src/views/terminal/view.js'
import { widthOf } from '../../../src/views/terminal/width.js'
import { report, viewIn } from '../made.js'
import { crossing, long, normal, overflow, unreachable } from '../stories.js'

const viewOf = (width: number, language: Language = en, ascii = false, more: Partial<View> = {}): View =>
  viewIn(lookFor({ colour: 'never', ascii }, { COLUMNS: String(width), LANG: 'C.UTF-8' }, {}), {
    language,
    ...more,
  })
const page = (flow: Flow, view: View): string[] =>
  flowPage(report([flow], { endAt: Math.max(flow.endAt, ...flow.icmp.map(({ at }) => at)) }), flow, view)

const STORIES = { normal, overflow, crossing, unreachable, long } as const

// Every golden was read against the story by eye before it was kept.
describe.each(Object.entries(STORIES))('%s', (name, flow) => {
  it.each([
    ['80-en', viewOf(80)],
    ['120-en', viewOf(120)],
    ['80-en-ascii', viewOf(80, en, true)],
    ['80-zh', viewOf(80, zh)],
    ['120-zh', viewOf(120, zh)],
    ['100-en-why', viewOf(100, en, false, { why: true })],
  ])('is drawn as in golden %s', async (look, view) => {
    await expect(`${page(flow, view).join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.${look}.txt`)
  })

  it('never is wider than the terminal', () => {
    for (const width of [60, 66, 72, 80, 100, 132, 200])
      for (const language of [en, zh])
        for (const more of [{}, { absolute: true }, { why: true }, { all: true }, { spell: speller('rfc') }])
          for (const line of page(flow, viewOf(width, language, false, more)))
            expect(widthOf(line), line).toBeLessThanOrEqual(Math.max(width, 76))
  })

  it('is plain ASCII when it must be', () => {
    expect(page(flow, viewOf(80, en, true)).join('\n')).toMatch(/^[\x20-\x7e\n]*$/)
  })
})

it('of several captures: says in which one the numbers count, and folds none together', () => {
  const parts = { ...long, rows: long.rows.map((row, n) => ({ ...row, capture: n < 50 ? 0 : 1 })) }
  const language = { ...en, captureNames: ['ring_1.pcap', 'ring_2.pcap'] }
  const lines = page(parts, viewOf(80, language))
  const at = (text: string): number => lines.indexOf(text)
  expect(lines.filter((line) => line.startsWith('ring_'))).toEqual(['ring_1.pcap', 'ring_2.pcap'])
  expect(lines[at('ring_1.pcap') + 1]).toMatch(/^ +1 /)
  expect(lines[at('ring_2.pcap') - 1]).toMatch(/^ +50 /)
  expect(lines[at('ring_2.pcap') + 1]).toMatch(/^ +51 /)
  expect(page(long, viewOf(80)).join()).not.toContain('ring_')
})

it('draws what the server threw away as such, and the state that only #4 proves', () => {
  const line = page(overflow, viewOf(120)).find((each) => each.startsWith('  3'))
  expect(line).toMatch(/ESTABLISHED +--> <SEQ=1><ACK=1><CTL=ACK> +--x SYN_RECV~ .*see #4/)
})

it('gives a timer its own line, at its time, between the packets', () => {
  const lines = page(overflow, viewOf(120))
  const timer = lines.findIndex((each) =>
    /63\.000000 +ESTABLISHED +\(no packet: a timer\) +CLOSED\*/.test(each),
  )
  expect(lines[timer - 1]).toMatch(/^ +4 /)
  expect(lines.findIndex((each) => /^ +5 /.test(each))).toBeGreaterThan(timer)
})

it('draws a segment under way as the figures of the RFC do', () => {
  expect(page(crossing, viewOf(80, en, true)).find((each) => each.startsWith('  1'))).toMatch(
    /FIN_WAIT1\* +--> <SEQ=1><ACK=1><CTL=FIN,ACK> \.\.\. ESTABLISHED\?/,
  )
})

it('folds what is quiet, unless all is asked for', () => {
  expect(page(long, viewOf(80)).some((each) => each.includes('298 packets, #5 to #302'))).toBe(true)
  expect(
    page(long, viewOf(80, en, false, { all: true })).filter((each) => /^ *\d+ \d+\./.test(each)),
  ).toHaveLength(303)
})

it('writes absolute numbers when asked', () => {
  const line = page(normal, viewOf(120, en, false, { absolute: true })).find((each) => each.startsWith('  2'))
  expect(line).toContain('<SEQ=4000000000><ACK=1001><CTL=SYN,ACK>')
})

it('colours only what words or marks say too', () => {
  const look = lookFor({ colour: 'always', ascii: false }, { COLUMNS: '80', LANG: 'C.UTF-8' }, {})
  const coloured = page(overflow, { ...viewOf(80), look }).join('\n')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
  expect(coloured.replace(/\u001b\[[0-9;]*m/g, '')).toBe(page(overflow, viewOf(80)).join('\n'))
  expect(coloured).toContain('\u001b[')
})
