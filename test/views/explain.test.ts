import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { FINDING_IDS } from '../../src/findings.js'
import { inCaptures } from '../../src/text/capture-names.js'
import { en } from '../../src/text/en/index.js'
import { speller } from '../../src/text/states.js'
import { loadStory } from '../../src/text/story.js'
import { zh } from '../../src/text/zh/index.js'
import { explainPages, mostTelling } from '../../src/views/explain/index.js'
import { storyOf } from '../../src/views/explain/story.js'
import { lookFor } from '../../src/views/terminal/look.js'
import { report } from '../diagnose/samples.js'
import { split } from '../samples/split.js'
import { viewIn } from './made.js'

const NEEDED = FINDING_IDS.filter((id) => id !== 'syn-flood' && id !== 'port-exhaustion')

describe.each([
  ['en', en],
  ['zh', zh],
] as const)('the story of a connection, %s', (code, language) => {
  it.each(NEEDED)('is told in five to ten sentences or so: %s', async (id) => {
    const words = await loadStory(code)
    const extent = await report(id, 'shows')
    const { flows, findings } = extent
    for (const flow of flows.slice(0, 4)) {
      const about = findings.filter(({ flows }) => flows.includes(flow.flow))
      const told = storyOf(flow, about, { words, language, spell: speller('netstat'), extent })
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

it('of several captures: says of which one each packet is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bothends-'))
  try {
    const files = split('samples/half-open-server-gives-up.pcap', folder, 3)
    const extent = await analyze(files)
    const [flow] = extent.flows
    if (flow === undefined) throw new Error('no flow')
    const words = await loadStory('en')
    const language = inCaptures(en, files)
    const told = storyOf(flow, extent.findings, { words, language, spell: speller('netstat'), extent }).join(
      ' ',
    )
    // The final ACK that was not taken is the third of the first file, the RST the sixth of the second.
    expect(told).toContain('It goes wrong at #3 of a.pcap:')
    expect(told).toContain('because of #6 of b.pcap.')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('counts a SYN that both hosts captured once, and says of one packet what is right of one', async () => {
  const [words, spell] = [await loadStory('en'), speller('netstat')]
  const folder = mkdtempSync(join(tmpdir(), 'bothends-'))
  try {
    // The same capture taken as the other host's, told apart by a clock 13 ms later.
    const refused = 'samples/connect-refused.pcap'
    const again = join(folder, 'again.pcap')
    writeFileSync(again, later(readFileSync(refused), 13_000))
    const both = await analyze([refused, again])
    const [flow] = both.flows
    if (flow === undefined) throw new Error('no flow')
    const told = storyOf(flow, [], { words, language: inCaptures(en, [refused, again]), spell, extent: both })
    expect(told).toContainEqual(expect.stringMatching(/^After one SYN it never opens:/))
    expect(told).toContain('In 2 packets no data is sent.')
  } finally {
    rmSync(folder, { recursive: true })
  }
  const extent = await analyze(['samples/fin-lost.pcap'])
  const [flow] = extent.flows
  if (flow === undefined) throw new Error('no flow')
  expect(storyOf(flow, [], { words, language: en, spell, extent })).toContain(
    'In 10 packets the client sends 7 bytes, the server 0 bytes; one of them carries something sent before.',
  )
  expect(words.data(5, 0, 1, 0)).toBe('In one packet the client sends 5 bytes, the server 0 bytes.')
})

/** A little-endian pcap whose packets were captured so many microseconds later. */
function later(pcap: Buffer, microseconds: number): Buffer {
  const moved = Buffer.from(pcap)
  for (let at = 24; at < moved.length; at += 16 + moved.readUInt32LE(at + 8)) {
    const time = moved.readUInt32LE(at) * 1e6 + moved.readUInt32LE(at + 4) + microseconds
    moved.writeUInt32LE(Math.floor(time / 1e6), at)
    moved.writeUInt32LE(time % 1e6, at + 4)
  }
  return moved
}

it('of one of many that went the same way: where it went wrong, though the finding quotes only what came before', async () => {
  const extent = await report('reset', 'shows')
  const [finding] = extent.findings.filter(({ id }) => id === 'reset')
  const flow = extent.flows.find((each) => each.flow === finding?.flow)
  if (finding === undefined || flow === undefined) throw new Error('no reset')
  const reset = flow.rows.findIndex(({ flags }) => flags.includes('R'))
  const before = flow.rows[reset - 1]
  if (before === undefined) throw new Error('nothing before the RST')
  const merged = { ...finding, flow: null, packets: [before.packet] }
  const words = await loadStory('en')
  const told = storyOf(flow, [merged], { words, language: en, spell: speller('netstat'), extent }).join(' ')
  expect(told).toContain(`It goes wrong at #${flow.rows[reset]?.packet}:`)
})

it('of a timer that ran out: that it did; of an end that was twice in a state: how certain that is, once', async () => {
  const extent = await analyze(['samples/half-open-server-gives-up.pcap'])
  const [flow] = extent.flows
  if (flow === undefined) throw new Error('no flow')
  const words = await loadStory('en')
  const told = storyOf(flow, extent.findings, { words, language: en, spell: speller('netstat'), extent })
  expect(told.find((sentence) => sentence.includes('timer ran out'))).toMatch(/and ended SYN_RECV\.$/)
  const certain = told.at(-1) ?? ''
  // The client is CLOSED before it connects, and again in the end, as far as can be told.
  expect(certain).toMatch(/cannot tell: the client's CLOSED\.$/)
  expect(certain.match(/the client's [^;.]*CLOSED/g)).toHaveLength(1)
})

it('of a normal connection: who, when, how much, who closed, what is certain', async () => {
  const extent = await report('healthy', 'shows')
  const { flows, findings } = extent
  const [flow] = flows
  if (flow === undefined) throw new Error('no flow')
  const words = await loadStory('en')
  const told = storyOf(flow, findings, { words, language: en, spell: speller('netstat'), extent })
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
  const extent = await report('close-wait', 'shows')
  const { flows } = extent
  const { findings } = extent
  const words = await loadStory('en')
  for (const flow of flows) {
    const told = storyOf(flow, findings, { words, language: en, spell: speller('netstat'), extent }).join(' ')
    // Both ends were ESTABLISHED: whatever limited the handshake is off.
    expect(told).toContain('ESTABLISHED')
    expect(told).not.toMatch(/SYN timer|SYN\+ACK timer/)
  }
})

const told = async (sample: string, code: 'en' | 'zh'): Promise<string> => {
  const extent = await analyze([`samples/${sample}.pcap`])
  const [flow] = extent.flows
  if (flow === undefined) throw new Error('no flow')
  const words = await loadStory(code)
  const language = code === 'en' ? en : zh
  return storyOf(flow, extent.findings, { words, language, spell: speller('netstat'), extent }).join(' ')
}

describe('where it goes wrong, both ends are told as the ladder has that row', () => {
  it.each([
    // The kernels (samples/truth): the server was gone when #8 came, the client's orphan had run out, the leak begins with the FIN.
    [
      'peer-vanishes-then-rst',
      'It goes wrong at #8: after it the client is in ESTABLISHED and the server in CLOSED.',
    ],
    [
      'fin-wait-2-orphan-timeout',
      'It goes wrong at #8: after it the client is in CLOSED and the server in CLOSE_WAIT.',
    ],
    [
      'findings/close-wait/shows',
      'It goes wrong at #9: after it the client is in FIN_WAIT1 and the server in CLOSE_WAIT.',
    ],
    [
      'connect-timeout',
      'It goes wrong at #1: after it the client is in SYN_SENT and the server in CLOSED (assumed).',
    ],
    // A RST that leaves nothing: what it ended.
    [
      'rst-linger0',
      'It goes wrong at #8: until then the client was in ESTABLISHED and the server in ESTABLISHED.',
    ],
    [
      'connect-refused',
      'It goes wrong at #2: until then the client was in SYN_SENT and the server in CLOSED.',
    ],
  ])('%s', async (sample, sentence) => {
    expect(await told(sample, 'en')).toContain(sentence)
  })

  it('in Chinese', async () => {
    expect(await told('rst-linger0', 'zh')).toContain(
      '问题出现在 #8：此前客户端处于 ESTABLISHED，服务端处于 ESTABLISHED。',
    )
  })
})

describe('nothing that is assumed is told as following from packets', () => {
  it.each(['connect-timeout', 'connect-refused', 'connect-icmp-unreachable'])('%s', async (sample) => {
    // Nobody knows whether the server has a socket: the kernel's was in LISTEN in the first.
    const story = await told(sample, 'en')
    expect(story).toMatch(/Assumed, because the capture cannot tell: [^.]*the server's CLOSED\.$/)
    expect(story).not.toMatch(/Following from other packets: [^.]*the server's CLOSED/)
    expect(story).toContain('the server in CLOSED (assumed).')
  })

  it('syn-flood: a forged client', async () => {
    expect(await told('syn-flood', 'en')).toMatch(
      /Assumed, because the capture cannot tell: the client's CLOSED\.$/,
    )
  })

  it('and what later packets show is not told as assumed', async () => {
    // close-wait-leak: whether #3 came nothing tells, but #5 shows the server ESTABLISHED; #9 is the last packet.
    const story = await told('close-wait-leak', 'en')
    expect(story).toContain("the server's LISTEN, SYN_RECV, ESTABLISHED and CLOSE_WAIT.")
    expect(story).toContain('the server at 0.063 s, as far as the packets tell.')
  })
})

describe('what a call returned', () => {
  it('is told with the time of its timer, and its own RST is no cause', async () => {
    // keepalive-dead-peer: the RST is #9, at 4.465 s.
    const en = await told('keepalive-dead-peer', 'en')
    expect(en).toContain('because a timer runs out at 4.465 s, as #9 shows')
    expect(en).not.toContain('because of #9')
    expect(await told('keepalive-dead-peer', 'zh')).toContain('由定时器在 4.465 s 到期引起（见 #9）')
  })
  it('is told as still to come behind the end of the capture', async () => {
    // connect-timeout: SYNs a second apart up to 5.12 s, then by the defaults 2 + 4 + ... + 64 s.
    expect(await told('connect-timeout', 'en')).toContain(
      'connect() on the client will return ETIMEDOUT (connection timed out), when a timer runs out at 131.12 s, unless an answer comes first',
    )
    expect(await told('connect-timeout', 'zh')).toContain('的 connect() 将返回 ETIMEDOUT')
  })
  it('goes wrong where something goes wrong, not at what led up to it', async () => {
    // rst-linger0: #6 is plain data, #8 the RST.
    expect(await told('rst-linger0', 'en')).toContain('It goes wrong at #8:')
    expect(await told('keepalive-dead-peer', 'en')).toContain('It goes wrong at #6:')
  })
})

describe('what happened is told in its order, and as far as it came', () => {
  const told = async (name: string, number = 0): Promise<string> => {
    const extent = await analyze([`samples/${name}.pcap`])
    const flow = extent.flows[number]
    if (flow === undefined) throw new Error('no flow')
    const words = await loadStory('en')
    return storyOf(flow, [], { words, language: en, spell: speller('netstat'), extent }).join(' ')
  }

  it('the timer before the RST that its end led to', async () => {
    // The kernel dropped the request at 7.03 s, and found no socket for the data at 7.69 s (samples/truth).
    expect(await told('half-open-server-gives-up')).toMatch(
      /timer ran out at 7\.026 s.*with a RST \(#9\) at 7\.69/,
    )
  })

  it('a timer that is still to come behind what the capture shows', async () => {
    expect(await told('connect-timeout')).toMatch(/SYN timer runs out at 131\.12 s/)
    expect(await told('close-wait-leak')).toMatch(/closes first.*runs out at 60\.6/)
  })

  it('an end that never did anything got nowhere', async () => {
    expect(await told('syn-flood')).toContain(
      'the client never left CLOSED, the server got as far as SYN_RECV.',
    )
  })
})

describe('of many connections', () => {
  const pages = async (all: boolean, ...names: readonly string[]): Promise<string[]> => {
    const report = await analyze(names.map((name) => `samples/${name}.pcap`))
    const look = lookFor({ colour: 'never', ascii: false }, { COLUMNS: '80', LANG: 'C.UTF-8' }, {})
    return [...explainPages(report, report.flows, viewIn(look, { all }), await loadStory('en'))]
  }
  const titles = (lines: readonly string[]) => lines.filter((line) => /^flow \d+$/.test(line))

  it('ten are told, and how to see the others', async () => {
    const lines = await pages(false, 'syn-flood')
    expect(titles(lines)).toHaveLength(10)
    expect(lines.slice(-2)).toEqual(['', '191 more flows; --all shows them'])
    const all = await pages(true, 'syn-flood')
    expect(titles(all)).toHaveLength(201)
    expect(all.at(-1)).not.toContain('--all')
  })

  it('one of each thing that is wrong comes first, however many there are of it', async () => {
    const report = await analyze(
      ['connect-refused', 'syn-flood', 'normal-client-close'].map((name) => `samples/${name}.pcap`),
    )
    const order = mostTelling(report, report.flows)
    expect(order).toHaveLength(report.flows.length)
    const [first, second] = order.map(({ flow }) =>
      report.findings
        .filter(({ flows, severity }) => severity === 'problem' && flows.includes(flow))
        .map(({ id }) => id),
    )
    expect([first, second].sort()).toEqual([['connect-refused'], ['syn-flood']])
  })
})
