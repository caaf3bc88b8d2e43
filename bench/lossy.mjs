/**
 * One long download over a line that loses some of it: SACK blocks, duplicate ACKs, fast retransmissions, as at the server.
 *
 * In: a writer, how many packets, the share of the rounds that lose a segment. Out: packets in time order.
 */
import { ACK, FIN, PSH, randomFrom, SYN } from './packets.mjs'

const CLIENT = 0x0a000001
const SERVER = 0xc0000201
/** Segments of a round, and the bytes of each; microseconds to the client and back. */
const ROUND = 20
const BYTES = 1448
const WAY = 20_000

const octets = (n) => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]

export function lossy(writer, { packets, loses = 0.05, seed = 7 }) {
  const random = randomFrom(seed)
  const nxt = [1000, 9000]
  const stamp = [0, 0]
  const id = [1, 1]
  let at = 0
  const put = (from, flags, length, seq, ack, sack = null) => {
    const now = Math.floor(at / 1000) + 1000
    const stamps = [8, 10, ...octets(now), ...octets(stamp[1 - from])]
    const syn = (flags & SYN) !== 0
    const options = syn ? [2, 4, 5, 0xb4, 4, 2, ...stamps, 1, 3, 3, 10] : [1, 1, ...stamps]
    if (sack !== null) options.push(1, 1, 5, 10, ...octets(sack[0] >>> 0), ...octets(sack[1] >>> 0))
    const ends = from === 0 ? [CLIENT, SERVER, 40_000, 80] : [SERVER, CLIENT, 80, 40_000]
    id[from] = (id[from] + 1) & 0xffff || 1
    const number = syn && from === 1 ? 0 : id[from]
    const window = syn ? 64_240 : 2000
    const ttl = from === 0 ? 57 : 64
    writer.packet(at, ...ends, flags, seq >>> 0, ack >>> 0, length, window, ttl, number, options)
    stamp[from] = now
    at += 5
  }
  const say = (from, flags, length = 0) => {
    put(from, flags, length, nxt[from], flags === SYN ? 0 : nxt[1 - from])
    nxt[from] += length + ((flags & (SYN | FIN)) === 0 ? 0 : 1)
  }
  say(0, SYN)
  say(1, SYN | ACK)
  at += WAY
  say(0, ACK)
  say(0, ACK | PSH, 100)
  say(1, ACK)
  while (writer.packets < packets) {
    const first = nxt[1]
    for (let k = 0; k < ROUND; k++) say(1, ACK, BYTES)
    at += WAY
    const lost = random() < loses ? Math.floor(random() * (ROUND - 4)) : ROUND
    for (let k = 2; k <= lost; k += 2) put(0, ACK, 0, nxt[0], first + k * BYTES)
    if (lost === ROUND) continue
    for (let k = lost + 1; k < ROUND; k++)
      put(0, ACK, 0, nxt[0], first + lost * BYTES, [first + (lost + 1) * BYTES, first + (k + 1) * BYTES])
    put(1, ACK, BYTES, first + lost * BYTES, nxt[0])
    at += WAY
    put(0, ACK, 0, nxt[0], nxt[1])
  }
  say(0, FIN | ACK)
  say(1, FIN | ACK)
  at += WAY
  say(0, ACK)
}
