import { describe, expect, it } from 'vitest'
import { pcap, pcapHeader, pcapRecord, u32 } from './bytes.js'
import { collectFile, collectPipe } from './collect.js'

const ONE = { seconds: 1_700_000_000, fraction: 123_456, data: [1, 2, 3] }

describe('classic pcap', () => {
  for (const little of [true, false]) {
    for (const reader of ['blocks', 'pcap-parser'] as const) {
      const order = `${little ? 'little' : 'big'}-endian, ${reader}`

      it(`reads microseconds (${order})`, async () => {
        const bytes = pcap([{ ...ONE, original: 60 }], { little })
        const { records, summary } = await collectFile(bytes, { reader })
        expect(records).toHaveLength(1)
        expect(records[0]).toMatchObject({
          number: 1,
          data: [1, 2, 3],
          wireLength: 60,
          seconds: 1_700_000_000,
          nanoseconds: 123_456_000,
        })
        expect(summary).toMatchObject({ format: 'pcap', compression: 'none', records: 1, damage: null })
      })

      it(`reads nanoseconds (${order})`, async () => {
        const bytes = pcap([{ ...ONE, fraction: 999_999_999 }], { little, magic: 0xa1b23c4d })
        const { records, summary } = await collectFile(bytes, { reader })
        expect(records[0]).toMatchObject({ seconds: 1_700_000_000, nanoseconds: 999_999_999 })
        expect(summary.format).toBe('pcap-ns')
      })

      it(`reads the longer record header of the patched libpcap (${order})`, async () => {
        const bytes = pcap([ONE, { ...ONE, data: [] }, ONE], { little, magic: 0xa1b2cd34 })
        const { records, summary } = await collectFile(bytes, { reader })
        expect(records.map((record) => record.data)).toEqual([[1, 2, 3], [], [1, 2, 3]])
        expect(summary.damage).toBeNull()
      })

      it(`reads seconds above 2^31 and carries too many microseconds (${order})`, async () => {
        const bytes = pcap([{ seconds: 4_000_000_000, fraction: 2_500_000, data: [] }], { little })
        const { records } = await collectFile(bytes, { reader })
        expect(records[0]).toMatchObject({ seconds: 4_000_000_002, nanoseconds: 500_000_000 })
      })

      it(`reads the swapped lengths of version 2.2 (${order})`, async () => {
        const header = pcapHeader({ little, minor: 2 })
        const record = pcapRecord({ ...ONE, captured: 60, original: 3 }, little)
        const { records } = await collectFile(Uint8Array.from([...header, ...record]), { reader })
        expect(records[0]).toMatchObject({ data: [1, 2, 3], wireLength: 60 })
      })
    }
  }

  it('takes the frame check sequence out of the link type', async () => {
    // Bit 26: there is one; bits 28 to 31: two words of 16 bits.
    const { records } = await collectFile(pcap([ONE], { link: 0x2400_0001 }))
    expect(records[0]?.iface).toMatchObject({ linkType: 1, fcsLength: 4 })
    const without = await collectFile(pcap([ONE], { link: 0x2000_0071 }))
    expect(without.records[0]?.iface).toMatchObject({ linkType: 0x71, fcsLength: 0 })
  })

  it('finds a header without records sound', async () => {
    const { summary } = await collectFile(pcap([]))
    expect(summary).toMatchObject({ records: 0, damage: null })
  })

  it('takes 262,144 bytes as a record, and more when the snap length says so', async () => {
    const data = new Array<number>(262_144).fill(7)
    const usual = await collectFile(pcap([{ ...ONE, data }]))
    expect(usual.records[0]?.data).toHaveLength(262_144)
    const long = new Array<number>(262_145).fill(7)
    const damaged = await collectFile(pcap([{ ...ONE, data: long }]))
    expect(damaged.summary.damage).toMatchObject({ code: 'record-too-long', byte: 24 })
    const promised = await collectFile(pcap([{ ...ONE, data: long }], { snap: 300_000 }))
    expect(promised.records[0]?.data).toHaveLength(262_145)
  })

  it('reads more than fits in one block, with a record across the border', async () => {
    const data = new Array<number>(1000).fill(1)
    const records = Array.from({ length: 2500 }, (_, i) => ({ seconds: i, fraction: 0, data }))
    const read = await collectFile(pcap(records))
    expect(read.records.map((record) => record.seconds)).toEqual(records.map((record) => record.seconds))
    expect(read.records.every((record) => record.data.every((octet) => octet === 1))).toBe(true)
  })

  it('hands each record of a pipe on before the next one comes', async () => {
    const seen: number[] = []
    const header = Uint8Array.from(pcapHeader())
    async function* live() {
      yield header
      for (let i = 1; i <= 3; i++) {
        yield Uint8Array.from(pcapRecord({ ...ONE, seconds: i }))
        expect(seen).toEqual(Array.from({ length: i }, (_, k) => k + 1))
      }
    }
    const { readCapture } = await import('../../src/capture/read.js')
    await readCapture('-', { record: ({ seconds }) => seen.push(seconds) }, { stdin: live() })
    expect(seen).toEqual([1, 2, 3])
  })
})

