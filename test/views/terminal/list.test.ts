import { describe, expect, it } from 'vitest'
import { type CaptureInfo, type Finding, VERDICTS } from '../../../src/report.js'
import { en } from '../../../src/text/en/index.js'
import { zh } from '../../../src/text/zh/index.js'
import { worstFirst } from '../../../src/views/terminal/flow-list.js'
import { damageLines, footerLines } from '../../../src/views/terminal/footer.js'
import { listPage } from '../../../src/views/terminal/index.js'
import { lookFor } from '../../../src/views/terminal/look.js'
import type { View } from '../../../src/views/terminal/view.js'
import { widthOf } from '../../../src/views/terminal/width.js'
import { report, viewIn } from '../made.js'
import { normal, overflow, unreachable } from '../stories.js'

const viewOf = (width: number, more: Partial<View> = {}): View =>
  viewIn(lookFor({ colour: 'never', ascii: false }, { COLUMNS: String(width), LANG: 'C.UTF-8' }, {}), more)
const three = report([normal, { ...overflow, flow: 1 }, { ...unreachable, flow: 2 }])

describe('the table of flows', () => {
  it('has the worst first and says how to see it', () => {
    const lines = listPage(three, viewOf(160), 'trace.pcap')
    expect(lines).toEqual([
      'flow  client                                       server                                     packets  seconds  client is  server is  verdict',
      '   1  192.0.2.10:40001                             198.51.100.20:80                                 6   70.020  CLOSED     CLOSED     half-open',
      '   2  [2001:db8:aaaa:bbbb:cccc:dddd:eeee:1]:50000  [2001:db8:1111:2222:3333:4444:5555:2]:443        1    0.000  CLOSED     LISTEN?    unreachable',
      '   0  192.0.2.10:40001                             198.51.100.20:80                                 9    0.080  TIME_WAIT  CLOSED     closed',
      '',
      'One flow, packet by packet: bothends --flow 1 trace.pcap',
    ])
  })

  it('keeps ports and states whole in 80 columns', () => {
    for (const language of [en, zh]) {
      const lines = listPage(three, viewOf(80, { language }), 'trace.pcap')
      for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(80)
      expect(lines.join('\n')).toMatch(/:50000 .*:443 .*LISTEN\?/)
    }
  })

  it('orders by VERDICTS, then by number', () => {
    const flows = VERDICTS.toReversed().flatMap((verdict, n) => [
      { ...normal, verdict, flow: 2 * n + 1 },
      { ...normal, verdict, flow: 2 * n },
    ])
    const sorted = worstFirst(flows)
    expect([...new Set(sorted.map(({ verdict }) => verdict))]).toEqual([...VERDICTS])
    expect(sorted[0]?.flow).toBeLessThan(sorted[1]?.flow ?? 0)
  })

  it('takes the first ones of each verdict, whatever order they come in', () => {
    const [first, second] = VERDICTS
    if (first === undefined || second === undefined) throw new Error('no verdicts')
    const flows = [3, 0, 2, 1].map((flow) => ({ ...normal, verdict: flow < 2 ? second : first, flow }))
    const numbers = (most: number, list = flows) => worstFirst(list, most).map(({ flow }) => flow)
    expect(numbers(1).slice(0, 1)).toEqual([2])
    expect(
      numbers(
        1,
        flows.toSorted((a, b) => a.flow - b.flow),
      ),
    ).toEqual([2, 0])
  })

  it('stops at 200 flows and says so', () => {
    const many = report(Array.from({ length: 250 }, (_, flow) => ({ ...normal, flow })))
    expect(listPage(many, viewOf(80), 'x').some((line) => line.startsWith('50 more flows'))).toBe(true)
    expect(listPage(many, viewOf(80, { all: true }), 'x')).toHaveLength(253)
  })

  it('shows findings with their severity', () => {
    const found = report([normal], {
      findings: [
        {
          id: 'never-heard-of',
          severity: 'problem',
          flow: 0,
          flows: [0],
          side: 'server',
          certainty: 'seen',
          packets: [4],
          args: {},
          causes: [{ code: 'some-cause', likelihood: 'likely' }],
        } as unknown as Finding,
      ],
    })
    expect(listPage(found, viewOf(80), 'x')).toContain(
      '  problem  flow 0; never heard of. likely: some-cause.',
    )
  })
})

