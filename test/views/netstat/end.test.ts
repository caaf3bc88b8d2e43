/** The end of a capture, and moments outside of it, beside what the flows and the ladder say. */
import { describe, expect, it } from 'vitest'
import { analyze } from '../../../src/analyze.js'
import type { Report } from '../../../src/report.js'
import { inCaptures } from '../../../src/text/capture-names.js'
import { en } from '../../../src/text/en/index.js'
import { speller } from '../../../src/text/states.js'
import { zh } from '../../../src/text/zh/index.js'
import { atTheEnd, netstatJson, netstatPage, readMoment } from '../../../src/views/netstat/index.js'
import type { Moment } from '../../../src/views/netstat/moment.js'
import { SAMPLES, sampleFile } from '../../samples/truth.js'

const asked = (moment: Moment) => ({
  moments: [moment],
  host: null,
  every: null,
  timers: false,
  spell: speller('netstat'),
  strong: String,
  faint: String,
})
const momentOf = (text: string, report: Report): Moment => {
  const moment = readMoment(text, report)
  if ('wrong' in moment) throw new Error(moment.wrong)
  return moment
}
const socketsAt = (moment: Moment, report: Report): string[] =>
  [...netstatJson(report, asked(moment))]
    .slice(1)
    .map((line) => JSON.parse(line) as Record<string, string>)
    .map(({ local, peer, state, certainty }) => `${local} ${peer} ${state} ${certainty}`)
const page = async (sample: string, at: string, language = en): Promise<string[]> => {
  const report = await analyze([sampleFile(`${sample}.pcap`)])
  return netstatPage(report, asked(momentOf(at, report)), language)
}
const stateIn = (lines: readonly string[], local: string): string | undefined =>
  lines.map((line) => line.split(/ +/)).find((cells) => cells[0] === 'tcp' && cells[3] === local)?.[5]

describe('at the end the sockets are in the states that the flows have', () => {
  it.each(SAMPLES)('%s', async (capture) => {
    const report = await analyze([sampleFile(capture)])
    const there = socketsAt(atTheEnd('end', report), report)
    const open = report.flows.flatMap(({ client, server }) =>
      [
        [client, server],
        [server, client],
      ].flatMap(([own, far]) => {
        if (own === undefined || far === undefined || own.state === 'CLOSED' || own.state === 'LISTEN')
          return []
        const name = ({ address, port }: typeof own): string =>
          address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
        return [`${name(own)} ${name(far)} ${own.state} ${own.certainty}`]
      }),
    )
    expect(there.sort()).toEqual(open.sort())
    // And as after the last packet, which only this one crosses.
    if (capture === 'simultaneous-close.pcap') return
    const last = momentOf(`#${report.captures[0]?.packets}`, report)
    expect(socketsAt(last, report).sort()).toEqual(there)
  })
})

describe('the last packet', () => {
  it('has come at the end, and what that leads to is marked where nothing shows that it came', async () => {
    // The kernel (samples/truth/close-wait-leak.json) is in FIN_WAIT_2 after #9, the ACK of its FIN.
    for (const at of ['end', '#9']) {
      const lines = await page('close-wait-leak', at)
      expect(stateIn(lines, '192.0.2.16:40001')).toBe('FIN_WAIT2?')
      expect(stateIn(lines, '198.51.100.26:80')).toBe('CLOSE_WAIT')
    }
  })

  it('is on its way at its own time: the page says so', async () => {
    const lines = await page('close-wait-leak', '0.603704')
    expect(stateIn(lines, '192.0.2.16:40001')).toBe('FIN_WAIT1')
    expect(lines).toContain(
      '#9 is still on its way to 192.0.2.16:40001, which is in FIN_WAIT2? when it comes.',
    )
    // One blank line before it, as between the tables.
    expect(lines.some((line, n) => line === '' && lines[n + 1] === '')).toBe(false)
    const chinese = await page('close-wait-leak', '0.603704', zh)
    expect(chinese).toContain('#9 还在去往 192.0.2.16:40001 的路上，到达后该套接字处于 FIN_WAIT2?。')
  })

  it('leaves the one on its way that it crosses', async () => {
    // Both closed at once (RFC 9293 figure 13): #10 and #11 are the ACKs of the FINs, and cross as the FINs did.
    const after = await page('simultaneous-close', '#11')
    expect(stateIn(after, '198.51.100.20:80')).toBe('CLOSING')
    expect(after).toContain(
      '#10 is still on its way to 198.51.100.20:80, which is in TIME_WAIT when it comes.',
    )
    expect(stateIn(await page('simultaneous-close', 'end'), '198.51.100.20:80')).toBe('TIME_WAIT')
  })

  it('of several captures is named with its own', async () => {
    const report = await analyze([sampleFile('close-wait-leak.pcap')])
    const language = inCaptures(en, ['a.pcap', 'b.pcap'])
    const lines = netstatPage(report, asked(momentOf('0.603704', report)), language)
    expect(lines.some((line) => line.startsWith('#9 of a.pcap is still on its way'))).toBe(true)
  })

  it('that closes a socket for all anybody knows: the page says that one is missing', async () => {
    const lines = await page('half-open-server-gives-up', 'end')
    expect(lines).toEqual([
      'No sockets at end (2026-11-22T23:13:33.200308000Z).',
      '',
      '1 socket more is taken for CLOSED: assumed, the capture cannot tell.',
    ])
  })
})

