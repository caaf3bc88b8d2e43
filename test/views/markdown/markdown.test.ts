/** What a Markdown renderer with GitHub's extensions makes of our Markdown. */
import fc from 'fast-check'
import { JSDOM } from 'jsdom'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { describe, expect, it } from 'vitest'
import { loadWritten } from '../../../src/text/written.js'
import { zh } from '../../../src/text/zh/index.js'
import { code, escapeMarkdown } from '../../../src/views/markdown/escape.js'
import { flowMarkdown, flowsMarkdown } from '../../../src/views/markdown/index.js'
import { drawing, HOSTILE, overTwo } from '../diagrams/drawing.js'
import { flow, report } from '../made.js'
import { long, normal, overflow, unreachable } from '../stories.js'

const render = (lines: readonly string[]): Document => {
  const html = micromark(lines.join('\n'), { extensions: [gfm()], htmlExtensions: [gfmHtml()] })
  return new JSDOM(html).window.document
}
const textsOf = (document: Document, selector: string): string[] =>
  [...document.querySelectorAll(selector)].map(({ textContent }) => textContent ?? '')
/** Cells of each row of the table. */
const table = (document: Document): string[][] =>
  [...document.querySelectorAll('tbody tr')].map((row) =>
    [...row.querySelectorAll('td')].map(({ textContent }) => textContent ?? ''),
  )

