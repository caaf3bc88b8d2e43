/**
 * Connections as two hosts make them, seen from a point between them, and what can happen to a capture of them.
 *
 * In: choices of fast-check. Out: packets in capture order, as octets of a pcap file. No state machine stands behind
 * it: sequence and ack numbers are what each host has sent and got at that moment.
 */
import { writeFileSync } from 'node:fs'
import fc from 'fast-check'

export interface Packet {
  /** Nanoseconds since the capture began. */
  readonly at: number
  readonly connection: number
  readonly from: 'client' | 'server'
  readonly flags: number
  readonly seq: number
  readonly ack: number
  readonly length: number
  readonly window: number
  readonly ipId: number
  readonly ttl: number
  readonly stamp: readonly [number, number] | null
  readonly syn: boolean
}

const FIN = 1
const SYN = 2
const RST = 4
const ACK = 16
const PSH = 8

interface Talk {
  readonly from: 'client' | 'server'
  readonly sizes: readonly number[]
  /** Nanoseconds of thinking before it. */
  readonly think: number
}

export interface Wish {
  readonly begin: number
  /** One-way delays from the capture point, nanoseconds. */
  readonly near: number
  readonly far: number
  readonly talks: readonly Talk[]
  readonly close: 'client' | 'server' | 'none'
  readonly both: boolean
  readonly pause: number
  readonly stamps: boolean
  readonly ids: 'zero' | 'count' | 'random' | 'jumps'
  readonly everyOther: boolean
  readonly scaled: boolean
  /** The service's port, of connections with even numbers. */
  readonly port: number
  readonly ipVersion: 4 | 6
  /** So much of it had passed when the capture began, 0 to 1 of its packets; at least one where that is not 0. */
  readonly passed: number
}

const delay = fc.oneof(
  fc.integer({ min: 2_000, max: 60_000 }),
  fc.integer({ min: 100_000, max: 3_000_000 }),
  fc.integer({ min: 3_000_000, max: 80_000_000 }),
)
const think = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 2_000_000 }),
  fc.integer({ min: 0, max: 3_000_000_000 }),
)
const side = fc.constantFrom('client' as const, 'server' as const)

const passed = fc.double({ min: 0.01, max: 0.9, noNaN: true })

export const wish: fc.Arbitrary<Wish> = fc.record({
  begin: fc.integer({ min: 0, max: 2_000_000_000 }),
  near: delay,
  far: delay,
  talks: fc.array(
    fc.record({
      from: side,
      sizes: fc.array(fc.integer({ min: 1, max: 1460 }), { minLength: 1, maxLength: 7 }),
      think,
    }),
    { maxLength: 4 },
  ),
  close: fc.constantFrom('client', 'server', 'client', 'server', 'none'),
  both: fc.boolean(),
  pause: think,
  stamps: fc.boolean(),
  ids: fc.constantFrom('zero', 'count', 'random', 'jumps'),
  everyOther: fc.boolean(),
  scaled: fc.boolean(),
  // The last is none by which anybody knows a service.
  port: fc.constantFrom(80, 80, 8080, 45_000),
  ipVersion: fc.constantFrom(4, 4, 4, 6),
  passed: fc.oneof({ weight: 7, arbitrary: fc.constant(0) }, passed),
})

/** For a server of which all are clients. */
export const ONE_SERVICE = { port: 80, ipVersion: 4, passed: 0 } as const

/** One that began before the capture. */
export const wishInMiddle: fc.Arbitrary<Wish> = fc
  .tuple(wish, passed)
  .map(([each, share]) => ({ ...each, passed: share }))

/** One host's view while it talks. */
class Host {
  nxt: number
  got = 0
  id: number
  constructor(
    readonly name: 'client' | 'server',
    readonly isn: number,
    /** One way to the capture point, nanoseconds. */
    readonly way: number,
    readonly ids: Wish['ids'],
  ) {
    this.nxt = isn
    this.id = (isn & 0x7fff) + 1
  }
  nextId(): number {
    if (this.ids === 'zero') return 0
    this.id = this.ids === 'random' ? (Math.imul(this.id, 40503) + 12345) & 0xffff : this.id + 1
    if (this.ids === 'jumps' && this.id % 5 === 0) this.id += 300
    return this.id & 0xffff
  }
}

