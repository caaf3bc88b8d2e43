import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { DIAGNOSES } from '../../src/diagnose/index.js'
import { CAUSES, FINDING_IDS, type FindingId } from '../../src/findings.js'
import { type Finding, VERDICTS } from '../../src/report.js'
import { en } from '../../src/text/en/index.js'
import { causesOf, describeFinding, sentenceOf } from '../../src/text/finding.js'
import { zh } from '../../src/text/zh/index.js'
import { inFolder } from '../capture/collect.js'
import { report } from './samples.js'

const of = async (id: FindingId, part: 'shows' | 'alike'): Promise<readonly Finding[]> =>
  (await report(id, part)).findings
const one = async <K extends FindingId>(id: K): Promise<Finding<K>> => {
  const found = (await of(id, 'shows')).find((finding) => finding.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found as Finding<K>
}

/** The same packets of a little-endian pcap so many seconds later, from a port that is as much higher. */
const tryingAgain = (bytes: Buffer, seconds: number): Buffer => {
  const [ETHERNET, IP] = [14, 20]
  for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) {
    bytes.writeUInt32LE(bytes.readUInt32LE(at) + seconds, at)
    const port = at + 16 + ETHERNET + IP
    bytes.writeUInt16BE(bytes.readUInt16BE(port) + seconds, port)
  }
  return bytes
}