it('in Chinese has full-width colons behind its labels, as the terminal has', async () => {
  const chinese = { ...drawing, language: zh, words: await loadWritten('zh') }
  const made = report([overflow])
  const lines = [...flowMarkdown(made, overflow, chinese), ...flowsMarkdown(made, chinese)]
  const labelled = lines.filter((line) => /^(- |### |\p{Script=Han})/u.test(line))
  expect(labelled.length).toBeGreaterThan(5)
  for (const line of labelled) {
    expect(line).toContain('：')
    expect(line).not.toMatch(/[\p{Script=Han}*]: /u)
  }
})

it('spells states in findings as in the table', () => {
  const spelled = { ...drawing, spell: (state: string) => state.replace('SYN_RECEIVED', 'SYN_RECV') }
  const told = flowMarkdown(
    {
      ...report([overflow]),
      findings: [
        {
          id: 'handshake-not-completed',
          severity: 'problem',
          flow: 0,
          flows: [0],
          side: 'server',
          certainty: 'implied',
          packets: [3],
          args: {
            flows: 1,
            client: '192.0.2.10',
            server: '198.51.100.20',
            clients: 1,
            servers: 1,
            port: 80,
            seconds: 7,
            synAcks: 2,
            completed: false,
          },
          causes: [],
        },
      ],
    },
    overflow,
    spelled,
  ).join('\n')
  expect(told).toMatch(/is in SYN\\?_RECV for/)
  expect(told).not.toContain('SYN_RECEIVED')
})

describe('a flow', () => {
  const page = render(flowMarkdown(report([normal]), normal, drawing))

  it('has a heading, facts and a table of packets with both states', () => {
    expect(textsOf(page, 'h3')).toEqual(['flow 0: 192.0.2.10:40001 → 198.51.100.20:80'])
    expect(textsOf(page, 'li')[0]).toMatch(/^States: client TIME_WAIT.*server CLOSED/)
    expect(textsOf(page, 'th')).toEqual(['#', 'time', 'client', 'segment', 'server', 'what happened'])
    expect(table(page).slice(0, 3)).toEqual([
      ['', '', 'CLOSED', '', 'LISTEN', ''],
      ['1', '0.000000', 'SYN_SENT', 'SYN seq=0 →', 'SYN_RECEIVED', ''],
      ['2', '0.020000', 'ESTABLISHED', '← SYN,ACK seq=0 ack=1', 'SYN_RECEIVED', ''],
    ])
  })

  it('shows where a state changed', () => {
    expect([...page.querySelectorAll('td strong')].slice(0, 3).map(({ textContent }) => textContent)).toEqual(
      ['SYN_SENT', 'SYN_RECEIVED', 'ESTABLISHED'],
    )
  })

  it('marks what never arrived, has ICMP errors, and folds what is quiet', () => {
    expect(flowMarkdown(report([overflow]), overflow, drawing).join('\n')).toContain('✗')
    const icmp = table(render(flowMarkdown(report([unreachable]), unreachable, drawing)))
    expect(icmp.some((cells) => cells[3] === 'ICMP host-unreachable')).toBe(true)
    const folded = table(render(flowMarkdown(report([long]), long, drawing)))
    expect(folded.some(([number]) => number === '…')).toBe(true)
    expect(folded.length).toBeLessThan(long.rows.length)
  })

  it('of several captures: says where another begins, whose packets count from 1', () => {
    const names = ['ring|1.pcap', '`ring`2.pcap']
    const several = { ...drawing, language: { ...drawing.language, captureNames: names } }
    const parts = overTwo(normal, 4)
    const cells = table(render(flowMarkdown(report([parts]), parts, several)))
    const rows = cells.map(([number, , , segment]) => (number === '' ? segment : number))
    expect(rows).toEqual(['', 'ring|1.pcap', '1', '2', '3', '4', '`ring`2.pcap', '1', '2', '3', '4', '5'])
    // One capture needs no name.
    expect(table(render(flowMarkdown(report([normal]), normal, drawing)))).toHaveLength(
      normal.rows.length + 1,
    )
  })

  it('makes no issue of #12', () => {
    for (const each of [normal, overflow, unreachable])
      for (const line of flowMarkdown(report([each]), each, drawing))
        expect(line.replaceAll(/`[^`]*`/g, '')).not.toMatch(/#\d/)
  })
})

describe('all flows', () => {
  it('are a table, the worst first', () => {
    const flows = [normal, { ...overflow, flow: 1 }]
    const page = render(flowsMarkdown(report(flows), drawing))
    expect(table(page)).toHaveLength(2)
    expect(table(page)[1]?.slice(0, 3)).toEqual(['0', '192.0.2.10:40001', '198.51.100.20:80'])
  })

  it('are cut off in the open', () => {
    const flows = Array.from({ length: 250 }, (_, n) => flow({ ...normal, flow: n }))
    const page = render(flowsMarkdown(report(flows), drawing))
    expect(table(page)).toHaveLength(200)
    expect(textsOf(page, 'em')).toEqual(['50 more lines are not drawn; --all draws them'])
    expect(table(render(flowsMarkdown(report(flows), { ...drawing, all: true })))).toHaveLength(250)
  })

  it('may be none', () =>
    expect(flowsMarkdown(report([]), drawing)).toEqual(['No TCP connection in this capture.']))
})

describe('text of a capture', () => {
  const shown = (markdown: string): string => {
    const { body } = render([`| a |\n| - |\n| ${markdown} |`]).querySelector('td')?.ownerDocument ?? {
      body: undefined,
    }
    const cell = body?.querySelector('td')
    expect([...(cell?.querySelectorAll('*') ?? [])].filter(({ tagName }) => tagName !== 'CODE')).toEqual([])
    return cell?.textContent ?? ''
  }
  const more = [
    ...HOSTILE,
    'see #12 and @octocat, www.example.org, https://example.org, a@b.example',
    '# h',
    '1. x',
    '|a|b|',
  ]

  it.each(more)('stays text: %s', (text) => {
    expect(shown(escapeMarkdown(text))).toBe(text)
    expect(shown(code(text, true))).toBe(text)
    expect(render([escapeMarkdown(text)]).body.textContent?.trim()).toBe(text)
    expect(
      [...render([escapeMarkdown(text)]).querySelectorAll('body *')].map(({ tagName }) => tagName),
    ).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(?!P|CODE)/)]))
  })

  it('stays text whatever it is', () => {
    const words = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 6 }),
          fc.constantFrom(...'`*_#@|<>[]()!~\\:/.-+=1&$'),
        ),
      )
      .map((parts) => parts.join('').replaceAll(/\p{C}/gu, '').replaceAll(/\s+/gu, ' ').trim())
      .filter((text) => text !== '')
    fc.assert(
      fc.property(words, (text) => {
        expect(shown(escapeMarkdown(text))).toBe(text)
        expect(shown(code(text, true))).toBe(text)
      }),
      { numRuns: 150 },
    )
  })
})
