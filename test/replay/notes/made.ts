/**
 * Connections written by hand for tests: one line a packet.
 *
 * `c>s 0.10 PA 1 1 100 w500`: direction, seconds, flags, relative seq, relative ack, payload; then options: `w` window,
 * `t` timestamp value, `i` IP identification, `s2-3` SACK block, `l64` TTL. The ISN of the client is 1000, of the
 * server 5000.
 */
import type { Connection } from '../../../src/flow/incarnations.js'
import { CLIENT, SERVER, type Segment } from '../../../src/flow/segment.js'
import { arrivalFates } from '../../../src/infer/arrival.js'
import { crossings } from '../../../src/infer/crossing.js'
import { newFate } from '../../../src/infer/fate.js'
import { stackOf } from '../../../src/infer/settings.js'
import { toTrack } from '../../../src/infer/track.js'
import type { Note } from '../../../src/notes.js'
import { notesOf } from '../../../src/replay/notes/index.js'
import { replay } from '../../../src/replay/replay.js'

export const ISN = [1000, 5000] as const
const BITS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32 }

export function segments(text: string): Segment[] {
  return text
    .trim()
    .split('\n')
    .map((line, row) => segment(line.trim().split(/\s+/), row))
}

function segment(words: readonly string[], row: number): Segment {
  const [way, at, letters = '', seq = '0', ack = '0', len = '0', ...options] = words
  const from = way === 'c>s' ? CLIENT : SERVER
  const flags = [...letters].reduce((sum, letter) => sum + (BITS[letter] ?? 0), 0)
  const number = (text: string, isn: number) =>
    text.startsWith('=') ? Number(text.slice(1)) : (isn + Number(text)) >>> 0
  const option = (key: string) => options.find((o) => o.startsWith(key))?.slice(1)
  const start = number(seq, ISN[from])
  const syn = (flags & 2) !== 0
  const fin = (flags & 1) !== 0
  const sack = options
    .filter((o) => o.startsWith('s'))
    .map((o) => {
      const [left = 0, right = 0] = o
        .slice(1)
        .split('-')
        .map((n) => ISN[from === CLIENT ? SERVER : CLIENT] + Number(n))
      return [left, right] as const
    })
  const tsVal = option('t')
  return {
    packet: row + 1,
    capture: 0,
    iface: 0,
    seconds: Math.floor(Number(at)),
    nanoseconds: 0,
    at: Number(at),
    from,
    flags,
    syn,
    fin,
    rst: (flags & 4) !== 0,
    ackBit: (flags & 16) !== 0,
    seq: start,
    ack: (flags & 16) !== 0 ? number(ack, ISN[from === CLIENT ? SERVER : CLIENT]) : 0,
    len: Number(len),
    end: (start + Number(len) + (syn ? 1 : 0) + (fin ? 1 : 0)) >>> 0,
    window: Number(option('w') ?? 60000),
    ttl: Number(option('l') ?? 64),
    ipId: Number(option('i') ?? 0),
    mss: 1460,
    windowScale: -1,
    sackPermitted: syn,
    sack,
    hasTimestamps: tsVal !== undefined,
    tsVal: Number(tsVal ?? 0),
    tsEcr: 0,
    fastOpen: Number(option('o') ?? -1),
    hasOptions: true,
    captureFlags: 0,
    wireLength: 60 + Number(len),
    checksum: 'good',
  }
}

/** The notes of each packet of a connection written by hand; the capture ends ten seconds later. */
export function notes(
  text: string | Segment[],
  syncookies: number | null = null,
): readonly (readonly Note[])[] {
  const all = typeof text === 'string' ? segments(text) : text
  const connection: Connection = {
    client: { address: '192.0.2.1', port: 40000 },
    server: { address: '198.51.100.1', port: 80 },
    roles: 'syn',
    ipVersion: 4,
    outer: '',
    incarnation: 0,
    beginsInMiddle: !all.some((s) => s.syn),
    segments: all,
    icmp: [],
    sameEnds: true,
  }
  const stack = stackOf('linux')
  const track = toTrack(connection, (all[all.length - 1]?.at ?? 0) + 10, [stack, stack], syncookies)
  const fates = all.map(newFate)
  arrivalFates(track, fates)
  crossings(track, fates)
  const replayed = replay(track, fates)
  return notesOf(track, fates, replayed)
}

export const HANDSHAKE = `c>s 0.000 S 0
s>c 0.020 SA 0 1
c>s 0.040 A 1 1`
