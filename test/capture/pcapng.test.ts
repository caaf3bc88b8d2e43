import { describe, expect, it } from 'vitest'
import {
  ascii,
  block,
  description,
  END_OF_OPTIONS,
  enhanced,
  type Octets,
  option,
  section,
  u16,
  u32,
  u64,
} from './bytes.js'
import { collectFile, collectPipe } from './collect.js'

const TICKS = 1_700_000_000_123_456n

function file(...blocks: Octets[]): Uint8Array {
  return Uint8Array.from(blocks.flat())
}

describe('pcapng', () => {
  for (const little of [true, false]) {
    const order = little ? 'little-endian' : 'big-endian'

    it(`reads an enhanced packet (${order})`, async () => {
      const packet = enhanced({ ticks: TICKS, data: [1, 2, 3, 4, 5], original: 1500 }, little)
      const { records, summary } = await collectFile(
        file(section(little), description(little, 113, 96), packet),
      )
      expect(records).toEqual([
        {
          number: 1,
          offset: -1,
          data: [1, 2, 3, 4, 5],
          wireLength: 1500,
          seconds: 1_700_000_000,
          nanoseconds: 123_456_000,
          iface: {
            id: 0,
            linkType: 113,
            // Behind the section header's 28 bytes, a type and a length.
            linkTypeAt: 36,
            snapLength: 96,
            fcsLength: 0,
          },
          flags: 0,
          drops: 0,
          comments: [],
        },
      ])
      expect(summary).toMatchObject({ format: 'pcapng', records: 1, damage: null })
    })

    it(`reads options of packets, with and without their end (${order})`, async () => {
      const options = [
        ...option(1, ascii('first\0hidden'), little),
        ...option(2, u32(0x0000_0a02, little), little),
        ...option(4, u64(0x1_0000_0003n, little), little),
        ...option(1, ascii('zweitens ü'), little),
      ]
      for (const end of [[], END_OF_OPTIONS, [...END_OF_OPTIONS, ...option(1, ascii('no'), little)]]) {
        const packet = enhanced({ ticks: TICKS, data: [9], options: [...options, ...end] }, little)
        const plain = enhanced({ ticks: TICKS, data: [8] }, little)
        const { records } = await collectFile(file(section(little), description(little), packet, plain))
        expect(records[0]).toMatchObject({
          comments: ['first', 'zweitens ü'],
          flags: 0xa02,
          drops: 4_294_967_299,
        })
        expect(records[1]).toMatchObject({ comments: [], flags: 0, drops: 0 })
      }
    })

    it(`reads the obsolete and the simple packet block (${order})`, async () => {
      const obsolete = block(
        2,
        [
          ...u16(1, little),
          ...u16(7, little),
          ...u32(Number(TICKS >> 32n), little),
          ...u32(Number(TICKS & 0xffff_ffffn), little),
          ...u32(2, little),
          ...u32(60, little),
          1,
          2,
        ],
        little,
      )
      const simple = block(3, [...u32(5, little), 1, 2, 3, 4], little)
      const { records, summary } = await collectFile(
        file(section(little), description(little, 1, 4), description(little, 101), obsolete, simple),
      )
      expect(summary.damage).toBeNull()
      expect(records[0]).toMatchObject({ data: [1, 2], wireLength: 60, drops: 7, iface: { id: 1 } })
      // No time of its own, and the snap length says how much of it is there.
      expect(records[1]).toMatchObject({
        data: [1, 2, 3, 4],
        wireLength: 5,
        drops: 0,
        iface: { id: 0 },
        seconds: 1_700_000_000,
      })
    })

    it(`reads what is said of interfaces and names (${order})`, async () => {
      const described = description(little, 1, 0, [
        ...option(1, ascii('on the roof'), little),
        ...option(2, ascii('eth0'), little),
        ...option(11, [0, ...ascii('tcp port 80')], little),
        ...option(13, [4], little),
      ])
      const statistics = (dropped: bigint, byOs: bigint) =>
        block(
          5,
          [
            ...u32(0, little),
            ...u32(0, little),
            ...u32(0, little),
            ...option(5, u64(dropped, little), little),
            ...option(7, u64(byOs, little), little),
          ],
          little,
        )
      const names = block(
        4,
        [
          ...option(1, [192, 0, 2, 1, ...ascii('one\0uno\0')], little),
          ...option(2, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, ...ascii('six\0')], little),
          ...option(2, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 7, ...ascii('mapped\0')], little),
          ...END_OF_OPTIONS,
          ...option(1, ascii('from dns'), little),
        ],
        little,
      )
      const {
        lost,
        names: found,
        comments,
        records,
      } = await collectFile(
        file(
          section(little, option(1, ascii('hello'), little)),
          described,
          enhanced({ ticks: 0n, data: [] }, little),
          statistics(0n, 0n),
          statistics(2n, 3n),
          statistics(2n, 3n),
          statistics(9n, 3n),
          names,
        ),
      )
      expect(records[0]?.iface).toMatchObject({ fcsLength: 4 })
      expect(lost).toEqual([
        [5, 0],
        [7, 0],
      ])
      expect(found).toEqual([
        ['192.0.2.1', 'one'],
        ['192.0.2.1', 'uno'],
        ['2001:db8::1', 'six'],
        ['::ffff:192.0.2.7', 'mapped'],
      ])
      expect(comments).toEqual(['hello', 'on the roof', 'from dns'])
    })
  }

  it('reads sections of either byte order, whose interfaces count on', async () => {
    const { records } = await collectFile(
      file(
        section(true),
        description(true, 1),
        description(true, 101),
        enhanced({ id: 1, ticks: TICKS, data: [1] }, true),
        section(false),
        description(false, 113),
        enhanced({ id: 0, ticks: TICKS, data: [2] }, false),
      ),
    )
    expect(records.map(({ number, iface }) => [number, iface.id, iface.linkType])).toEqual([
      [1, 1, 101],
      [2, 2, 113],
    ])
  })

  it('passes over blocks that say nothing of packets, even very long ones', async () => {
    const packet = enhanced({ ticks: 0n, data: [1] })
    const { records, summary } = await collectFile(
      file(section(), block(0x0a, [1, 2, 3]), description(), block(0x7777, []), packet),
    )
    expect([records.length, summary.damage]).toEqual([1, null])

    const length = 17 * 1024 * 1024
    const long = new Uint8Array(length)
    long.set([...u32(0x0bad, true), ...u32(length, true)])
    long.set(u32(length, true), length - 4)
    const bytes = Buffer.concat([file(section(), description()), long, file(packet)])
    const behind = await collectFile(bytes)
    expect([behind.records.length, behind.summary.damage]).toEqual([1, null])
    const cut = await collectFile(bytes.subarray(0, 48 + length - 100))
    expect(cut.summary.damage).toMatchObject({ code: 'cut-short', byte: 48 })
    expect(cut.summary.damage?.detail).toContain('100 bytes missing')
    bytes.set([1], 48 + length - 4)
    const differs = await collectFile(bytes)
    expect(differs.records).toHaveLength(1)
    expect(differs.summary.damage).toMatchObject({ code: 'bad-block', byte: 48 })
  })
})

