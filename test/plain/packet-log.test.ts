/** What the log of packets holds of those that nobody asks for any more. */
import { expect, it } from 'vitest'
import { PacketLog } from '../../src/plain/packet-log.js'
import { PlainFlows } from '../../src/plain/plain-flows.js'
import { decode, ethernet, ipv4, tcp } from '../wire/packets.js'

const SYN = 2
const ACK = 16
/** It carries text, which is more than fits into the words. */
const TEXT = 4

const iface = { id: 0, linkType: 1, linkTypeAt: 0, fcsLength: 0, name: null, snapLength: 0, filter: null }
const recordOf = (number: number) => ({
  number,
  offset: -1,
  seconds: 0,
  nanoseconds: 0,
  wireLength: 58,
  flags: 0,
  drops: 0,
  comments: [],
  iface,
  bytes: new Uint8Array(0),
  start: 0,
  end: 0,
})

it('lets go of what is kept whole of every packet that is told, however many are told at once', () => {
  const log = new PacketLog({ seconds: 0, nanoseconds: 0 }, new PlainFlows())
  const view = decode(ethernet(ipv4(tcp(TEXT, '', SYN))))
  for (let number = 1; number <= 10; number++) log.push(view, recordOf(number), 0, number, 0)
  const kept = () => Array.from({ length: log.end }, (_, place) => log.segment(place).len === TEXT)
  expect(kept()).toEqual(Array<boolean>(10).fill(true))
  log.letGo(7)
  expect(kept()).toEqual([...Array<boolean>(7).fill(false), true, true, true])
})

it('gives back SACK blocks, of as many as there are, across its pages', () => {
  const log = new PacketLog({ seconds: 0, nanoseconds: 0 }, new PlainFlows())
  // NOP, NOP, SACK of one block and of three; numbers above 2^31 too.
  const one = decode(ethernet(ipv4(tcp(0, '0101 050a 90000000 90000010', ACK))))
  const three = decode(
    ethernet(ipv4(tcp(0, '0101 051a 00000001 00000002 00000003 00000004 00000005 ffffffff', ACK))),
  )
  const none = decode(ethernet(ipv4(tcp(TEXT, '', ACK))))
  const expected = [
    [[0x9000_0000, 0x9000_0010]],
    [],
    [
      [1, 2],
      [3, 4],
      [5, 0xffff_ffff],
    ],
  ]
  // More than two pages of them.
  const places: number[] = []
  for (let number = 1; number <= 30_000; number++)
    places.push(log.push([three, one, none][number % 3] ?? none, recordOf(number), 0, number, 0))
  const wrong = places.filter((place, n) => {
    const { packet, sack } = log.segment(place)
    return packet !== n + 1 || JSON.stringify(sack) !== JSON.stringify(expected[n % 3])
  })
  expect(wrong).toEqual([])
  // From one packet to the next.
  const walked: number[] = []
  for (let place = 0; place < log.end; place = log.behind(place)) walked.push(log.number(place))
  expect(walked).toEqual(places.map((_, n) => n + 1))
})
