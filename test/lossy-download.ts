/**
 * A download of very many packets, of which some are lost behind the capture point and sent again, as seen at the server.
 *
 * In: how it begins, goes on and ends. Out: packets in capture order, always the same for the same wishes. No state machine
 * stands behind it: each end's numbers are what it has sent and got.
 */
import type { Packet } from './properties/traffic.js'

const [FIN, SYN, RST, PSH, ACK] = [1, 2, 4, 8, 16] as const

export interface Download {
  readonly rounds: number
  /** Every so many rounds one segment is lost. */
  readonly lossEvery: number
  /** Before this round the client closes its direction; 0: behind its request, as `nc -N` does. */
  readonly halfClosed?: number
  /** The capture begins behind the handshake. */
  readonly inMiddle?: boolean
  /** The first SYN is lost, and sent again after a second. */
  readonly synAgain?: boolean
  readonly end?: 'closes' | 'reset' | 'none'
  readonly connection?: number
  /** Of a segment. */
  readonly bytes?: number
}

/** Segments of a round; nanoseconds from the capture point to the client and back. */
const ROUND = 12
const WAY = 20_000_000

export function download({
  rounds,
  lossEvery,
  halfClosed = -1,
  inMiddle = false,
  synAgain = false,
  end = 'closes',
  connection = 0,
  bytes = 1000,
}: Download): Packet[] {
  const packets: Packet[] = []
  let at = connection * 777_000
  const nxt = { client: 1_000_000, server: 4_294_900_000 }
  const id = { client: 100, server: 5000 }
  const stamp = { client: 0, server: 0 }
  const put = (from: Packet['from'], flags: number, length: number, seq: number, ack: number): void => {
    const to = from === 'client' ? 'server' : 'client'
    stamp[from] = 1000 + Math.floor(at / 1e6)
    id[from] = (id[from] + 1) & 0xffff || 1
    const syn = (flags & SYN) !== 0
    packets.push({
      at,
      connection,
      from,
      flags,
      seq: seq >>> 0,
      ack: ack >>> 0,
      length,
      window: syn ? 64_240 : 2000,
      ipId: syn && from === 'server' ? 0 : id[from],
      ttl: from === 'client' ? 57 : 64,
      stamp: [stamp[from], stamp[to]],
      syn,
    })
    at += 5000
  }
  const say = (from: Packet['from'], flags: number, length = 0): void => {
    put(from, flags, length, nxt[from], flags === SYN ? 0 : nxt[from === 'client' ? 'server' : 'client'])
    nxt[from] += length + ((flags & (SYN | FIN)) === 0 ? 0 : 1)
  }
  if (synAgain) {
    put('client', SYN, 0, nxt.client, 0)
    at += 1_000_000_000
  }
  say('client', SYN)
  say('server', SYN | ACK)
  at += WAY
  say('client', ACK)
  say('client', ACK | PSH, 200)
  say('server', ACK)
  for (let round = 0; round < rounds; round++) {
    if (round === halfClosed) {
      say('client', FIN | ACK)
      say('server', ACK)
    }
    const first = nxt.server
    for (let k = 0; k < ROUND; k++) say('server', ACK, bytes)
    at += WAY
    const lost = round % lossEvery === lossEvery - 1 ? round % (ROUND - 4) : ROUND
    for (let k = 0; k < ROUND; k++) {
      if (k === lost) continue
      const got = k < lost ? k + 1 : lost
      put('client', ACK, 0, nxt.client, first + got * bytes)
    }
    if (lost === ROUND) continue
    put('server', ACK | PSH, bytes, first + lost * bytes, nxt.client)
    at += WAY
    put('client', ACK, 0, nxt.client, nxt.server)
  }
  if (end === 'reset') say('client', RST | ACK)
  if (end === 'closes') {
    if (halfClosed < 0) {
      say('client', FIN | ACK)
      say('server', ACK)
    }
    say('server', FIN | ACK)
    at += WAY
    say('client', ACK)
  }
  return inMiddle ? packets.slice(20) : packets
}
