/**
 * Segments of hostile flows as a classic pcap of bare IP packets (link type 101), built byte by byte without any code
 * of `src/`: tens of thousands of packets must cost next to nothing to make.
 *
 * In: a few words a packet. Out: the capture's bytes. Checksums are left 0.
 */
export interface Word {
  /** Seconds since the first packet. */
  readonly at: number
  /** 0 from the client, 1 from the server. */
  readonly from: 0 | 1
  /** Letters of FSRPA. */
  readonly flags: string
  readonly seq: number
  readonly ack?: number
  readonly len?: number
  readonly window?: number
  readonly id?: number
  /** SACK blocks: left, right, left, right. */
  readonly sack?: readonly number[]
  /** The client's port, 40000 unless told: another flow. */
  readonly port?: number
  /** Timestamps option: value and echo. */
  readonly stamp?: readonly [number, number]
  /** Instead of the segment itself, an ICMP error of this type and code that quotes it. */
  readonly icmp?: readonly [number, number]
}

const BITS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 }
const HOSTS = [0x0a00_0001, 0x0a00_0002] as const
const ROUTER = 0x0a00_00fe

export function pcapOf(words: readonly Word[]): Buffer {
  const packets = words.map((word) => (word.icmp === undefined ? packetOf(word) : errorOf(word, word.icmp)))
  return pcapFile(
    words.map(({ at }, k) => ({ at, bytes: packets[k] ?? Buffer.alloc(0) })),
    101,
  )
}

export function pcapFile(
  records: readonly { readonly at: number; readonly bytes: Buffer }[],
  link: number,
): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(262_144, 16)
  header.writeUInt32LE(link, 20)
  const parts: Buffer[] = [header]
  for (const { at, bytes } of records) {
    const record = Buffer.alloc(16)
    const micros = Math.round(at * 1e6)
    record.writeUInt32LE(1_600_000_000 + Math.floor(micros / 1e6), 0)
    record.writeUInt32LE(micros % 1e6, 4)
    record.writeUInt32LE(bytes.length, 8)
    record.writeUInt32LE(bytes.length, 12)
    parts.push(record, bytes)
  }
  return Buffer.concat(parts)
}

/** The text is left out of the capture: its length stands in the IP header, as with a short snap length. */
function packetOf(word: Word): Buffer {
  const { from, flags, seq, ack = 0, len = 0, window = 60_000, id = 0, sack = [], port = 40_000 } = word
  const options = [...stampOf(word), ...sackOf(sack)]
  const size = 40 + options.length
  const packet = Buffer.alloc(size)
  packet[0] = 0x45
  packet.writeUInt16BE(size + len, 2)
  packet.writeUInt16BE(id & 0xffff, 4)
  packet[8] = 64
  packet[9] = 6
  packet.writeUInt32BE(HOSTS[from], 12)
  packet.writeUInt32BE(HOSTS[from === 0 ? 1 : 0], 16)
  packet.writeUInt16BE(from === 0 ? port : 80, 20)
  packet.writeUInt16BE(from === 0 ? 80 : port, 22)
  packet.writeUInt32BE(seq >>> 0, 24)
  packet.writeUInt32BE(ack >>> 0, 28)
  packet[32] = (5 + options.length / 4) << 4
  packet[33] = [...flags].reduce((bits, letter) => bits | (BITS[letter] ?? 0), 0)
  packet.writeUInt16BE(window, 34)
  packet.set(options, 40)
  return packet
}

const big32 = (n: number): number[] => [n >>> 24, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff]

const stampOf = ({ stamp }: Word): number[] =>
  stamp === undefined ? [] : [1, 1, 8, 10, ...big32(stamp[0]), ...big32(stamp[1])]

const sackOf = (sack: readonly number[]): number[] =>
  sack.length === 0 ? [] : [1, 1, 5, 2 + 4 * sack.length, ...sack.flatMap(big32)]

/** RFC 792: the IP header and eight bytes of what it is about. */
function errorOf(word: Word, [type, code]: readonly [number, number]): Buffer {
  const quoted = packetOf(word).subarray(0, 28)
  const packet = Buffer.alloc(28 + quoted.length)
  packet[0] = 0x45
  packet.writeUInt16BE(packet.length, 2)
  packet[8] = 64
  packet[9] = 1
  packet.writeUInt32BE(ROUTER, 12)
  packet.writeUInt32BE(HOSTS[word.from], 16)
  packet[20] = type
  packet[21] = code
  quoted.copy(packet, 28)
  return packet
}
