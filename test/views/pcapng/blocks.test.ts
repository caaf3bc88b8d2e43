/** What is in the written file octet by octet, read by hand and by our own reader; needs no other program. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readCapture } from '../../../src/capture/read.js'
import type { Finding, Report } from '../../../src/report.js'
import { withComments } from '../../../src/views/pcapng/insert.js'
import {
  ascii,
  block,
  description,
  END_OF_OPTIONS,
  enhanced,
  option,
  pcap,
  section,
  u32,
} from '../../capture/bytes.js'
import { collect } from '../../capture/collect.js'
import { ENDS, frame, HANDSHAKE, LEFT_OPEN } from '../frames.js'
import { writeOnceMore } from './write.js'

const records = LEFT_OPEN.map((segment, n) => ({ seconds: 1000 + n, fraction: 0, data: frame(segment) }))

it('puts the comments behind the options that are there, and before their end', () => {
  const options = [...option(2, [1, 0, 0, 0]), ...option(1, ascii('mine')), ...END_OF_OPTIONS]
  const bytes = Uint8Array.from(enhanced({ ticks: 1n, data: [1, 2, 3, 4, 5], options }))
  const raw = { bytes, start: 0, end: bytes.length, type: 6, littleEndian: true }
  const expected = enhanced({
    ticks: 1n,
    data: [1, 2, 3, 4, 5],
    options: [
      ...option(2, [1, 0, 0, 0]),
      ...option(1, ascii('mine')),
      ...option(1, ascii('ours')),
      ...END_OF_OPTIONS,
    ],
  })
  expect([...(withComments(raw, ['ours']) ?? [])]).toEqual(expected)
})

it('ends a list that its writer did not end, and begins one where there was none', () => {
  for (const options of [[], option(2, [1, 0, 0, 0], false)]) {
    const bytes = Uint8Array.from([9, 9, 9, 9, ...enhanced({ ticks: 1n, data: [7], options }, false)])
    const raw = { bytes, start: 4, end: bytes.length, type: 6, littleEndian: false }
    const ours = [...options, ...option(1, ascii('ours'), false), ...END_OF_OPTIONS]
    expect([...(withComments(raw, ['ours']) ?? [])]).toEqual(
      enhanced({ ticks: 1n, data: [7], options: ours }, false),
    )
  }
})

it('keeps every octet of a block, whatever stands in its options', () => {
  const words = fc
    .array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 })
    .map((octets) => octets.slice(0, octets.length & ~3))
  fc.assert(
    fc.property(words, words, fc.boolean(), fc.string({ maxLength: 40 }), (data, options, little, text) => {
      const bytes = Uint8Array.from(enhanced({ ticks: 5n, data, options }, little))
      const made = withComments({ bytes, start: 0, end: bytes.length, type: 6, littleEndian: little }, [text])
      const ours = option(1, [...new TextEncoder().encode(text)], little)
      const whole = [...(made ?? [])]
      const added = whole.length - bytes.length
      expect([ours.length, ours.length + 4]).toContain(added)
      // Somewhere behind the data our option stands; without it (and the end of a list that had none) all is as before.
      const places = whole.flatMap((_, at) => (at >= 28 + data.length && at % 4 === 0 ? [at] : []))
      const restored = places.some((at) => {
        const rest = [...whole.slice(8, at), ...whole.slice(at + added, -4)]
        return (
          String(whole.slice(at, at + ours.length)) === String(ours) &&
          String(rest) === String([...bytes.subarray(8, -4)])
        )
      })
      expect(restored).toBe(true)
    }),
  )
})

it('cuts a comment that no option can hold between two characters', () => {
  const bytes = Uint8Array.from(enhanced({ ticks: 1n, data: [] }))
  const raw = { bytes, start: 0, end: bytes.length, type: 6, littleEndian: true }
  const made = withComments(raw, [`a${'é'.repeat(40_000)}`])
  const length = (made?.[30] ?? 0) + 256 * (made?.[31] ?? 0)
  expect(length).toBe(65_535)
  const even = withComments(raw, ['é'.repeat(40_000)])
  expect((even?.[30] ?? 0) + 256 * (even?.[31] ?? 0)).toBe(65_534)
})

it('keeps names, statistics, custom and unknown blocks octet by octet', async () => {
  const others = [
    block(4, [...option(1, [192, 0, 2, 10, ...ascii('a.example'), 0]), ...END_OF_OPTIONS]),
    block(5, [...u32(0, true), ...u32(0, true), ...u32(0, true)]),
    block(10, [...u32(0x544c534b, true), ...u32(4, true), ...ascii('none')]),
    block(0xbad, [...u32(1, true), ...ascii('kept')]),
    block(0x4000_0bad, [...u32(1, true), ...ascii('this')]),
    block(0x7777, ascii('what is this')),
  ]
  const packets = LEFT_OPEN.map((segment, n) => enhanced({ ticks: BigInt(n), data: frame(segment) }))
  const capture = Uint8Array.from([section(), description(), ...others, ...packets].flat())
  await writeOnceMore(capture, ({ bytes, made }) => {
    for (const other of others) expect(Buffer.from(bytes).includes(Buffer.from(other))).toBe(true)
    expect(made).toMatchObject({ packets: 7, commented: 7, leftOut: 0 })
  })
  // A file of fewer packets is a changed one: section 4.8 says what must not be copied into it.
  await writeOnceMore(
    capture,
    ({ bytes, made }) => {
      const found = others.map((other) => Buffer.from(bytes).includes(Buffer.from(other)))
      expect(found).toEqual([true, true, true, true, false, true])
      expect(made).toMatchObject({ packets: 7, leftOut: 1 })
    },
    { flows: [0] },
  )
})

it('copies a Simple Packet Block, which has no place for a comment, and says so', async () => {
  const simple = LEFT_OPEN.map((segment) => {
    const data = frame(segment)
    return block(3, [...u32(data.length, true), ...data])
  })
  const capture = Uint8Array.from([section(), description(), ...simple].flat())
  await writeOnceMore(capture, ({ bytes, made }) => {
    for (const each of simple) expect(Buffer.from(bytes).includes(Buffer.from(each))).toBe(true)
    expect(made).toEqual({ packets: 7, commented: 0, withoutPlace: 7, leftOut: 0 })
  })
})

it('comments the obsolete Packet Block too', async () => {
  const old = LEFT_OPEN.map((segment, n) => {
    const data = frame(segment)
    const padding = new Array<number>((4 - (data.length % 4)) % 4).fill(0)
    const lengths = [...u32(data.length, true), ...u32(data.length, true)]
    return block(2, [0, 0, 0xff, 0xff, ...u32(0, true), ...u32(n, true), ...lengths, ...data, ...padding])
  })
  const capture = Uint8Array.from([section(), description(), ...old].flat())
  await writeOnceMore(capture, async ({ output, made }) => {
    expect(made.commented).toBe(7)
    const { records: kept, summary } = await collect(output)
    expect(summary.damage).toBeNull()
    expect(kept.map(({ comments }) => comments.length)).toEqual(new Array<number>(7).fill(1))
  })
})

it('writes what comes before the end of a capture that was cut off', async () => {
  const whole = pcap(records)
  await writeOnceMore(whole.slice(0, -3), ({ made, report }) => {
    expect(report.captures[0]?.damage).not.toBeNull()
    expect(made.packets).toBe(6)
  })
})

it.each([true, false])(
  'begins a section where the first header was damaged, little-endian %s',
  async (little) => {
    const bad = section(little).fill(0x14, 4, 8)
    const [first] = records
    const data = first?.data ?? []
    const file = [...bad, ...description(little, 101), ...enhanced({ ticks: 0n, data }, little)]
    await writeOnceMore(Uint8Array.from(file), async ({ output, report }) => {
      const written = await collect(output)
      expect(written.summary).toMatchObject({ format: 'pcapng', damage: null })
      expect(written.records).toHaveLength(report.captures[0]?.packets ?? -1)
      expect(written.records.map((each) => each.data)).toEqual(little ? [data] : [])
    })
  },
)

it('writes only what was analysed of a capture that grew meanwhile', async () => {
  const change = (report: Report): Report => ({
    ...report,
    captures: report.captures.map((capture) => ({ ...capture, packets: 4 })),
  })
  await writeOnceMore(pcap(records), ({ made }) => expect(made.packets).toBe(4), { change })
})

/** Ids that no table knows: a report of another version. */
const finding = (id: string, made: Partial<Finding> = {}): Finding =>
  ({
    id,
    severity: 'problem',
    flow: 0,
    flows: [],
    side: null,
    certainty: 'seen',
    packets: [],
    args: {},
    causes: [],
    ...made,
  }) as unknown as Finding

