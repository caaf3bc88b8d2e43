/** Why a capture holds nothing to decode, with the byte that says so. */
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { Reading } from '../src/reading.js'
import type { CaptureInfo } from '../src/report.js'
import { description, enhanced, pcap, section } from './capture/bytes.js'
import { ipv4, tcp } from './wire/packets.js'

const NOBODY = { segment: () => {}, error: () => false }

async function read(bytes: Uint8Array): Promise<CaptureInfo | undefined> {
  const reading = new Reading(NOBODY)
  async function* chunks() {
    yield bytes
  }
  await reading.capture('-', { stdin: chunks() })
  return reading.infos[0]
}

const LINK = 9999
const records = [{ seconds: 1, fraction: 0, data: [1, 2, 3] }]
const packet = enhanced({ ticks: 1n, data: [1, 2, 3, 4] })
const pcapng = (...blocks: (readonly number[])[]): Uint8Array => Uint8Array.from(blocks.flat())

it.each([
  ['pcap without a packet', pcap([]), 24],
  ['pcap with nanoseconds, without a packet', pcap([], { magic: 0xa1b23c4d }), 24],
  ['pcap of an unknown link type', pcap(records, { link: LINK }), 20],
  ['pcap of an unknown link type, compressed', gzipSync(pcap(records, { link: LINK })), 20],
  // A section header is 28 bytes long, an interface description without options 20.
  ['pcapng of one section', pcapng(section()), 28],
  ['pcapng without a packet', pcapng(section(), description()), 48],
  ['pcapng of an unknown link type', pcapng(section(), description(true, LINK), packet), 36],
  [
    'pcapng whose second interface has packets',
    pcapng(section(), description(), description(true, LINK), enhanced({ ticks: 1n, data: [1], id: 1 })),
    56,
  ],
])('%s', async (_what, bytes, byte) => {
  expect(await read(bytes)).toMatchObject({ damage: null, nothingAt: byte })
})

it.each([
  ['packets that are no TCP', pcap(records)],
  [
    'two link types',
    pcapng(
      section(),
      description(true, LINK),
      description(),
      packet,
      enhanced({ ticks: 1n, data: [1], id: 1 }),
    ),
  ],
])('nothing is said of %s', async (_what, bytes) => {
  expect(await read(bytes)).not.toHaveProperty('nothingAt')
})

it('a packet whose TCP header was cut is one with TCP, and is named among what cannot be followed', async () => {
  const whole = ipv4(tcp(0))
  const cut = [whole, whole.subarray(0, 20 + 13)].map((data, n) => ({
    seconds: n,
    fraction: 0,
    data: [...data],
    original: whole.length,
  }))
  expect(await read(pcap(cut, { link: 228 }))).toMatchObject({
    packets: 2,
    tcpPackets: 2,
    other: { 'tcp-truncated': 1 },
  })
})
