/** Mermaid's own parser reads what we write, and finds the texts we meant. */
import fc from 'fast-check'
import { JSDOM } from 'jsdom'
import { beforeAll, describe, expect, it } from 'vitest'
import { escapeMermaid, mermaidLines } from '../../../src/views/diagrams/mermaid.js'
import { type Diagram, flowDiagram, flowsDiagram } from '../../../src/views/diagrams/steps.js'
import { flow, report, rows } from '../made.js'
import { long, normal, overflow, unreachable } from '../stories.js'
import { drawing, HOSTILE, overTwo } from './drawing.js'

interface Message {
  readonly from: string
  readonly to: string
  readonly message: string
  readonly type: number
}
/** `LINETYPE` of Mermaid. */
const SOLID = 0
const NOTE = 2
const SOLID_CROSS = 3

let read: (source: string) => Promise<{ messages: Message[]; names: string[] }>

beforeAll(async () => {
  const { window } = new JSDOM('<!doctype html><body></body>')
  Object.assign(globalThis, { window, document: window.document })
  const { default: mermaid } = await import('mermaid')
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' })
  read = async (source) => {
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(source)
    const { getMessages, getActors } = db as unknown as {
      getMessages: () => Message[]
      getActors: () => Map<string, { description: string }>
    }
    return {
      messages: getMessages.call(db).map((message) => ({ ...message, message: decoded(message.message) })),
      names: [...getActors.call(db).values()].map(({ description }) => decoded(description)),
    }
  }
}, 60_000)

/** Mermaid keeps entity codes in a form of its own until the picture is drawn. */
const decoded = (text: string): string =>
  text.replaceAll(/ﬂ°°(\d+)¶ß/g, (_, code: string) => String.fromCodePoint(Number(code)))

const sourceOf = (diagram: Diagram): string => mermaidLines(diagram, drawing).join('\n')

describe('a flow', () => {
  it('is read with its ends, packets and states', async () => {
    const { messages, names } = await read(sourceOf(flowDiagram(normal, drawing, report([normal]))))
    expect(names).toEqual(['192.0.2.10:40001 (client)', '198.51.100.20:80 (server)'])
    expect(messages.slice(0, 5)).toMatchObject([
      { type: NOTE, from: 'C', message: 'CLOSED' },
      { type: NOTE, from: 'S', message: 'LISTEN' },
      { type: SOLID, from: 'C', to: 'S', message: '#1 0.000000 SYN seq=0' },
      { type: NOTE, from: 'C', message: 'SYN_SENT' },
      { type: NOTE, from: 'S', message: 'SYN_RECEIVED' },
    ])
    expect(messages.at(-1)).toMatchObject({ type: NOTE, from: 'C', to: 'S' })
  })

  it('of several captures: says where another begins, whose packets count from 1', async () => {
    const names = ['ring;1.pcap', 'ring#2.pcap']
    const several = { ...drawing, language: { ...drawing.language, captureNames: names } }
    const parts = overTwo(normal, 4)
    const { messages } = await read(sourceOf(flowDiagram(parts, several, report([parts]))))
    const said = messages.filter(({ type, from, to }) => type !== NOTE || from !== to).slice(0, -1)
    expect(said.map(({ message }) => message.split(' ')[0])).toEqual([
      ...['ring;1.pcap', '#1', '#2', '#3', '#4'],
      ...['ring#2.pcap', '#1', '#2', '#3', '#4', '#5'],
    ])
  })

  it('shows a segment that was thrown away as lost, and ICMP beside the end it is for', async () => {
    const lost = await read(sourceOf(flowDiagram(overflow, drawing, report([overflow]))))
    const crosses = lost.messages.filter(({ type }) => type === SOLID_CROSS).length
    expect(crosses).toBe(overflow.rows.filter(({ received }) => received === false).length)
    expect(crosses).toBeGreaterThan(0)
    const icmp = await read(sourceOf(flowDiagram(unreachable, drawing, report([unreachable]))))
    expect(icmp.messages.map(({ message }) => message).join('\n')).toContain('ICMP host-unreachable')
  })

  it('folds what is quiet, and says how many packets that were', async () => {
    const { messages } = await read(sourceOf(flowDiagram(long, drawing, report([long]))))
    expect(messages.length).toBeLessThan(long.rows.length)
    expect(messages.map(({ message }) => message).join('\n')).toMatch(/\d+ packets, #\d+ to #\d+/)
  })
})

it('stays below the length that Mermaid takes, and says what is left out', async () => {
  const many = flow({
    rows: rows(
      Array.from({ length: 3000 }, (_, n) => ({
        at: n,
        from: 'client' as const,
        flags: 'S',
        client: 'SYN_SENT' as const,
        server: 'LISTEN' as const,
      })),
    ),
  })
  const source = sourceOf(flowDiagram(many, drawing, report([many])))
  expect(source.length).toBeLessThan(50_000)
  const { messages } = await read(source)
  const left = /^(\d+) more lines are not drawn/.exec(messages.at(-1)?.message ?? '')?.[1]
  // Two states before, one verdict behind.
  expect(Number(left) + messages.length - 1).toBe(3000 + 3)
})

it('draws all flows between their hosts, however many', async () => {
  const flows = Array.from({ length: 100 }, (_, n) =>
    flow({ ...normal, flow: n, client: { ...normal.client, address: `192.0.2.${n}` } }),
  )
  const { messages, names } = await read(sourceOf(flowsDiagram(flows, drawing)))
  expect(names).toHaveLength(40)
  expect(messages[0]).toMatchObject({ from: 'H0', to: 'H1', type: SOLID })
  expect(messages[0]?.message).toMatch(/^flow 0: 40001 -> 80, closed<br\/>\w+ \/ \w+$/)
  expect(messages.at(-1)?.message).toBe('61 more lines are not drawn; --all draws them')
  expect((await read(sourceOf(flowsDiagram([], drawing)))).messages).toEqual([])
})

describe('text of a capture', () => {
  const around = (text: string): string =>
    sourceOf({
      participants: [{ id: 'C', name: `x${text}` }],
      steps: [{ kind: 'arrow', from: 'C', to: 'C', lines: [`x${text}`], lost: false }],
    })

  it.each(HOSTILE)('stays text: %s', async (text) => {
    const { messages, names } = await read(around(text))
    expect(messages.map(({ message }) => message)).toEqual([`x${text}`])
    expect(names).toEqual([`x${text}`])
  })

  it('stays text whatever it is', async () => {
    // Line ends and control characters never come here: text/safe.ts writes them out.
    const printable = fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .map((text) => text.replaceAll(/\p{C}/gu, ''))
    await fc.assert(
      fc.asyncProperty(printable, async (text) => {
        const { messages } = await read(around(text))
        // White space at the end of a line is Mermaid's own: what counts is what is read.
        expect(messages.map(({ message }) => message.trim())).toEqual([`x${text}`.trim()])
      }),
      { numRuns: 60 },
    )
  })

  it('holds no character that means something', () => {
    expect(escapeMermaid(HOSTILE.join(' '))).not.toMatch(/[<>;"`$%{}\\&[\]](?<!#\d+;)/)
  })
})
