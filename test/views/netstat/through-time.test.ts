/** Counts over time, which look only at what changed, beside the sockets of each moment, looked up one by one. */
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../../src/analyze.js'
import type { Report } from '../../../src/report.js'
import { en } from '../../../src/text/en/index.js'
import { speller } from '../../../src/text/states.js'
import { countsEvery } from '../../../src/views/netstat/counts.js'
import { atTheEnd, netstatPage } from '../../../src/views/netstat/index.js'
import { socketsAt } from '../../../src/views/netstat/sockets.js'
import { flow, report, span } from '../made.js'

const all = () => true

/** `host state` of each socket, sorted, at each moment that the counts have. */
const counted = (of: Report, interval: number): Map<number, string[]> => {
  const found = new Map<number, string[]>()
  for (const { at, host, counts } of countsEvery(of, interval, all, () => {}))
    found.set(at, [
      ...(found.get(at) ?? []),
      ...[...counts].flatMap(([state, count]) => new Array<string>(count).fill(`${host} ${state}`)),
    ])
  return found
}

const lookedUp = (of: Report, at: number): string[] => {
  const moment = of.endAt - at > 0.001 ? { asked: '', at, packet: null } : atTheEnd('', of)
  return socketsAt(of, moment).map(({ host, state }) => `${host} ${state}`)
}

const samples = globSync('samples/*.{pcap,pcapng}').sort()

describe('the same as at each moment', () => {
  it.each(samples)('%s', async (file) => {
    const of = await analyze([file])
    for (const parts of [7, 50]) {
      const interval = of.endAt / parts
      if (interval === 0) continue
      const found = counted(of, interval)
      for (let step = 0; step <= parts; step++) {
        const at = step === parts ? ([...found.keys()].at(-1) ?? of.endAt) : step * interval
        expect((found.get(at) ?? []).sort(), `at ${at}`).toEqual(lookedUp(of, at).sort())
      }
    }
  })
})

/** `n` connections that stay open, each from a port of its own, of hosts of their own or of one. */
const opened = (n: number, address: (k: number) => string): Report =>
  report(
    Array.from({ length: n }, (_, k) => {
      const { client, ...rest } = flow({ rows: [], flow: k })
      const open = span('ESTABLISHED', 0, null)
      return {
        ...rest,
        client: { ...client, address: address(k), port: 1024 + (k % 60_000) },
        server: { ...rest.server, port: Math.floor(k / 60_000), state: 'ESTABLISHED' as const },
        spans: { client: [open], server: [open] },
      }
    }),
    { endAt: 10 },
  )

describe('many', () => {
  const asked = { moments: [], host: null, every: null, timers: false, spell: speller('netstat') }
  const plain = { strong: (text: string) => text, faint: (text: string) => text }

  it('more sockets on one host than a call may have arguments', () => {
    const of = opened(130_000, () => '192.0.2.1')
    const lines = netstatPage(of, { ...asked, ...plain, moments: [{ asked: '5', at: 5, packet: null }] }, en)
    expect(lines.filter((line) => line.startsWith('tcp')).length).toBe(260_000)
  })
  it('a socket that stays is looked at once, however often it is counted', () => {
    const of = opened(100, () => '192.0.2.1')
    let looks = 0
    const flows = of.flows.map((each) => ({
      ...each,
      get spans() {
        looks++
        return each.spans
      },
    }))
    const looksFor = (interval: number): number => {
      looks = 0
      for (const _ of countsEvery({ ...of, flows }, interval, all, () => {}));
      return looks
    }
    expect(looksFor(0.01)).toBe(looksFor(1))
  })
  it('says where the lines end that would be too many', () => {
    const of = opened(100, (k) => `192.0.2.${k}`)
    const left: number[] = []
    const lines = [...countsEvery(of, 1, all, (at) => left.push(at), 350)]
    expect(lines.length).toBe(303)
    expect(left).toEqual([2])
    expect([...countsEvery(of, 1, all, (at) => left.push(at), 101 * 11)].length).toBe(101 * 11)
    expect(left).toEqual([2])
  })
  it('says where the steps end that would be too many', () => {
    const of = { ...opened(1, () => '192.0.2.1'), endAt: 1e6 }
    const lines = netstatPage(of, { ...asked, ...plain, every: 1 }, en)
    expect(lines.at(-1)).toMatch(/end at 100000\.000, the capture at 1000000\.000/)
  })
})