describe('damage in classic pcap', () => {
  const sound = Array.from({ length: 5 }, (_, i) => ({ ...ONE, seconds: 1_700_000_000 + i }))

  for (const [how, read] of [
    ['file', (bytes: Uint8Array, strict: boolean) => collectFile(bytes, { strict })],
    ['pipe', (bytes: Uint8Array, strict: boolean) => collectPipe(bytes, 7, { strict })],
  ] as const) {
    it(`says how many bytes of a cut record are missing (${how})`, async () => {
      const bytes = pcap(sound)
      const data = await read(bytes.subarray(0, -2), false)
      expect(data.records).toHaveLength(4)
      expect(data.summary.damage).toMatchObject({
        code: 'cut-short',
        detail: 'cut short in the data of record 5: 2 bytes missing',
        byte: 24 + 4 * 19,
      })
      const header = await read(bytes.subarray(0, -18), false)
      expect(header.summary.damage?.detail).toBe('cut short in the header of record 5: 15 bytes missing')
    })

    it(`passes over a record whose length can't be (${how})`, async () => {
      const bytes = pcap(sound)
      bytes.set(u32(0xffff_ffff, true), 24 + 19 + 8)
      const { records, summary, damages } = await read(bytes, false)
      expect(records.map((record) => record.seconds % 10)).toEqual([0, 2, 3, 4])
      expect(records.map((record) => record.number)).toEqual([1, 2, 3, 4])
      expect(damages).toHaveLength(1)
      expect(summary.damage).toMatchObject({ code: 'record-too-long', byte: 24 + 19 })
      expect(summary.damage?.detail).toContain('claims 4294967295 bytes')
      expect(summary.damage?.detail).toContain('reading went on 19 bytes later')
    })

    it(`stops there when it is to be strict (${how})`, async () => {
      const bytes = pcap(sound)
      bytes.set(u32(262_145, true), 24 + 19 + 8)
      const { records, summary } = await read(bytes, true)
      expect(records).toHaveLength(1)
      expect(summary.damage).toMatchObject({ code: 'record-too-long', byte: 24 + 19 })
    })

    it(`sees a length that claims more than the file has, with records behind it (${how})`, async () => {
      const bytes = pcap(sound)
      bytes.set(u32(1000, true), 24 + 19 + 8)
      const { records, summary } = await read(bytes, false)
      expect(records.map((record) => record.seconds % 10)).toEqual([0, 2, 3, 4])
      expect(summary.damage).toMatchObject({ code: 'bad-record', byte: 24 + 19 })
    })

    it(`ends when nothing sound follows (${how})`, async () => {
      const bytes = Uint8Array.from([...pcap(sound), ...new Array<number>(5000).fill(0xff)])
      const { records, summary } = await read(bytes, false)
      expect(records).toHaveLength(5)
      expect(summary.damage).toMatchObject({ code: 'record-too-long', byte: 24 + 5 * 19 })
      expect(summary.damage?.detail).toContain('no sound record was found')
    })
  }
})