it('is as sure of a state as the ladder is at that time', async () => {
  // keepalive-dead-peer: ESTABLISHED by #3, which nothing shows; #5 shows it; from #6 on (1.39 s) nobody answers.
  const at = async (text: string) => stateIn(await page('keepalive-dead-peer', text), '198.51.100.67:80')
  expect(await at('0.1')).toBe('ESTABLISHED?')
  expect(await at('0.3')).toBe('ESTABLISHED')
  expect(await at('4.4')).toBe('ESTABLISHED?')
  expect(await at('#9')).toBe('ESTABLISHED?')
  expect(await at('end')).toBe('ESTABLISHED?')
})

describe('a moment outside of the capture', () => {
  it('behind it: timers have run out, and the page says where it lies', async () => {
    // tcp_fin_timeout, 60 s after 23:15:08.26: the client's FIN_WAIT2 is over, and CLOSE_WAIT has no timer.
    const lines = await page('close-wait-leak', '2026-11-22T23:59:00Z')
    expect(lines[0]).toBe(
      '2026-11-22T23:59:00Z lies 2632 s behind the last packet (2026-11-22T23:15:08.250050000Z): this is what would be left if nothing came since; timers ran on.',
    )
    expect(stateIn(lines, '192.0.2.16:40001')).toBeUndefined()
    expect(stateIn(lines, '198.51.100.26:80')).toBe('CLOSE_WAIT')
    expect(stateIn(await page('close-wait-leak', '60'), '192.0.2.16:40001')).toBe('FIN_WAIT2?')
    expect(stateIn(await page('close-wait-leak', '61'), '192.0.2.16:40001')).toBeUndefined()
  })

  it('before it: only what the first packets tell', async () => {
    const [first, ...lines] = await page('mid-stream-capture', '-3')
    expect(first).toMatch(/^-3 lies 3 s before the first packet \(2026-11-22T23:19:11\.789595000Z\): /)
    expect(stateIn(lines, '192.0.2.67:40001')).toBe('ESTABLISHED?')
    const [chinese] = await page('mid-stream-capture', '-3', zh)
    expect(chinese).toMatch(/^-3 比第一个报文（.*）早 3 s：/)
  })

  it.each(['0', '0.603704', 'end', '#1', '#9'])('is not %s', async (at) => {
    expect((await page('close-wait-leak', at))[0]).toMatch(/^192\.0\.2\.16 at /)
  })
})

it('counts none where the last socket of a host has gone, and says nothing of it from then on', async () => {
  // The kernel (samples/truth/half-open-server-gives-up.json): the request goes after 7.03 s, the client at #9, 7.69 s.
  const report = await analyze([sampleFile('half-open-server-gives-up.pcap')])
  const wish = { ...asked(atTheEnd('', report)), every: 3.6 }
  const lines = netstatPage(report, wish, en)
  expect(lines.slice(-3).map((line) => line.split(/ +/))).toEqual([
    ['7.200', '192.0.2.187', '0', '0', '1'],
    ['7.200', '198.51.100.197', '0', '0', '0'],
    ['7.691', '192.0.2.187', '0', '0', '0'],
  ])
  const [last] = [...netstatJson(report, wish)].slice(-1).map((line) => JSON.parse(line))
  expect(last).toMatchObject({ type: 'socket-count', host: '192.0.2.187', states: {} })
})

it('counts the end as the end, and moments by the clocks', async () => {
  const report = await analyze([sampleFile('close-wait-leak.pcap')])
  const lines = netstatPage(report, { ...asked(atTheEnd('', report)), every: 0.6, host: '192.0.2.16' }, en)
  expect(lines).toEqual([
    ' time  host        SYN_SENT  FIN_WAIT1  FIN_WAIT2',
    '0.000  192.0.2.16         1          0          0',
    '0.600  192.0.2.16         0          1          0',
    '0.604  192.0.2.16         0          0          1',
  ])
})