describe('what could not be shown', () => {
  const [info] = report([normal]).captures
  const odd = report([normal], {
    captures:
      info === undefined
        ? []
        : [
            {
              ...info,
              other: { arp: 2, 'udp\u001b[2J': 5 },
              drops: 7,
              damage: 'trace.pcap: cut short (byte 999)',
            },
          ],
  })

  it('is told by reason, most first, and safe', () => {
    expect(footerLines(odd, en)).toEqual([
      '7 packets not TCP or not decoded: udp\\u{1b}[2J 5, arp 2',
      '7 packets lost by the capturing host: what looks missing may have been there',
    ])
  })

  it('tells connections that are only counted apart from packets', () => {
    const [capture] = odd.captures
    const other = { arp: 2, 'half-open-over-max-flows': 9 }
    const flooded = { ...odd, captures: capture === undefined ? [] : [{ ...capture, other, drops: 0 }] }
    expect(footerLines(flooded, en)).toEqual([
      '9 more connections never came about and are only counted; --max-flows lists more',
      '2 packets not TCP or not decoded: arp 2',
    ])
  })

  it('says what cut headers ask for', () => {
    const [capture] = odd.captures
    const cut = {
      ...odd,
      captures:
        capture === undefined
          ? []
          : [{ ...capture, tcpPackets: 7, other: { arp: 2, 'tcp-truncated': 3 }, drops: 0 }],
    }
    expect(footerLines(cut, en)).toEqual([
      '2 packets not TCP or not decoded: arp 2',
      '3 of 7 TCP packets are cut too short to follow: capture with a larger snap length (tcpdump -s 0)',
    ])
  })

  it('says whose clock was behind, and that its times were moved', () => {
    const [capture] = odd.captures
    const clean = { ...capture, other: {}, drops: 0, damage: null } as NonNullable<typeof capture>
    const two = {
      ...odd,
      captures: [
        { ...clean, file: 'a.pcap' },
        { ...clean, file: 'b.pcap', clockBehind: 5.25 },
      ],
    }
    expect(footerLines(two, en)).toEqual([
      'b.pcap: its clock was 5.25 s behind that of another capture: all its times are told as much later',
    ])
    expect(footerLines(two, zh)).toEqual([
      'b.pcap：其时钟比另一份抓包慢 5.25 s：它的所有时间都已推后同样的长度',
    ])
  })

  it('names file and byte of a damage', () => {
    expect(damageLines(odd, en)).toEqual(['trace.pcap: cut short (byte 999)'])
  })

  const capture = (more: Partial<CaptureInfo>): CaptureInfo => ({
    file: 'a.pcap',
    format: 'pcap',
    compression: 'none',
    packets: 0,
    tcpPackets: 0,
    first: null,
    last: null,
    other: {},
    drops: 0,
    damage: null,
    ...more,
  })
  const told = (...captures: CaptureInfo[]): string[] => damageLines({ ...report([]), captures }, en)

  it('tells captures that hold nothing, but not an empty one among others', () => {
    expect(told(capture({ nothingAt: 24 }))).toEqual(['a.pcap: holds no packet, only its header (byte 24)'])
    // As a state that an older version saved has it.
    expect(told(capture({}))).toEqual(['a.pcap: holds no packet, only its header'])
    expect(told(capture({}), capture({ file: 'b.pcap', packets: 2, other: { udp: 2 } }))).toEqual([])
  })

  it('tells a link type that is not known, when no packet has another', () => {
    const unknown = capture({ packets: 9, other: { 'unknown-link-type-9999': 9 }, nothingAt: 20 })
    expect(told(unknown)).toEqual([
      'a.pcap: link type 9999 is not known: none of its packets can be decoded (byte 20)',
    ])
    expect(told(capture({ packets: 9, other: { 'unknown-link-type-9999': 8, udp: 1 } }))).toEqual([])
    expect(told(capture({ packets: 9, tcpPackets: 1, other: { 'unknown-link-type-9999': 8 } }))).toEqual([])
  })
})