it('says the findings of the written flows in a comment of the section, each once', async () => {
  const other = { ...ENDS, clientPort: 40_002 }
  const capture = pcap(
    [...HANDSHAKE.map((segment) => frame(segment)), ...HANDSHAKE.map((segment) => frame(segment, other))].map(
      (data, n) => ({ seconds: n, fraction: 0, data }),
    ),
  )
  const change = (report: Report): Report => ({
    ...report,
    findings: [
      finding('of-flow-0'),
      finding('of-flow-1', { flow: 1, severity: 'warning' }),
      finding('of-both', { flow: null, flows: [0, 1] }),
      finding('of-all', { flow: null, severity: 'note' }),
    ],
  })
  const said = async (file: string): Promise<string[]> => {
    const comments: string[] = []
    await readCapture(file, { record: () => {}, comment: (text) => comments.push(text) })
    return comments.slice(1).map((text) => text.split(' | ')[0] ?? '')
  }
  await writeOnceMore(
    capture,
    async ({ output }) =>
      expect(await said(output)).toEqual([
        'bothends: problem of-flow-0 flow=0',
        'bothends: warning of-flow-1 flow=1',
        'bothends: problem of-both',
        'bothends: note of-all',
      ]),
    { change },
  )
  await writeOnceMore(
    capture,
    async ({ output }) =>
      expect(await said(output)).toEqual([
        'bothends: warning of-flow-1 flow=1',
        'bothends: problem of-both',
        'bothends: note of-all',
      ]),
    { change, flows: [1] },
  )
})

