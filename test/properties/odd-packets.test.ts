/** Packets that wait in the log are those that `flow/conversation.ts` would have gathered, whatever they carry. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sortedInto } from '../../src/analyze.js'
import { Conversations } from '../../src/flow/conversation.js'
import { connections } from '../../src/flow/incarnations.js'
import { OddPackets } from '../../src/plain/odd-packets.js'
import { isEscalated, PlainFlows } from '../../src/plain/plain-flows.js'
import { Reading } from '../../src/reading.js'
import { pcap } from '../capture/bytes.js'
import { ethernet, ipv4, tcp } from '../wire/packets.js'

const gathered = async (file: string) => {
  const conversations = new Conversations()
  await new Reading(sortedInto(conversations)).capture(file, {})
  return conversations.all
}

/** All of them, also those that went plainly. */
const logged = async (file: string) => {
  const plain = new PlainFlows()
  plain.beginCapture(0)
  const first = new Reading({
    segment: (view, record, _capture, epoch) => plain.segment(view, record, epoch),
    error: (view) => plain.error(view),
  })
  await first.capture(file, {})
  for (let conversation = 0; conversation < plain.count; conversation++) {
    const row = plain.look(conversation)
    if (!isEscalated(row)) plain.escalate(row.page, row.base)
  }
  const odd = new OddPackets(plain, first.epoch ?? { seconds: 0, nanoseconds: 0 })
  const second = new Reading({
    segment: (view, record, capture) => odd.segment(view, record, capture),
    error: (view, record, capture, epoch) => odd.error(view, record, capture, epoch),
  })
  await second.again(first, {})
  const numbers = Array.from({ length: odd.count }, (_, number) => number)
  for (const number of numbers) {
    const one = odd.oneConnection(number)
    const all = connections(odd.conversation(number))
    if (one !== null) expect(all).toHaveLength(1)
    if (one !== null) expect(all[0]?.segments).toHaveLength(one.packets)
    if (one !== null) expect(all[0]?.segments[0]).toMatchObject(one.first)
  }
  // Asked twice: what was made of the first must not show in the second.
  for (const number of numbers) for (const s of odd.conversation(number).segments) s.from = 1
  return numbers.map((number) => odd.conversation(number))
}

const samples = readdirSync('samples', { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.pcap(ng)?(\.\w+)?$/.test(name),
)

const folder = mkdtempSync(join(tmpdir(), 'bothends-odd-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What no packet has that goes plainly: each says more than fits into the words of the log. */
const RARE: Readonly<Record<string, Uint8Array>> = {
  nothing: tcp(4),
  'a SACK block': tcp(0, '0101 050a 00000001 00000002', 0x10),
  'an MSS on no SYN': tcp(4, '020405b4', 0x10),
  'a window scale on no SYN': tcp(4, '01030307', 0x10),
  'a Fast Open cookie on no SYN': tcp(4, '220a0102030405060708 0101', 0x10),
  'the AE bit': tcp(4, '', 0x110),
}

it.each(Object.keys(RARE))('a packet with %s', async (name) => {
  const data = [...ethernet(ipv4(RARE[name] ?? tcp()))]
  const file = join(folder, 'rare.pcap')
  writeFileSync(
    file,
    pcap([
      { seconds: 1, fraction: 0, data },
      { seconds: 2, fraction: 5, data, original: 0xffff_fff0 },
    ]),
  )
  const expected = await gathered(file)
  expect(expected[0]?.segments).toHaveLength(2)
  expect(await logged(file)).toEqual(expected)
})

describe('packets in the log', () => {
  it.each(samples)('%s', async (name) => {
    const file = join('samples', name)
    expect(await logged(file)).toEqual(await gathered(file))
  })
})
