/** What Wireshark's own programs make of the written files: the same packets, and our comments. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  ascii,
  block,
  description,
  END_OF_OPTIONS,
  enhanced,
  option,
  type PcapShape,
  pcap,
  section,
  u32,
  u64,
} from '../../capture/bytes.js'
import { ARP, ENDS, frame, LEFT_OPEN } from '../frames.js'
import { fields, octetsOf, packetsOf, TSHARK } from '../tshark.js'
import { type Pair, writeOnceMore } from './write.js'

const BEGIN = 1_767_323_045
/** The connection's frames with an ARP request in front. */
const FRAMES = [ARP, ...LEFT_OPEN.map((segment) => frame(segment))]

/** By hand, after RFC 9293 figure 5: both ends after each of the packets 2 to 8. */
const STATES = [
  'C=SYN_SENT S=SYN_RECEIVED',
  'C=ESTABLISHED S=SYN_RECEIVED',
  'C=ESTABLISHED S=ESTABLISHED',
  'C=ESTABLISHED S=ESTABLISHED',
  'C=ESTABLISHED S=ESTABLISHED',
  'C=FIN_WAIT_1 S=CLOSE_WAIT',
  'C=FIN_WAIT_2 S=CLOSE_WAIT',
]

const classic = (shape: PcapShape, fraction: number): Uint8Array =>
  pcap(
    FRAMES.map((data, n) => ({
      seconds: BEGIN + n,
      fraction: fraction + n,
      data,
      original: data.length + n,
    })),
    shape,
  )

const samePackets = ({ input, output }: Pair): void => {
  expect(packetsOf(output)).toEqual(packetsOf(input))
  expect(octetsOf(output)).toBe(octetsOf(input))
}

/** Without the mark of what the capture can't tell: that is for the tests of the inference. */
const statesOf = (file: string): string[] =>
  fields(file, 'frame.comment').map(([comment = '']) => {
    const [, client, server] = /bothends: C=([A-Z_0-9]+)\?? S=([A-Z_0-9]+)\?? /.exec(comment) ?? []
    return client === undefined ? comment : `C=${client} S=${server}`
  })

describe.runIf(TSHARK)('a classic pcap', () => {
  const captures: readonly [string, Uint8Array][] = [
    ['in microseconds, little-endian', classic({}, 999_000)],
    ['in microseconds, big-endian', classic({ little: false }, 999_000)],
    ['in nanoseconds, little-endian', classic({ magic: 0xa1b23c4d }, 999_999_900)],
    ['in nanoseconds, big-endian', classic({ magic: 0xa1b23c4d, little: false }, 123_456_789)],
    ['compressed', gzipSync(classic({ magic: 0xa1b23c4d }, 7))],
  ]
  it.each(captures)('%s becomes a pcapng of the same packets', async (_, capture) => {
    await writeOnceMore(capture, (pair) => {
      samePackets(pair)
      expect(statesOf(pair.output)).toEqual(['', ...STATES])
      expect(pair.made).toEqual({ packets: 8, commented: 7, withoutPlace: 0, leftOut: 0 })
    })
  })

  it('keeps the link type', async () => {
    const raw = LEFT_OPEN.map((segment, n) => ({ seconds: n, fraction: 0, data: frame(segment).slice(14) }))
    await writeOnceMore(pcap(raw, { link: 101 }), (pair) => {
      samePackets(pair)
      expect(statesOf(pair.output)).toEqual(STATES)
    })
  })

  it('without packets becomes a file that opens', async () => {
    await writeOnceMore(pcap([]), ({ output }) => expect(packetsOf(output)).toEqual([]))
  })
})

