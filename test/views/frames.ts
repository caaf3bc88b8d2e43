/**
 * Whole connections as Ethernet frames, header by header and with good checksums, without any code of `src/`.
 *
 * In: a few words a segment. Out: frames, to be put into captures by `test/capture/bytes.ts`.
 */

export interface Ends {
  readonly client: string
  readonly clientPort: number
  readonly server: string
  readonly serverPort: number
}

export const ENDS: Ends = {
  client: '192.0.2.10',
  clientPort: 40001,
  server: '198.51.100.20',
  serverPort: 80,
}

export interface Segment {
  /** `>` from the client, `<` from the server. */
  readonly way: '>' | '<'
  /** Letters of SFRPA. */
  readonly flags: string
  /** Counted from the direction's initial sequence number. */
  readonly seq?: number
  readonly ack?: number
  readonly len?: number
  /** Identification in the IP header: the same twice is the same packet twice. */
  readonly id?: number
}

const BITS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 }
const ISS = { '>': 1000, '<': 70_000 } as const

const big16 = (value: number): number[] => [(value >>> 8) & 0xff, value & 0xff]
const big32 = (value: number): number[] => [...big16(value >>> 16), ...big16(value & 0xffff)]
const address = (text: string): number[] => text.split('.').map(Number)

/** RFC 1071. */
const checksum = (octets: readonly number[]): number => {
  let sum = 0
  for (let at = 0; at < octets.length; at += 2) sum += ((octets[at] ?? 0) << 8) + (octets[at + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}

export const frame = (
  { way, flags, seq = 0, ack, len = 0, id = 1 }: Segment,
  ends: Ends = ENDS,
): number[] => {
  const out = way === '>'
  const [from, to] = out ? [ends.client, ends.server] : [ends.server, ends.client]
  const ports = out ? [ends.clientPort, ends.serverPort] : [ends.serverPort, ends.clientPort]
  const bits = [...flags].reduce((all, letter) => all | (BITS[letter] ?? 0), 0)
  const far = ISS[out ? '<' : '>']
  const header = (sum: number): number[] => [
    ...ports.flatMap(big16),
    ...big32(ISS[way] + seq),
    ...big32(ack === undefined ? 0 : far + ack),
    0x50,
    bits,
    ...big16(64_240),
    ...big16(sum),
    0,
    0,
  ]
  const data = new Array<number>(len).fill(0x61)
  const pseudo = [...address(from), ...address(to), 0, 6, ...big16(20 + len)]
  const tcp = [...header(checksum([...pseudo, ...header(0), ...data])), ...data]
  const ip = (sum: number): number[] => [
    0x45,
    0,
    ...big16(20 + tcp.length),
    ...big16(id),
    0x40,
    0,
    64,
    6,
    ...big16(sum),
    ...address(from),
    ...address(to),
  ]
  return [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, ...ip(checksum(ip(0))), ...tcp]
}

export const HANDSHAKE: readonly Segment[] = [
  { way: '>', flags: 'S' },
  { way: '<', flags: 'SA', ack: 1 },
  { way: '>', flags: 'A', seq: 1, ack: 1 },
]

/** Data, then the client closes and the server never does: FIN_WAIT_2 and CLOSE_WAIT. */
export const LEFT_OPEN: readonly Segment[] = [
  ...HANDSHAKE,
  { way: '>', flags: 'PA', seq: 1, ack: 1, len: 5 },
  { way: '<', flags: 'A', seq: 1, ack: 6 },
  { way: '>', flags: 'FA', seq: 6, ack: 1 },
  { way: '<', flags: 'A', seq: 1, ack: 7 },
]

/** An ARP request: a packet that is no TCP. */
export const ARP: readonly number[] = [
  ...new Array<number>(6).fill(0xff),
  ...[2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1],
  ...[2, 0, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2],
]