/** Those that were captured. */
export function packetsOf(wish: Wish, connection: number): Packet[] {
  const all = everyPacketOf(wish, connection)
  if (wish.passed === 0) return all
  const before = Math.max(1, Math.floor(wish.passed * all.length))
  const missing = new Set(all.toSorted((a, b) => a.at - b.at).slice(0, before))
  return all.filter((packet) => !missing.has(packet))
}

function everyPacketOf(wish: Wish, connection: number): Packet[] {
  const client = new Host('client', (connection * 7919 + 0xffff_fe00) >>> 0, wish.near, wish.ids)
  const server = new Host('server', (connection * 104729 + 77) >>> 0, wish.far, wish.ids)
  const there = wish.near + wish.far
  const packets: Packet[] = []
  const tick = (at: number): number => Math.floor(at / 1e6) + 1000
  const heard = { client: 0, server: 0 }
  const send = (host: Host, at: number, flags: number, length: number): void => {
    const other = host === client ? 'server' : 'client'
    const stamped = wish.stamps ? ([tick(at), heard[host.name]] as const) : null
    packets.push({
      at: at + host.way,
      connection,
      from: host.name,
      flags,
      seq: host.nxt,
      ack: (flags & ACK) === 0 ? 0 : host.got,
      length,
      window: wish.scaled ? 502 : 29_200,
      ipId: (flags & SYN) !== 0 && (flags & ACK) !== 0 ? 0 : host.nextId(),
      ttl: host === client ? 64 : 57,
      stamp: stamped,
      syn: (flags & SYN) !== 0,
    })
    host.nxt = (host.nxt + length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0)) >>> 0
    if (wish.stamps) heard[other] = tick(at)
  }
  let now = wish.begin
  send(client, now, SYN, 0)
  server.got = client.nxt
  now += there
  send(server, now, SYN | ACK, 0)
  client.got = server.nxt
  now += there
  send(client, now, ACK, 0)
  for (const talk of wish.talks) {
    const [from, to] = talk.from === 'client' ? [client, server] : [server, client]
    now += talk.think + (talk.from === 'client' ? 0 : there)
    const last = talk.sizes.length - 1
    talk.sizes.forEach((size, n) => {
      send(from, now + n * 1000, ACK | (n === last ? PSH : 0), size)
      if (n < last && (!wish.everyOther || n % 2 === 1)) {
        // The ACK leaves when the segment is there; it is put in its place by time afterwards.
        const before = to.got
        to.got = from.nxt
        send(to, now + n * 1000 + there, ACK, 0)
        to.got = before
      }
    })
    to.got = from.nxt
    now += last * 1000 + there
    send(to, now, ACK, 0)
  }
  if (wish.close !== 'none') {
    const [first, second] = wish.close === 'client' ? [client, server] : [server, client]
    now += there + wish.pause
    send(first, now, FIN | ACK, 0)
    second.got = first.nxt
    now += there
    if (!wish.both) {
      send(second, now, ACK, 0)
      now += wish.pause >> 1
    }
    send(second, now, FIN | ACK, 0)
    first.got = second.nxt
    now += there
    send(first, now, ACK, 0)
  }
  return packets
}

/** What can happen between a wire and a file. */
export interface Mishap {
  readonly kind: 'drop' | 'twice' | 'swap' | 'late' | 'reset' | 'shut' | 'ttl' | 'push' | 'uncounted'
  /** Where, 0 to 1 of the packets. */
  readonly where: number
  readonly by: number
}

