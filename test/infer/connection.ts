/**
 * Connections written by hand as a ladder, one line a packet, with what is expected of it right of a bar:
 *
 *     c>s 0.000 S  0           | received by 2
 *     s>c 0.020 SA 0 1         | ?
 *
 * In: direction, seconds, flags, relative seq, relative ack, payload bytes; then words such as `ts=20/10` (TSval/TSecr),
 * `sack=101-201`, `id=7`, `ttl=57`, `win=502`, `scale=7`, `if=1`, `fo=8` (Fast Open cookie). `=5`
 * is an absolute number. The client's ISN is 1000 and the server's 5000: numbers that nothing else in a line has.
 * Out: segments, connections, tracks, flows; and the expectations as text.
 */
import type { Address, Conversation } from '../../src/flow/conversation.js'
import { type Connection, connections } from '../../src/flow/incarnations.js'
import { CLIENT, type End, type IcmpError, SERVER, type Segment } from '../../src/flow/segment.js'
import { arrivalFates } from '../../src/infer/arrival.js'
import { crossings } from '../../src/infer/crossing.js'
import { type Fate, newFate } from '../../src/infer/fate.js'
import { type Settings, stackOf, syncookiesOf } from '../../src/infer/settings.js'
import { type Track, toTrack } from '../../src/infer/track.js'
import { annotate, type Surroundings } from '../../src/replay/annotate.js'
import type { Flow } from '../../src/report.js'

export const ISN = [1000, 5000] as const
const BITS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32 }

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** What stands right of the bars. */
export const expected = (text: string): string[] =>
  lines(text).map((line) => (line.split('|')[1] ?? '').trim().replace(/\s+/g, ' '))

export function segments(text: string, isn: readonly [number, number] = ISN): Segment[] {
  return lines(text).map((line, row) => segment((line.split('|')[0] ?? '').trim().split(/\s+/), row, isn))
}

function segment(words: readonly string[], row: number, isn: readonly [number, number]): Segment {
  const [way, at, letters = ''] = words
  const numbers = words.slice(3).filter((w) => /^=?\d+$/.test(w))
  const options = new Map(words.slice(3).map((w) => w.split('=', 2) as [string, string]))
  const from: End = way === 'c>s' ? CLIENT : SERVER
  const peer: End = from === CLIENT ? SERVER : CLIENT
  const flags = [...letters].reduce((sum, letter) => sum + (BITS[letter] ?? 0), 0)
  const has = (letter: string) => letters.includes(letter)
  const absolute = (word: string, end: End) =>
    word.startsWith('=') ? Number(word.slice(1)) : (isn[end] + Number(word)) >>> 0
  const seq = absolute(numbers[0] ?? '0', from)
  const ack = has('A') ? absolute(numbers[1] ?? '0', peer) : 0
  const len = Number(numbers[2] ?? 0)
  const option = (name: string, missing: number) => Number(options.get(name) ?? missing)
  const [tsVal, tsEcr] = (options.get('ts') ?? '').split('/')
  const sack = (options.get('sack') ?? '')
    .split(',')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [left = 0, right = 0] = pair.split('-').map((n) => (isn[peer] + Number(n)) >>> 0)
      return [left, right] as const
    })
  const noSocket = has('R') && (!has('A') || seq === 0)
  return {
    packet: row + 1,
    capture: 0,
    iface: option('if', 0),
    seconds: 1_700_000_000 + Math.floor(Number(at)),
    nanoseconds: Math.round((Number(at) % 1) * 1e9),
    at: Number(at),
    from,
    flags,
    syn: has('S'),
    fin: has('F'),
    rst: has('R'),
    ackBit: has('A'),
    seq,
    ack,
    len,
    end: (seq + len + (has('S') ? 1 : 0) + (has('F') ? 1 : 0)) >>> 0,
    window: option('win', noSocket ? 0 : 60000),
    ttl: option('ttl', 64),
    ipId: option('id', 0),
    mss: has('S') ? 1460 : -1,
    windowScale: option('scale', -1),
    sackPermitted: has('S'),
    sack,
    hasTimestamps: tsEcr !== undefined,
    tsVal: Number(tsVal ?? 0),
    tsEcr: Number(tsEcr ?? 0),
    fastOpen: option('fo', -1),
    hasOptions: has('S') || tsEcr !== undefined || sack.length > 0,
    captureFlags: option('flags', 0),
    wireLength: 54 + len,
    checksum: 'good',
  }
}

