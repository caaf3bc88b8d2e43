import { describe, expect, it } from 'vitest'
import { FINDING_IDS } from '../../src/findings.js'
import { en } from '../../src/text/en/index.js'
import { speller } from '../../src/text/states.js'
import { loadStory } from '../../src/text/story.js'
import { zh } from '../../src/text/zh/index.js'
import { storyOf } from '../../src/views/explain/story.js'
import { report } from '../diagnose/samples.js'

const NEEDED = FINDING_IDS.filter((id) => id !== 'syn-flood' && id !== 'port-exhaustion')

describe.each([
  ['en', en],
  ['zh', zh],
] as const)('the story of a connection, %s', (code, language) => {
  it.each(NEEDED)('is told in five to ten sentences or so: %s', async (id) => {
    const words = await loadStory(code)
    const { flows, findings, endAt } = await report(id, 'shows')
    for (const flow of flows.slice(0, 4)) {
      const about = findings.filter(({ flows }) => flows.includes(flow.flow))
      const told = storyOf(flow, about, { words, language, spell: speller('netstat'), endAt })
      expect(told.length).toBeGreaterThanOrEqual(5)
      expect(told.length).toBeLessThanOrEqual(13)
      for (const sentence of told) {
        expect(sentence).toMatch(code === 'en' ? /\.$/ : /。$/)
        expect(sentence).not.toMatch(/undefined|NaN|null|\[object|=>/)
        expect(/\p{Script=Han}/u.test(sentence)).toBe(code === 'zh')
      }
    }
  })
})

it('of a normal connection: who, when, how much, who closed, what is certain', async () => {
  const { flows, findings, endAt } = await report('healthy', 'shows')
  const [flow] = flows
  if (flow === undefined) throw new Error('no flow')
  const words = await loadStory('en')
  const told = storyOf(flow, findings, { words, language: en, spell: speller('netstat'), endAt })
  // By hand from the recording's truth.txt: the client closes first, the server 0.2 s later; 14 bytes in 11 packets.
  expect(told[0]).toMatch(/connects to .*:80 at 0 s \(the client: it sent the SYN\)\.$/)
  expect(told).toContainEqual(
    expect.stringMatching(/^In 11 packets the client sends \d+ bytes, the server \d+ bytes\.$/),
  )
  expect(told).toContainEqual(
    expect.stringMatching(/^The client closes first, at .* s; the server closes .* later\.$/),
  )
  expect(told).toContain('No call of either application returned an error, as far as the packets tell.')
  expect(told.at(-1)).toMatch(/^Seen in the packets: the client's .*SYN_SENT/)
})

it('tells of no timer that had stopped before the end', async () => {
  const { flows, findings, endAt } = await report('close-wait', 'shows')
  const words = await loadStory('en')
  for (const flow of flows) {
    const told = storyOf(flow, findings, { words, language: en, spell: speller('netstat'), endAt }).join(' ')
    // Both ends were ESTABLISHED: whatever limited the handshake is off.
    expect(told).toContain('ESTABLISHED')
    expect(told).not.toMatch(/SYN timer|SYN\+ACK timer/)
  }
})