export const mishap: fc.Arbitrary<Mishap> = fc.record({
  kind: fc.constantFrom('drop', 'twice', 'swap', 'late', 'reset', 'shut', 'ttl', 'push', 'uncounted'),
  where: fc.double({ min: 0, max: 0.999, noNaN: true }),
  by: fc.integer({ min: 1, max: 4_000_000_000 }),
})

export function suffer(packets: readonly Packet[], mishaps: readonly Mishap[]): Packet[] {
  const result = packets.toSorted((a, b) => a.at - b.at)
  for (const { kind, where, by } of mishaps) {
    const at = Math.floor(where * result.length)
    const packet = result[at]
    const next = result[at + 1]
    if (packet === undefined) continue
    if (kind === 'drop') result.splice(at, 1)
    else if (kind === 'twice')
      result.splice(at + 1, 0, { ...packet, ipId: by % 2 === 0 ? packet.ipId : (packet.ipId + 1) & 0xffff })
    else if (kind === 'swap' && next !== undefined) {
      result[at] = { ...next, at: packet.at }
      result[at + 1] = { ...packet, at: next.at }
    } else if (kind === 'late')
      for (let k = at; k < result.length; k++)
        result[k] = { ...(result[k] as Packet), at: (result[k] as Packet).at + by }
    else if (kind === 'reset') result[at] = { ...packet, flags: packet.flags | RST, length: 0 }
    else if (kind === 'shut') result[at] = { ...packet, window: by % 3 }
    else if (kind === 'ttl') result[at] = { ...packet, ttl: packet.ttl - 1 }
    else if (kind === 'uncounted')
      for (let k = at; k < result.length; k++) {
        const own = result[k] as Packet
        const isLike = own.connection === packet.connection && own.from === packet.from
        if (isLike && own.length === 0) result[k] = { ...own, ipId: 0 }
      }
    else if (kind === 'push') result[at] = { ...packet, flags: packet.flags ^ PSH }
  }
  return result
}

/** Where three captures part, as shares of all packets. */
export const cutsOfThree = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
)

/** The packets of three captures, each of which begins with the last `again` packets of the one before. */
export function cutInThree(
  packets: readonly Packet[],
  cuts: readonly number[],
  again: number,
): readonly (readonly Packet[])[] {
  const [first = 0, second = 0] = cuts
    .map((cut) => Math.floor(cut * packets.length))
    .toSorted((a, b) => a - b)
  return [
    packets.slice(0, first),
    packets.slice(Math.max(0, first - again), second),
    packets.slice(Math.max(0, second - again)),
  ]
}

/** Seconds between two captures: files of a set, of another day, of one time. */
export const pauses = fc.array(fc.constantFrom(0, 0.3, 2, 100, 130, 400, -0.02, -0.4), {
  minLength: 2,
  maxLength: 2,
})

/** The same captures, each so many seconds later after the one before. */
export const apart = (
  parts: readonly (readonly Packet[])[],
  seconds: readonly number[],
): readonly (readonly Packet[])[] =>
  parts.map((part, n) => {
    const later = seconds.slice(0, n).reduce((sum, each) => sum + each * 1e9, 1e9)
    return part.map((packet) => ({ ...packet, at: packet.at + later }))
  })

/** Packets of three captures with pauses between them, or of one time, and who made them. */
export const threeApart = fc
  .tuple(
    fc.array(wish, { minLength: 1, maxLength: 4 }),
    fc.array(mishap, { maxLength: 1 }),
    cutsOfThree,
    pauses,
  )
  .map(([wishes, mishaps, cuts, seconds]) => {
    const parts = cutInThree(suffer(wishes.flatMap(packetsOf), mishaps), cuts, 0)
    return { wishes, parts: apart(parts, seconds) }
  })

/** Each part in a file of its own. */
export function writeParts(
  files: readonly string[],
  parts: readonly (readonly Packet[])[],
  wishes: readonly Wish[],
): void {
  for (const [n, part] of parts.entries()) writeFileSync(files[n] ?? '', pcapOf(part, wishes))
}

