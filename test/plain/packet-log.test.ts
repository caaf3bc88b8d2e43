/** What the log of packets holds of those that nobody asks for any more. */
import { expect, it } from 'vitest'
import { PacketLog } from '../../src/plain/packet-log.js'
import { PlainFlows } from '../../src/plain/plain-flows.js'
import { decode, ethernet, ipv4, tcp } from '../wire/packets.js'

const SYN = 2
/** It carries text, which is more than fits into the words. */
const TEXT = 4

it('lets go of what is kept whole of every packet that is told, however many are told at once', () => {
  const log = new PacketLog({ seconds: 0, nanoseconds: 0 }, new PlainFlows())
  const view = decode(ethernet(ipv4(tcp(TEXT, '', SYN))))
  const iface = { id: 0, linkType: 1, linkTypeAt: 0, fcsLength: 0, name: null, snapLength: 0, filter: null }
  for (let number = 1; number <= 10; number++) {
    const record = {
      number,
      seconds: 0,
      nanoseconds: 0,
      wireLength: 58,
      flags: 0,
      drops: 0,
      comments: [],
      iface,
    }
    log.push(view, { ...record, bytes: new Uint8Array(0), start: 0, end: 0 }, 0, number, 0)
  }
  const kept = () => Array.from({ length: log.end }, (_, place) => log.segment(place).len === TEXT)
  expect(kept()).toEqual(Array<boolean>(10).fill(true))
  log.letGo(7)
  expect(kept()).toEqual([...Array<boolean>(7).fill(false), true, true, true])
})
