/** A small pcap written byte by byte: LINKTYPE_RAW, IPv4, TCP, in microseconds. */
export interface Frame {
  /** Seconds since the first. */
  readonly at: number
  readonly fromClient: boolean
  /** The TCP header's flag bits. */
  readonly flags: number
  readonly seq: number
  readonly ack: number
  readonly len?: number
  /** The client's. */
  readonly port?: number
}

const START = 1_767_323_045

const sum = (bytes: Buffer, start = 0): number => {
  let total = start
  for (let i = 0; i < bytes.length; i += 2) total += (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0)
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16)
  return total
}

const packet = ({ fromClient, flags, seq, ack, len = 0, port = 40001 }: Frame): Buffer => {
  const ip = Buffer.alloc(20)
  const tcp = Buffer.alloc(20 + len, 0x78)
  ip.writeUInt16BE(0x4500, 0)
  ip.writeUInt16BE(40 + len, 2)
  ip.writeUInt16BE(0x4000, 6)
  ip.writeUInt16BE(0x4006, 8)
  const ends = [0xc000020a, 0xc6336414]
  ip.writeUInt32BE(ends[fromClient ? 0 : 1] ?? 0, 12)
  ip.writeUInt32BE(ends[fromClient ? 1 : 0] ?? 0, 16)
  ip.writeUInt16BE(~sum(ip) & 0xffff, 10)
  tcp.writeUInt16BE(fromClient ? port : 80, 0)
  tcp.writeUInt16BE(fromClient ? 80 : port, 2)
  tcp.writeUInt32BE(seq, 4)
  tcp.writeUInt32BE(ack, 8)
  tcp.writeUInt16BE(0x5000 | flags, 12)
  tcp.writeUInt16BE(0xfaf0, 14)
  tcp.writeUInt32BE(0, 16)
  const odd = len % 2 === 1 ? Buffer.concat([tcp, Buffer.alloc(1)]) : tcp
  tcp.writeUInt16BE(~sum(odd, sum(ip.subarray(12)) + 6 + tcp.length) & 0xffff, 16)
  return Buffer.concat([ip, tcp])
}

export const pcap = (frames: readonly Frame[]): Buffer => {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(262144, 16)
  header.writeUInt32LE(101, 20)
  const records = frames.map((frame) => {
    const bytes = packet(frame)
    const head = Buffer.alloc(16)
    head.writeUInt32LE(START + Math.floor(frame.at), 0)
    head.writeUInt32LE(Math.round((frame.at % 1) * 1e6), 4)
    head.writeUInt32LE(bytes.length, 8)
    head.writeUInt32LE(bytes.length, 12)
    return Buffer.concat([head, bytes])
  })
  return Buffer.concat([header, ...records])
}

const [S, A, F, P] = [0x02, 0x10, 0x01, 0x08]

/** Handshake, one request, closed by the client, then by the server. */
export const NORMAL: readonly Frame[] = [
  { at: 0, fromClient: true, flags: S, seq: 100, ack: 0 },
  { at: 0.02, fromClient: false, flags: S | A, seq: 300, ack: 101 },
  { at: 0.0201, fromClient: true, flags: A, seq: 101, ack: 301 },
  { at: 0.0202, fromClient: true, flags: P | A, seq: 101, ack: 301, len: 5 },
  { at: 0.0402, fromClient: false, flags: A, seq: 301, ack: 106 },
  { at: 0.06, fromClient: true, flags: F | A, seq: 106, ack: 301 },
  { at: 0.0802, fromClient: false, flags: A, seq: 301, ack: 107 },
  { at: 0.1, fromClient: false, flags: F | A, seq: 301, ack: 107 },
  { at: 0.1001, fromClient: true, flags: A, seq: 107, ack: 302 },
]