/** A pcap with nanoseconds, IP in Ethernet; payload is left out, as a snap length does. */
export function pcapOf(packets: readonly Packet[], wishes: readonly Wish[]): Uint8Array {
  const parts: Buffer[] = [Buffer.from('4d3cb2a1020004000000000000000000ffff000001000000', 'hex')]
  for (const packet of packets) parts.push(recordOf(packet, wishes[packet.connection] as Wish))
  return Buffer.concat(parts)
}

const BEGIN = 1_752_500_000

const ETHERNET = 14
/** Where IP begins, behind the record's own header. */
const IP = 16 + ETHERNET

function recordOf(p: Packet, wish: Wish): Buffer {
  const options = optionsOf(p, wish)
  const tcp = 20 + options.length
  const ip = wish.ipVersion === 4 ? 20 : 40
  const b = Buffer.alloc(IP + ip + tcp)
  const nanoseconds = 123_456_789 + p.at
  b.writeUInt32LE(BEGIN + Math.floor(nanoseconds / 1e9), 0)
  b.writeUInt32LE(nanoseconds % 1e9, 4)
  b.writeUInt32LE(ETHERNET + ip + tcp, 8)
  b.writeUInt32LE(ETHERNET + ip + tcp + p.length, 12)
  b.writeUInt16BE(wish.ipVersion === 4 ? 0x0800 : 0x86dd, 16 + 12)
  const toServer = p.from === 'client'
  const ends = [0x0a00_0001 + (p.connection % 3), 0xc000_0201] as const
  const [source, target] = toServer ? ends : [ends[1], ends[0]]
  if (wish.ipVersion === 4) {
    b[IP] = 0x45
    b.writeUInt16BE(ip + tcp + p.length, IP + 2)
    b.writeUInt16BE(p.ipId, IP + 4)
    b.writeUInt16BE(0x4000, IP + 6)
    b[IP + 8] = p.ttl
    b[IP + 9] = 6
    b.writeUInt32BE(source, IP + 12)
    b.writeUInt32BE(target, IP + 16)
  } else {
    b[IP] = 0x60
    b.writeUInt16BE(tcp + p.length, IP + 4)
    b[IP + 6] = 6
    b[IP + 7] = p.ttl
    for (const [at, address] of [
      [IP + 8, source],
      [IP + 24, target],
    ] as const) {
      b.writeUInt32BE(0x2001_0db8, at)
      b.writeUInt32BE(address, at + 12)
    }
  }
  const at = IP + ip
  const ports = [40_000 + p.connection, wish.port + (p.connection % 2)] as const
  b.writeUInt16BE(toServer ? ports[0] : ports[1], at)
  b.writeUInt16BE(toServer ? ports[1] : ports[0], at + 2)
  b.writeUInt32BE(p.seq, at + 4)
  b.writeUInt32BE(p.ack, at + 8)
  b[at + 12] = (tcp / 4) << 4
  b[at + 13] = p.flags
  b.writeUInt16BE(p.window, at + 14)
  options.copy(b, at + 20)
  return b
}

function optionsOf(p: Packet, wish: Wish): Buffer {
  const list: number[] = []
  if (p.syn) list.push(2, 4, 5, 0xb4)
  if (p.syn && wish.scaled) list.push(1, 3, 3, 7)
  if (p.stamp !== null) {
    const stamp = Buffer.alloc(8)
    stamp.writeUInt32BE(p.stamp[0], 0)
    stamp.writeUInt32BE(p.stamp[1], 4)
    list.push(1, 1, 8, 10, ...stamp)
  }
  return Buffer.from(list)
}

