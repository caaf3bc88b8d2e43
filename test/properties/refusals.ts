/**
 * Connections that a RST refused, amid others.
 *
 * In: choices of fast-check. Out: packets, as octets of a pcap file.
 */
import fc from 'fast-check'
import { ONE_SERVICE, type Packet, packetsOf, pcapOf, type Wish, wish } from './traffic.js'

const [SYN, RST, ACK] = [2, 4, 16]

/** How the RST comes; what else there is of the connection, which needs the full replay. */
const refusal = fc.record({
  took: fc.oneof(
    fc.integer({ min: 0, max: 60_000 }),
    fc.integer({ min: 60_000, max: 80_000_000 }),
    fc.integer({ min: 80_000_000, max: 1_100_000_000 }),
  ),
  ttl: fc.constantFrom(50, 64),
  rstTtl: fc.constantFrom(64, 255, 57, 1),
  ecn: fc.constantFrom(0, 0, 0, 0, 0, 0, 0xc0),
  odd: fc.constantFrom(
    '',
    '',
    '',
    '',
    '',
    '',
    'window',
    'seq',
    'ack',
    'text',
    'bare',
    'again',
    'rst again',
    'goes on',
    'stamp',
  ),
})
interface Refusal {
  readonly took: number
  readonly ttl: number
  readonly rstTtl: number
  readonly ecn: number
  readonly odd: string
}

export function refused({ took, ttl, rstTtl, ecn, odd }: Refusal, connection: number, at: number): Packet[] {
  const isn = (connection * 2_654_435_761) >>> 0
  const common = {
    connection,
    seq: isn,
    ack: 0,
    length: 0,
    window: 64_240,
    ipId: connection + 1,
    stamp: null,
    syn: false,
  }
  const syn: Packet = { ...common, at, from: 'client', flags: SYN | ecn, ttl, syn: true }
  const rst: Packet = {
    ...common,
    at: at + took,
    from: 'server',
    flags: odd === 'bare' ? RST : RST | ACK,
    seq: odd === 'seq' ? 77 : 0,
    ack: (isn + (odd === 'ack' ? 2 : 1)) >>> 0,
    length: odd === 'text' ? 5 : 0,
    window: odd === 'window' ? 512 : 0,
    ipId: 0,
    ttl: rstTtl,
    stamp: odd === 'stamp' ? [5, 0] : null,
  }
  if (odd === 'again') return [syn, { ...syn, at: at + took / 2, ipId: 9 }, rst]
  if (odd === 'rst again') return [syn, rst, { ...rst, at: at + took + 30_000_000 }]
  if (odd === 'goes on') return [syn, rst, { ...syn, at: at + took + 500_000_000, ipId: 9 }]
  return [syn, rst]
}

/** Refusals, other connections, nanoseconds between the attempts and behind the last packet, the version of IP. */
export const refusedAmidOthers = [
  fc.array(refusal, { minLength: 20, maxLength: 60 }),
  fc.array(wish, { maxLength: 3 }),
  fc.constantFrom(0, 1_000, 300_000, 7_777_777, 400_000_007, 13_000_000_000),
  fc.constantFrom(0, 1_300_000_000, 70_000_000_000),
  fc.constantFrom(4 as const, 4 as const, 6 as const),
] as const

export function captureOf(
  refusals: readonly Refusal[],
  others: readonly Wish[],
  apart: number,
  silence: number,
  ipVersion: 4 | 6,
): Uint8Array {
  const attempts = refusals.flatMap((each, n) => refused(each, n, n * apart))
  const went = others.flatMap((each, n) => packetsOf(each, refusals.length + n))
  const packets = [...attempts, ...went].toSorted((a, b) => a.at - b.at)
  const last = packets.at(-1)
  if (last !== undefined && silence > 0)
    packets.push({ ...last, at: last.at + silence, connection: refusals.length, flags: RST | ACK })
  const [own] = fc.sample(wish, { numRuns: 1, seed: 1 })
  const base = { ...(own as Wish), ...ONE_SERVICE, ipVersion }
  return pcapOf(packets, [...refusals.map(() => base), ...others, base])
}