/** Two interfaces with clocks of their own, and everything that a file may carry beside packets. */
const rich = (little: boolean): number[] => {
  const packet = (n: number, options: readonly number[] = []): number[] => {
    const data = FRAMES[n] ?? []
    const odd = n % 2 === 1
    const ticks = odd ? BigInt(BEGIN + n) * 1_000_000_000n + 123n : BigInt(BEGIN + n) * 1_000_000n
    return enhanced({ id: odd ? 1 : 0, ticks, data, original: data.length + 3, options }, little)
  }
  const name = option(1, [192, 0, 2, 10, ...ascii('client.example'), 0], little)
  return [
    ...section(little, [
      ...option(1, ascii('a remark on the whole'), little),
      ...option(4, ascii('dumpcap'), little),
      ...END_OF_OPTIONS,
    ]),
    ...description(little, 1, 0, [...option(2, ascii('eth0'), little), ...END_OF_OPTIONS]),
    ...description(little, 1, 0, [
      ...option(2, ascii('eth1'), little),
      ...option(9, [9], little),
      ...END_OF_OPTIONS,
    ]),
    ...block(4, [...name, ...END_OF_OPTIONS], little),
    ...packet(0),
    ...packet(1, [
      ...option(1, ascii('first'), little),
      ...option(1, ascii('second'), little),
      ...END_OF_OPTIONS,
    ]),
    // epb_flags, inbound, and no end of the list.
    ...packet(2, option(2, u32(1, little), little)),
    ...[3, 4, 5, 6, 7].flatMap((n) => packet(n)),
    ...block(
      5,
      [
        ...u32(0, little),
        ...u32(0, little),
        ...u32(0, little),
        ...option(5, u64(12n, little), little),
        ...END_OF_OPTIONS,
      ],
      little,
    ),
    // Custom, with a number for private use. Wireshark gives each a number of its own, like a packet.
    ...block(0xbad, [...u32(0x7fff_ffff, little), ...ascii('keep')], little),
    ...block(0x4000_0bad, [...u32(0x7fff_ffff, little), ...ascii('stay')], little),
  ]
}

describe.runIf(TSHARK)('a pcapng', () => {
  it.each([
    ['little-endian', true],
    ['big-endian', false],
  ])('of two interfaces, %s, keeps packets, interfaces and comments', async (_, little) => {
    await writeOnceMore(Uint8Array.from(rich(little)), (pair) => {
      samePackets(pair)
      const kept = ['frame.interface_id', 'frame.interface_name', 'frame.packet_flags']
      expect(fields(pair.output, ...kept)).toEqual(fields(pair.input, ...kept))
      const comments = fields(pair.output, 'frame.comment').map(([text = '']) => text.split('|bothends: ')[0])
      expect(comments[1]).toBe('first|second')
      expect(statesOf(pair.output)).toEqual(['', ...STATES, '', ''])
    })
  })

  it('of two sections with different byte orders keeps both', async () => {
    const end = { ...ENDS, clientPort: 40_002 }
    const second = [
      ...section(false),
      ...description(false),
      ...LEFT_OPEN.flatMap((segment, n) =>
        enhanced({ ticks: BigInt(BEGIN + 20 + n) * 1_000_000n, data: frame(segment, end) }, false),
      ),
    ]
    await writeOnceMore(Uint8Array.from([...rich(true), ...second]), (pair) => {
      samePackets(pair)
      expect(statesOf(pair.output).slice(10)).toEqual(STATES)
    })
  })

  it('with the packets of one flow only', async () => {
    const other = { ...ENDS, clientPort: 40_002 }
    const both = LEFT_OPEN.flatMap((segment) => [frame(segment), frame(segment, other)])
    const capture = pcap(both.map((data, n) => ({ seconds: BEGIN + n, fraction: 0, data })))
    await writeOnceMore(
      capture,
      (pair) => {
        const all = packetsOf(pair.input)
        expect(packetsOf(pair.output)).toEqual(all.filter((_, n) => n % 2 === 1))
        // Numbers in comments are those of the capture.
        const numbers = fields(pair.output, 'frame.comment').map(
          ([text = '']) => /packet=(\d+)/.exec(text)?.[1],
        )
        expect(numbers).toEqual(['2', '4', '6', '8', '10', '12', '14'])
      },
      { flows: [1] },
    )
  })
})
