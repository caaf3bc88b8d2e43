/** What was lost, in which direction, and whether it means anything; checked against what the recordings dropped. */
import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/diagnose/index.js'
import type { Finding, Flow } from '../../src/report.js'
import { en } from '../../src/text/en/index.js'
import { sentenceOf } from '../../src/text/finding.js'
import { zh } from '../../src/text/zh/index.js'
import { flow, report, rows, span } from '../views/made.js'
import { foundIn } from './samples.js'

const losses = async (path: string): Promise<readonly Finding<'packet-loss'>[]> =>
  (await foundIn(path)).filter((found) => found.id === 'packet-loss')

describe('one lost packet', () => {
  it('is said in good grammar, without a cause to look for, and not beside "nothing wrong"', async () => {
    const findings = await foundIn('samples/tail-loss-probe.pcap')
    expect(findings.map(({ id }) => id)).toEqual(['packet-loss'])
    expect(findings[0]).toMatchObject({ severity: 'note', causes: [{ code: 'single-loss' }] })
    expect(findings.map((found) => sentenceOf(found, en))).toEqual([
      '1 of 6 segments from 198.51.100.60 to 192.0.2.50 was sent again, 312 ms late; the loss is behind the capture point.',
    ])
  })

  it('of the ACK for a FIN is told of the direction of that ACK', async () => {
    const [found, ...rest] = await losses('samples/last-ack-lost.pcap')
    expect(rest).toEqual([])
    expect(found).toMatchObject({
      side: 'client',
      packets: [8, 10],
      args: { host: '192.0.2.13', peer: '198.51.100.23', again: 0, acks: 1, where: 'after' },
    })
    if (found === undefined) return
    expect(sentenceOf(found, en)).toBe(
      '1 ACK from 192.0.2.13 to 198.51.100.23 was lost, so that the other side sent again what had arrived, 257 ms late; the loss is behind the capture point.',
    )
    expect(sentenceOf(found, zh)).toBe(
      '192.0.2.13 发往 198.51.100.23 的 1 个 ACK 丢失，对端因此重传了已经送到的数据或 FIN，晚了 257 ms；丢在抓包点之后。',
    )
  })

  it('three ACKs for one FIN are', async () => {
    expect(
      (await losses('last-ack-lost-often.middle.pcap')).map(({ side, args }) => [side, args.acks]),
    ).toEqual([['client', 3]])
  })
})

describe('the first data of a connection lost again and again', () => {
  it('may not have been taken: the accept queue, as well as chance', async () => {
    const [found] = await losses('accept-overflow-data-completes.middle.pcap')
    expect(found?.causes).toEqual([
      { code: 'full-accept-queue', likelihood: 'possible' },
      { code: 'single-loss', likelihood: 'possible' },
    ])
  })
})

describe('a final ACK that the server never took', () => {
  it('was lost, likeliest, where open connections with this server lost as much: no queue throws text away', async () => {
    const found = await foundIn('short-connections-loss.middle.pcap')
    const [open] = found.filter(({ id }) => id === 'handshake-not-completed')
    expect(open).toMatchObject({ flow: 2, args: { synAcks: 2, completed: false } })
    expect(open?.causes.map(({ code, likelihood }) => [code, likelihood])).toEqual([
      ['lost-ack', 'likely'],
      ['full-accept-queue', 'possible'],
      ['dropping-firewall', 'possible'],
    ])
  })

  it('was thrown away, likeliest, where nothing else was lost', async () => {
    const found = await foundIn('samples/findings/handshake-not-completed/shows.pcap')
    const [open] = found.filter(({ id }) => id === 'handshake-not-completed')
    expect(open?.causes[0]).toEqual({ code: 'full-accept-queue', likelihood: 'likely' })
  })
})

describe('the same bytes lost again and again', () => {
  it('are a path that was cut, no full queue', async () => {
    const found = (await losses('samples/findings/dead-peer/alike.pcap')).map(({ causes }) => causes[0]?.code)
    expect(found).toEqual(['path-was-cut', 'path-was-cut'])
  })
})

/** A connection in which the server's only answer came twice. */
const lossy = (n: number): Flow =>
  flow({
    flow: n,
    client: { address: `10.0.${n >> 8}.${n & 255}`, port: 40001, state: 'ESTABLISHED', certainty: 'seen' },
    server: {
      address: `198.51.100.${n % 16}`,
      port: n % 3 === 0 ? 443 : 80,
      state: 'ESTABLISHED',
      certainty: 'seen',
    },
    rows: rows([
      {
        at: n,
        from: 'client',
        flags: 'PA',
        seq: 1,
        ack: 1,
        len: 7,
        client: 'ESTABLISHED',
        server: 'ESTABLISHED',
      },
      {
        at: n,
        from: 'server',
        flags: 'PA',
        seq: 1,
        ack: 8,
        len: 9,
        client: 'ESTABLISHED',
        server: 'ESTABLISHED',
      },
      {
        at: n + 0.25,
        from: 'server',
        flags: 'PA',
        seq: 1,
        ack: 8,
        len: 9,
        client: 'ESTABLISHED',
        server: 'ESTABLISHED',
        notes: [{ code: 'retransmission', of: 2, why: 'timeout' }],
      },
    ]),
    spans: { client: [span('ESTABLISHED', n, null)], server: [span('ESTABLISHED', n, null)] },
  })

describe('loss in many connections', () => {
  const found = (tcpPackets: number, cut = 0): Finding<'packet-loss'> | undefined => {
    const made = report(Array.from({ length: 240 }, (_, n) => lossy(n)))
    const captures = made.captures.map((capture) => ({
      ...capture,
      tcpPackets,
      other: { 'tcp-truncated': cut },
    }))
    const [only, ...rest] = diagnose({ ...made, captures }).filter(({ id }) => id === 'packet-loss')
    expect(rest).toEqual([])
    return only?.id === 'packet-loss' ? only : undefined
  }

  it('counts no packets that were cut too short to be found sent again', () => {
    expect(found(400_000 + 5000, 5000)).toEqual(found(400_000))
  })

  it('is one rate of all packets: a note while it is small', () => {
    const only = found(400_000)
    expect(only).toMatchObject({ severity: 'note', args: { flows: 240, again: 240, hosts: 16, peers: 240 } })
    if (only === undefined) return
    expect(sentenceOf(only, en)).toMatch(
      /^240 flows: 240 segments from 16 hosts to 240 hosts were sent again \(0\.06 % of all TCP packets\)/,
    )
    expect(sentenceOf(only, zh)).toMatch(/^240 条连接：16 台主机发往 240 台主机的报文段重传了 240 个/)
  })

  it('a warning when it is more than one in a hundred', () => {
    expect(found(10_000)).toMatchObject({ severity: 'warning', causes: [{ code: 'congestion' }, {}, {}] })
  })
})