/** The same, in which some IPv4 datagrams came in two fragments, the later one first or last, and one of some got lost. */
export function inFragments(pcap: Uint8Array, cuts: readonly Cut[]): Uint8Array {
  const from = Buffer.from(pcap)
  const parts: Buffer[] = [from.subarray(0, 24)]
  const left = new Map<number, Cut[]>()
  for (const cut of cuts) left.set(cut.record, [...(left.get(cut.record) ?? []), cut])
  for (let at = 24, record = 0; at < from.length; record++) {
    const behind = at + 16 + from.readUInt32LE(at + 8)
    const whole = from.subarray(at, behind)
    const [cut] = left.get(record) ?? []
    if (cut === undefined || whole.readUInt16BE(16 + 12) !== 0x0800) parts.push(whole)
    else parts.push(...fragmentsOf(whole, cut))
    at = behind
  }
  return Buffer.concat(parts)
}

export interface Cut {
  /** Of the capture, from 0. */
  readonly record: number
  /** Where its IP payload is cut, in units of eight octets, from 1. */
  readonly octets: number
  readonly kept: 'both' | 'turned' | 'first' | 'second'
}

export const cuts: fc.Arbitrary<Cut[]> = fc.array(
  fc.record({
    record: fc.nat(60),
    octets: fc.integer({ min: 1, max: 4 }),
    kept: fc.constantFrom('both', 'both', 'both', 'turned', 'first', 'second'),
  }),
  { minLength: 1, maxLength: 4 },
)

/** Text that a snap length left out is zeros: a cut fragment completes nothing. */
function fragmentsOf(record: Buffer, { octets, kept }: Cut): Buffer[] {
  const payload = Buffer.alloc(record.readUInt32LE(12) - ETHERNET - 20)
  record.copy(payload, 0, IP + 20)
  const middle = 8 * octets
  if (middle >= payload.length) return [record]
  const fragment = (begin: number, end: number): Buffer => {
    const b = Buffer.concat([record.subarray(0, IP + 20), payload.subarray(begin, end)])
    b.writeUInt32LE(b.length - 16, 8)
    b.writeUInt32LE(b.length - 16, 12)
    b.writeUInt16BE(b.length - IP, IP + 2)
    // More fragments; where this one lies. Don't Fragment is gone.
    b.writeUInt16BE((end < payload.length ? 0x2000 : 0) | (begin >> 3), IP + 6)
    return b
  }
  const [first, second] = [fragment(0, middle), fragment(middle, payload.length)]
  return { both: [first, second], turned: [second, first], first: [first], second: [second] }[kept]
}

/** Port unreachable, which quotes the record's IP header and the first eight octets behind it; IPv4 only. */
export function errorAbout(record: Uint8Array): Buffer {
  const quoted = Buffer.from(record.subarray(IP, IP + 28))
  const b = Buffer.alloc(IP + 28 + quoted.length)
  b.set(record.subarray(0, IP))
  b.writeUInt32LE(b.length - 16, 8)
  b.writeUInt32LE(b.length - 16, 12)
  b[IP] = 0x45
  b.writeUInt16BE(28 + quoted.length, IP + 2)
  b[IP + 8] = 64
  b[IP + 9] = 1
  b.writeUInt32BE(0x0a02_0001, IP + 12)
  // To whom the datagram came from.
  quoted.copy(b, IP + 16, 12, 16)
  b[IP + 20] = 3
  b[IP + 21] = 1
  quoted.copy(b, IP + 28)
  return b
}

/** The same, in which ICMP errors came about some IPv4 records: each so many records later, or before (the quoted one is older). */
export function withErrors(
  pcap: Uint8Array,
  errors: readonly { about: number; behind: number }[],
): Uint8Array {
  const from = Buffer.from(pcap)
  const records: Buffer[] = []
  for (let at = 24; at < from.length; ) {
    const behind = at + 16 + from.readUInt32LE(at + 8)
    records.push(from.subarray(at, behind))
    at = behind
  }
  const parts: Buffer[] = [from.subarray(0, 24)]
  for (const [n, record] of records.entries()) {
    for (const { about, behind } of errors) {
      const quoted = records[about]
      if (about + behind !== n || quoted === undefined || quoted.readUInt16BE(16 + 12) !== 0x0800) continue
      const error = errorAbout(quoted)
      // At the time of the record that it comes before.
      error.set(record.subarray(0, 8), 0)
      parts.push(error)
    }
    parts.push(record)
  }
  return Buffer.concat(parts)
}

