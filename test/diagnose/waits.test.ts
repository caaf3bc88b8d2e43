/** How long an end waited: counted to what the captures show of it, and of tries only what was tried. */
import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/diagnose/index.js'
import type { Finding, FindingId, Flow } from '../../src/report.js'
import { flow, report, rows, span } from '../views/made.js'
import { foundIn } from './samples.js'

const one = async <K extends FindingId>(path: string, id: K): Promise<Finding<K>> => {
  const found = (await foundIn(path)).find((each) => each.id === id)
  if (found === undefined) throw new Error(`no ${id} in ${path}`)
  return found as Finding<K>
}

describe('CLOSE_WAIT of an end that writes late', () => {
  it('is told of the client that wrote 3 s after the FIN', async () => {
    const { args, side } = await one('samples/client-close-wait.pcap', 'close-wait')
    expect({ side, ended: args.ended }).toEqual({ side: 'client', ended: 'reset' })
    // #8 is the FIN at 1.033 s, #10 the data at 4.033 s.
    expect(args.seconds).toBeGreaterThan(2.9)
    expect(args.seconds).toBeLessThan(3.05)
  })

  it('is told of the server that wrote 4 s after the FIN', async () => {
    const { args, side } = await one('samples/fin-wait-2-orphan-timeout.pcap', 'close-wait')
    expect(side).toBe('server')
    expect(args.seconds).toBeGreaterThan(4)
  })

  it('is the longest silence, not the last', () => {
    const seconds = (data: readonly number[]) => {
      const [found] = diagnose({ ...report([late(data)]), endAt: 20 }).filter(({ id }) => id === 'close-wait')
      return found?.id === 'close-wait' ? found.args.seconds : null
    }
    expect(seconds([])).toBe(19)
    expect(seconds([19.9])).toBeCloseTo(18.9)
    expect(seconds([3, 13])).toBe(10)
  })

  it('is no leak while it goes on sending, however long it pauses', () => {
    const severity = (data: readonly number[]) =>
      diagnose({ ...report([late(data)]), endAt: 20 }).find(({ id }) => id === 'close-wait')?.severity
    expect(severity([8, 16])).toBe('note')
    expect(severity([2, 3])).toBe('warning')
    expect(severity([16])).toBe('warning')
  })

  it('is not told of many that only the end of the capture cut off', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        ...late([]),
        flow: n,
        client: { ...late([]).client, port: n },
      }))
    const told = (count: number) =>
      diagnose({ ...report(many(count)), endAt: 1.1 }).filter(({ id }) => id === 'close-wait')
    expect(told(3)).toMatchObject([{ args: { flows: 3 }, causes: [] }])
    expect(told(40)).toEqual([])
  })

  /** The client closes at 1 s; the server sends data at these times and never closes. */
  const late = (data: readonly number[]): Flow =>
    flow({
      rows: rows([
        { at: 1, from: 'client', flags: 'FA', seq: 1, ack: 1, client: 'FIN_WAIT_1', server: 'CLOSE_WAIT' },
        ...data.map((at, n) => ({
          at,
          from: 'server' as const,
          flags: 'PA',
          seq: 1 + n,
          ack: 2,
          len: 1,
          client: 'FIN_WAIT_2' as const,
          server: 'CLOSE_WAIT' as const,
        })),
      ]),
      verdict: 'not-closed',
      spans: {
        client: [span('ESTABLISHED', 0, 1), span('FIN_WAIT_2', 1, null)],
        server: [span('ESTABLISHED', 0, 1), span('CLOSE_WAIT', 1, null)],
      },
    })

  it('ends with the captures that hold the connection, not with another one', () => {
    const made = report([late([])])
    const [capture] = made.captures
    if (capture === undefined) throw new Error('no capture')
    const ends = (watchedUntil?: number) => {
      const first = { ...capture, ...(watchedUntil === undefined ? {} : { watchedUntil }) }
      const [found] = diagnose({ ...made, captures: [first, capture], endAt: 50 }).filter(
        ({ id }) => id === 'close-wait',
      )
      return found?.id === 'close-wait' ? found.args.seconds : null
    }
    // Another one, of other hosts or another time, says nothing of this connection.
    expect(ends(8)).toBeCloseTo(7, 2)
    // The next file of a rotated capture goes on where this one ends.
    expect(ends()).toBeCloseTo(49, 2)
  })
})

describe('tries in vain', () => {
  it('three probes span 2.05 s', async () => {
    const { args } = await one('samples/keepalive-dead-peer.pcap', 'dead-peer')
    expect(args).toMatchObject({ by: 'keep-alive', tries: 3, gaveUp: true })
    expect(args.seconds).toBeCloseTo(2.05, 2)
  })

  it('data sent once and five times again is five retransmissions', async () => {
    const { args } = await one('samples/network-cut-rto-timeout.pcap', 'dead-peer')
    expect(args).toMatchObject({ by: 'retransmission', tries: 5 })
    // #6 to #11.
    expect(args.seconds).toBeCloseTo(4.12, 2)
  })

  const causes = async (path: string): Promise<readonly string[]> =>
    (await one(path, 'dead-peer')).causes.map(({ code }) => code)

  it('of nothing but full segments may be an MTU; nobody forgot a connection that was not idle', async () => {
    expect(await causes('mtu-black-hole.client.pcap')).toEqual([
      'mtu-black-hole',
      'path-cut',
      'absent-host',
      'dropping-firewall',
    ])
  })

  it('of 27 bytes after 9 s of silence is no MTU, and may be a connection that was forgotten', async () => {
    const found = await causes('firewall-forgets-then-drops.client.pcap')
    expect(found).toContain('middlebox-timeout')
    expect(found).not.toContain('mtu-black-hole')
  })

  it('one of three keep-alive probes without an answer is counted', async () => {
    const { args } = await one('keepalive-probe-lost.middle.pcap', 'keep-alive')
    expect(args).toMatchObject({ probes: 3, answered: 2 })
  })
})