it('begins every comment the way that docs/export.md promises', async () => {
  await writeOnceMore(pcap(records), async ({ output }) => {
    const { records: kept } = await collect(output)
    const form =
      /^bothends: C=[A-Z_0-9]+\?? S=[A-Z_0-9]+\?? flow=\d+ packet=(\d+) from=(client|server) received=(yes|no|unknown) \| \S/
    expect(kept.map(({ comments }) => form.exec(comments[0] ?? '')?.[1])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
    ])
  })
})

it('refuses a link type that pcapng has no number for', async () => {
  const capture = pcap([{ seconds: 1, fraction: 0, data: [1] }], { link: 70_000 })
  await expect(writeOnceMore(capture, () => {})).rejects.toThrow('link type 70000 has no place in pcapng')
})

it('keeps the length of the frame check sequence, whatever a classic header makes of it', async () => {
  for (let words = 0; words < 16; words++) {
    const capture = Uint8Array.from(pcap([{ seconds: 1, fraction: 0, data: new Array(64).fill(0) }]))
    // The upper four bits count in sixteen bits (pcap-linktype(7)); the sixth bit says that they count.
    new DataView(capture.buffer).setUint32(20, ((words << 28) | 0x0400_0001) >>> 0, true)
    await writeOnceMore(capture, async ({ output }) => {
      const { records } = await collect(output)
      expect(records.map(({ iface }) => iface.fcsLength)).toEqual([2 * words])
    })
  }
})