describe('every finding', () => {
  it.each(FINDING_IDS)(
    '%s is in the trace that shows it, and not in the one that looks alike',
    async (id) => {
      expect((await of(id, 'shows')).map((finding) => finding.id)).toContain(id)
      expect((await of(id, 'alike')).map((finding) => finding.id)).not.toContain(id)
    },
  )

  it.each(FINDING_IDS)(
    '%s points at packets and flows of the capture, and its causes are its own',
    async (id) => {
      const { flows, findings } = await report(id, 'shows')
      const packets = new Set(
        flows.flatMap(({ rows, icmp }) => [...rows, ...icmp].map(({ packet }) => packet)),
      )
      for (const finding of findings) {
        for (const packet of finding.packets) expect(packets).toContain(packet)
        for (const flow of finding.flows) expect(flows[flow]?.flow).toBe(flow)
        if (finding.flow !== null) expect(finding.flows).toEqual([finding.flow])
        const own: readonly string[] = CAUSES[finding.id]
        for (const { code } of finding.causes) expect(own).toContain(code)
      }
    },
  )

  it.each(FINDING_IDS)('%s is said in both languages', async (id) => {
    const finding = await one(id)
    const [english, chinese] = [describeFinding(finding, en), describeFinding(finding, zh)]
    for (const text of [english, chinese]) expect(text).not.toMatch(/undefined|NaN|null|\[object|=>|Infinity/)
    expect(sentenceOf(finding, en)).toMatch(/^[A-Z\d"(]|^connect\(\)/)
    expect(english).toMatch(/\.$/)
    expect(english).not.toMatch(/\p{Script=Han}/u)
    expect(chinese).toMatch(/。$/)
    expect(chinese).toMatch(/\p{Script=Han}/u)
    expect(causesOf(finding, zh)).toHaveLength(finding.causes.length)
  })

  it('stands beside a verdict that says the same: a silent peer is no connection that is simply open', async () => {
    const { findings, flows } = await report('dead-peer', 'shows')
    const [found] = findings.filter(({ id }) => id === 'dead-peer')
    expect(flows.find(({ flow }) => flow === found?.flow)?.verdict).toBe('no-answer')
  })

  it('has a rule, or is the absence of all others', () => {
    expect(new Set([...DIAGNOSES.map(({ id }) => id), 'healthy'])).toEqual(new Set(FINDING_IDS))
    expect(DIAGNOSES).toHaveLength(FINDING_IDS.length - 1)
  })
})

describe('what a rule says was checked against the recordings', () => {
  it('a full accept queue: the third connection, SYN+ACK twice again, never completed', async () => {
    expect(await one('handshake-not-completed')).toMatchObject({
      flow: 2,
      severity: 'problem',
      side: 'server',
      args: { synAcks: 2, completed: false },
      causes: [{ code: 'full-accept-queue', likelihood: 'likely' }, {}, {}],
    })
  })

  it('CLOSE_WAIT for the seven rounds of the other connection', async () => {
    const { severity, side, args } = await one('close-wait')
    expect({ severity, side, ended: args.ended }).toEqual({
      severity: 'warning',
      side: 'server',
      ended: 'still',
    })
    expect(args.seconds).toBeGreaterThan(8)
    expect(args.seconds).toBeLessThan(12)
  })

  it('130 connections in TIME_WAIT at the client, which closed first: 100 a second', async () => {
    const found = await one('time-wait')
    expect(found).toMatchObject({ side: 'client', args: { flows: 130, peak: 130, port: 8088 } })
    expect(found.args.perSecond).toBeGreaterThan(95)
    expect(found.args.perSecond).toBeLessThan(105)
  })

  it('a request that crossed the FIN of a server after 1.5 s', async () => {
    const { args, severity } = await one('keep-alive-race')
    expect(severity).toBe('problem')
    expect(args.closer).toBe(args.server)
    expect(args.idle).toBeGreaterThan(1.5)
    expect(args.idle).toBeLessThan(1.8)
  })

  it('44 s idle did harm, 12 s did not', async () => {
    const { args } = await one('idle-dropped')
    expect(args.seconds).toBeGreaterThan(44)
    expect(args.survived).toBeGreaterThan(11)
    expect(args.survived).toBeLessThan(13)
  })

  it('a scan of twenty ports: one open, nineteen refused; and no finding for each of them', async () => {
    expect(await one('scan')).toMatchObject({
      args: { ports: 20, hosts: 1, open: 1, refused: 19, silent: 0 },
    })
    expect((await of('scan', 'shows')).map(({ id }) => id)).not.toContain('connect-refused')
  })

  it('a SYN flood of 200 addresses beside one real client', async () => {
    expect(await one('syn-flood')).toMatchObject({ args: { flows: 200, addresses: 200, answered: 200 } })
  })

  it('no answer to six SYNs: a firewall first; the host was not heard of', async () => {
    expect(await one('connect-timeout')).toMatchObject({
      args: { syns: 6, answered: false },
      causes: [{ code: 'dropping-firewall', likelihood: 'likely' }, { code: 'absent-host' }, {}],
    })
  })

  it('the data of a host that lost its state', async () => {
    expect(await one('half-open')).toMatchObject({ side: 'server', args: { by: 'data' } })
  })

  it('the kernel gave up where connect() returned ETIMEDOUT, if a capture that goes on saw nothing else', async () => {
    const gaveUp = async (...files: string[]): Promise<unknown> => {
      const { findings, flows } = await analyze(files.map((file) => `samples/${file}.pcap`))
      const finding = findings.find(({ id }) => id === 'connect-timeout')
      return [flows[0]?.verdict, finding?.id === 'connect-timeout' && finding.args.gaveUp]
    }
    expect(await gaveUp('connect-timeout')).toEqual(['unanswered', 'not-yet'])
    // Other hosts, two minutes later.
    expect(await gaveUp('connect-timeout', 'close-wait-leak')).toEqual(['unanswered', 'not-yet'])
    await inFolder(async (folder) => {
      // Its next files: the host tries again from other ports, 110 s and 140 s later.
      const next = [110, 140].map((seconds) => {
        const file = join(folder, `${seconds}.pcap`)
        writeFileSync(file, tryingAgain(readFileSync('samples/connect-timeout.pcap'), seconds))
        return file
      })
      const { flows } = await analyze(['samples/connect-timeout.pcap', ...next])
      expect(flows.map(({ verdict }) => verdict)).toEqual(['timed-out', 'unanswered', 'unanswered'])
    })
  })

  it('the drops that the capture file itself counts', async () => {
    expect(await one('capture-drops')).toMatchObject({ args: { packets: 7 } })
  })
})

describe('a healthy capture', () => {
  it('says so in one line', async () => {
    const findings = await of('healthy', 'shows')
    expect(findings.map(({ id }) => id)).toEqual(['healthy'])
    expect(findings.map((finding) => describeFinding(finding, en))).toEqual([
      'Nothing wrong in this connection; captured between the hosts.',
    ])
  })

  const HEALTHY: readonly FindingId[] = [
    'connect-unreachable',
    'slow-connect',
    'handshake-not-completed',
    'fin-wait-2',
  ]
  it.each(HEALTHY)('so does what looks like %s', async (id) => {
    expect((await of(id, 'alike')).filter(({ severity }) => severity !== 'note')).toEqual([])
  })
})

describe('what can be named can be given', () => {
  const sources = (folder: string): string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))

  it.each(FINDING_IDS)('every cause of %s, by the rule that finds it', (id) => {
    const rule = sources('src/diagnose').filter((text) => text.includes(`id: '${id}'`))
    for (const code of CAUSES[id])
      expect(
        rule.some((text) => text.includes(`'${code}'`)),
        code,
      ).toBe(true)
  })

  it('every verdict and every errno', () => {
    const told = [...sources('src/replay'), ...sources('src/infer')].join('\n')
    for (const verdict of VERDICTS) expect(told).toContain(`'${verdict}'`)
    for (const errno of Object.keys(en.errnos)) expect(told).toContain(`'${errno}'`)
  })
})