/** Client 192.0.2.1:40000, server 198.51.100.1:80. */
export const ENDS: readonly [Address, Address] = [
  { address: '192.0.2.1', port: 40000 },
  { address: '198.51.100.1', port: 80 },
]

/** `c` in the text is the first of `ends`. */
export const conversation = (
  text: string,
  ends: readonly [Address, Address] = ENDS,
  icmp: readonly IcmpError[] = [],
): Conversation => ({
  ends,
  ipVersion: 4,
  outer: '',
  segments: segments(text),
  icmp: [...icmp],
})

/** An error that a router sends about a segment of `to`; IPv4 unless told. */
export const icmp = (at: number, to: End, type: number, code: number, ipVersion: 4 | 6 = 4): IcmpError => ({
  packet: 1000,
  capture: 0,
  seconds: 1_700_000_000 + Math.floor(at),
  nanoseconds: Math.round((at % 1) * 1e9),
  at,
  to,
  ipVersion,
  type,
  code,
  router: '203.0.113.1',
  seq: ISN[to],
})

export interface Circumstances {
  /** Seconds that the capture goes on after its last packet; 10 unless given. */
  readonly goesOn?: number
  readonly stack?: 'linux' | 'rfc9293'
  readonly client?: Settings
  readonly server?: Settings
  readonly icmp?: readonly IcmpError[]
}

/** The text as one connection whose client is `c`, whatever its packets look like. */
export const connection = (text: string, errors: readonly IcmpError[] = []): Connection => {
  const all = segments(text)
  return {
    client: ENDS[CLIENT],
    server: ENDS[SERVER],
    roles: 'syn',
    ipVersion: 4,
    outer: '',
    incarnation: 0,
    beginsInMiddle: !all.some((s) => s.syn),
    segments: all,
    icmp: errors,
    sameEnds: true,
  }
}

const around = (all: readonly Segment[], given: Circumstances) => ({
  captureEnd: (all[all.length - 1]?.at ?? 0) + (given.goesOn ?? 10),
  stacks: [
    stackOf(given.stack ?? 'linux', given.client),
    stackOf(given.stack ?? 'linux', given.server),
  ] as const,
  syncookies: syncookiesOf(given.server),
})

export function track(text: string, given: Circumstances = {}): Track {
  const of = connection(text, given.icmp)
  const { captureEnd, stacks, syncookies } = around(of.segments, given)
  return toTrack(of, captureEnd, stacks, syncookies)
}

export const noFates = (of: Track): Fate[] => of.segments.map(newFate)

/** All rules of arrival, as the replay uses them. */
export function fates(of: Track): Fate[] {
  const made = noFates(of)
  arrivalFates(of, made)
  crossings(of, made)
  return made
}

/** `received`, `lost` or `?`, and the packet that shows it: `received by 4`. */
export const toldOf = (made: readonly Fate[]): string[] =>
  made.map(({ received, by }) => {
    const word = received === null ? '?' : received ? 'received' : 'lost'
    return by < 0 || received === null ? word : `${word} by ${by + 1}`
  })

/** The whole treatment of one connection. */
export function flow(text: string, given: Circumstances = {}, more: Partial<Surroundings> = {}): Flow {
  const of = connection(text, given.icmp)
  return annotate(of, { ...surroundings(of, given), ...more }).flow
}

export const surroundings = (of: Connection, given: Circumstances = {}): Surroundings => ({
  flow: 0,
  epoch: { seconds: 1_700_000_000, nanoseconds: 0 },
  ...around(of.segments, given),
  inherited: [null, null],
  replacedAt: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  reopenedBy: null,
})

/** The connections of a conversation, in which `c` need not be the client. */
export const parted = (text: string, ends: readonly [Address, Address] = ENDS): Connection[] =>
  connections(conversation(text, ends))

/** Both ends after each packet, client first: `SYN_SENT LISTEN`. */
export const statesOf = (of: Flow): string[] =>
  of.rows.map((row) => `${row.client.state} ${row.server.state}`)

/** SYN, SYN+ACK, ACK: 20 ms from the capture point to each end and back. */
export const HANDSHAKE = `
  c>s 0.000 S  0
  s>c 0.020 SA 0 1
  c>s 0.040 A  1 1`
