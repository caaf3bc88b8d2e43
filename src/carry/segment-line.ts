/**
 * A segment as a row of numbers: a state may hold millions.
 *
 * In: a segment, or numbers and the captures' epoch. Out: the numbers, or the same segment again: what follows from
 * other fields is reckoned anew.
 */
import { CLIENT, type Epoch, SERVER, type Segment, secondsBetween } from '../flow/segment.js'
import { ACK, FIN, RST, SYN } from '../wire/packet.js'

const CHECKSUMS = ['unknown', 'good', 'bad', 'partial'] as const satisfies readonly Segment['checksum'][]

/** Bits of one number. */
const SACK_PERMITTED = 1
const TIMESTAMPS = 2
const OPTIONS = 4

/** As many numbers as every row has; behind them are the edges of the SACK blocks. */
export const NUMBERS = 21

export const numbersOf = (s: Segment): number[] => [
  s.packet,
  s.capture,
  s.iface,
  s.seconds,
  s.nanoseconds,
  s.from,
  s.flags,
  s.seq,
  s.ack,
  s.len,
  s.window,
  s.ttl,
  s.ipId,
  s.mss,
  s.windowScale,
  (s.sackPermitted ? SACK_PERMITTED : 0) + (s.hasTimestamps ? TIMESTAMPS : 0) + (s.hasOptions ? OPTIONS : 0),
  s.tsVal,
  s.tsEcr,
  s.fastOpen,
  s.captureFlags * CHECKSUMS.length + CHECKSUMS.indexOf(s.checksum),
  s.wireLength,
  ...s.sack.flat(),
]

export function segmentOf(numbers: readonly number[], epoch: Epoch): Segment {
  const at = (index: number): number => Number(numbers[index])
  const [seconds, nanoseconds, flags, seq, len] = [at(3), at(4), at(6), at(7), at(9)]
  const syn = (flags & SYN) !== 0
  const fin = (flags & FIN) !== 0
  const sack: [number, number][] = []
  for (let i = NUMBERS; i + 1 < numbers.length; i += 2) sack.push([at(i), at(i + 1)])
  return {
    packet: at(0),
    capture: at(1),
    iface: at(2),
    seconds,
    nanoseconds,
    at: secondsBetween(epoch, { seconds, nanoseconds }),
    from: at(5) === CLIENT ? CLIENT : SERVER,
    flags,
    syn,
    fin,
    rst: (flags & RST) !== 0,
    ackBit: (flags & ACK) !== 0,
    seq,
    ack: at(8),
    len,
    end: (seq + len + (syn ? 1 : 0) + (fin ? 1 : 0)) >>> 0,
    window: at(10),
    ttl: at(11),
    ipId: at(12),
    mss: at(13),
    windowScale: at(14),
    sackPermitted: (at(15) & SACK_PERMITTED) !== 0,
    sack,
    hasTimestamps: (at(15) & TIMESTAMPS) !== 0,
    tsVal: at(16),
    tsEcr: at(17),
    fastOpen: at(18),
    hasOptions: (at(15) & OPTIONS) !== 0,
    captureFlags: Math.floor(at(19) / CHECKSUMS.length),
    wireLength: at(20),
    checksum: CHECKSUMS[at(19) % CHECKSUMS.length] ?? 'unknown',
  }
}