export const errors = fc.array(fc.record({ about: fc.nat(40), behind: fc.integer({ min: -3, max: 6 }) }), {
  minLength: 1,
  maxLength: 4,
})

/** The same as pcapng, in which all times are `offset` seconds later (if_tsoffset): before 1970, or behind 2106. */
export function pcapngOf(pcap: Uint8Array, offset: bigint): Uint8Array {
  const from = Buffer.from(pcap)
  const interfaceBody = Buffer.from(`01000000ffff000009000100090000000e000800${'00'.repeat(12)}`, 'hex')
  interfaceBody.writeBigInt64LE(offset, 20)
  const parts = [
    block(0x0a0d0d0a, Buffer.from('4d3c2b1a01000000ffffffffffffffff', 'hex')),
    block(1, interfaceBody),
  ]
  for (let at = 24; at < from.length; ) {
    const length = from.readUInt32LE(at + 8)
    const body = Buffer.alloc(20 + Math.ceil(length / 4) * 4)
    const ticks = BigInt(from.readUInt32LE(at)) * 1_000_000_000n + BigInt(from.readUInt32LE(at + 4))
    body.writeUInt32LE(Number(ticks >> 32n), 4)
    body.writeUInt32LE(Number(ticks & 0xffff_ffffn), 8)
    from.copy(body, 12, at + 8, at + 16 + length)
    parts.push(block(6, body))
    at += 16 + length
  }
  return Buffer.concat(parts)
}

function block(type: number, body: Buffer): Buffer {
  const whole = Buffer.alloc(12 + body.length)
  whole.writeUInt32LE(type, 0)
  whole.writeUInt32LE(whole.length, 4)
  body.copy(whole, 8)
  whole.writeUInt32LE(whole.length, whole.length - 4)
  return whole
}

/** Of sixteen one. */
export const seldom = fc.integer({ min: 0, max: 15 }).map((n) => n === 0)
// Mostly closed: else it needs the full replay, and those behind it do.
const closing = wish.map((each): Wish => {
  const close = each.close === 'none' && each.begin % 4 !== 0 ? 'client' : each.close
  return { ...each, close, pause: each.pause % 1_500_000_000, ids: each.both ? 'zero' : 'count' }
})
const again = fc.record({
  wish: closing,
  // TIME_WAIT lasts 60 s, and 240 s by the RFC.
  gap: fc.oneof(
    fc.integer({ min: 1, max: 70 }),
    fc.integer({ min: 65, max: 120 }),
    fc.integer({ min: 66, max: 300 }),
  ),
  turned: seldom,
  // The same numbers again: no new connection.
  same: seldom,
})

export type Chain = readonly {
  readonly wish: Wish
  readonly gap: number
  readonly turned: boolean
  readonly same: boolean
}[]

/** Connections one after the other on the same ports. */
export const chain: fc.Arbitrary<Chain> = fc.array(again, { minLength: 1, maxLength: 4 })

export function packetsOfChains(chains: readonly Chain[]): Packet[] {
  const packets: Packet[] = []
  for (const [connection, each] of chains.entries()) {
    let begin = 0
    for (const [n, { wish, gap, turned, same }] of each.entries()) {
      const by = same ? 0 : n * 1_234_567
      const number = (seq: number): number => (seq + by) >>> 0
      const own = packetsOf({ ...wish, begin: begin + wish.begin }, connection)
      for (const p of own) {
        const from = turned ? (p.from === 'client' ? 'server' : 'client') : p.from
        const ack = (p.flags & 16) === 0 ? 0 : number(p.ack)
        packets.push({ ...p, from, seq: number(p.seq), ack, stamp: null })
      }
      begin = Math.max(...own.map(({ at }) => at)) + gap * 1e9
    }
  }
  return packets
}