describe('damage in pcapng', () => {
  const packets = [1, 2, 3, 4].map((octet) => enhanced({ ticks: TICKS, data: [octet, octet, octet, octet] }))
  const LENGTH = 36
  const FIRST = 28 + 20
  const sound = () => file(section(), description(), ...packets)

  for (const [how, read] of [
    ['file', (bytes: Uint8Array, strict: boolean) => collectFile(bytes, { strict })],
    ['pipe', (bytes: Uint8Array, strict: boolean) => collectPipe(bytes, 1, { strict })],
  ] as const) {
    it(`costs only the block that is wrong inside (${how})`, async () => {
      const bytes = sound()
      bytes.set(u32(5, true), FIRST + LENGTH + 20)
      bytes.set(u32(3, true), FIRST + 2 * LENGTH + 8)
      const { records, damages } = await read(bytes, false)
      expect(records.map((record) => record.data[0])).toEqual([1, 4])
      expect(damages.map(({ code, byte }) => [code, byte])).toEqual([
        ['bad-record', FIRST + LENGTH],
        ['bad-record', FIRST + 2 * LENGTH],
      ])
      const strict = await read(bytes, true)
      expect([strict.records.length, strict.damages.length]).toEqual([1, 1])
    })

    it(`goes on behind a block whose lengths differ (${how})`, async () => {
      for (const wrong of [0, 4, 13, 40, 1000, 0xffff_fffc]) {
        const bytes = sound()
        bytes.set(u32(wrong, true), FIRST + LENGTH + 4)
        const { records, damages } = await read(bytes, false)
        expect(records.map((record) => record.data[0])).toEqual([1, 3, 4])
        expect(damages).toHaveLength(1)
        expect(damages[0]?.byte).toBe(FIRST + LENGTH)
        expect(damages[0]?.detail).toContain(`reading went on ${LENGTH} bytes later`)
        const strict = await read(bytes, true)
        expect([strict.records.length, strict.damages[0]?.byte]).toEqual([1, FIRST + LENGTH])
      }
    })

    it(`says how much of a cut block is missing (${how})`, async () => {
      const { records, summary } = await read(sound().subarray(0, -1), false)
      expect(records).toHaveLength(3)
      expect(summary.damage).toMatchObject({ code: 'cut-short', byte: FIRST + 3 * LENGTH })
      expect(summary.damage?.detail).toBe('cut short in a block: 1 byte missing, after record 3')
    })
  }

  it('stops at a section of an unknown version', async () => {
    const { records, summary } = await collectFile(file(section(), description(), section(true, [], 2)))
    expect(records).toHaveLength(0)
    expect(summary.damage).toMatchObject({ code: 'unknown-version', byte: 28 + 20 })
  })

  it('takes version 1.2, which some programs wrote, for 1.0', async () => {
    const bytes = file(section(true, [], 1, 2), description(), enhanced({ ticks: 0n, data: [1] }))
    const { records, summary } = await collectFile(bytes)
    expect([records.length, summary.damage]).toEqual([1, null])
  })

  it('survives options that claim more than there is', async () => {
    const options = [...u16(1, true), ...u16(0xfff0, true), 65, 66, 67, 68]
    const { records, summary } = await collectFile(
      file(section(), description(true, 1, 0, options), enhanced({ ticks: 0n, data: [1], options })),
    )
    expect(records[0]?.comments).toEqual([])
    expect(summary.damage).toBeNull()
  })
})
