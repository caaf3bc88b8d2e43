/**
 * Flows made to cost a reader dearly: each is easy to send, and each must cost about twice as much when it is twice
 * as long.
 *
 * In: a number of packets. Out: their words, by name.
 */
import type { Word } from './frames.js'

const C = 1000
const S = 5000

const HANDSHAKE: readonly Word[] = [
  { at: 0, from: 0, flags: 'S', seq: C },
  { at: 0.02, from: 1, flags: 'SA', seq: S, ack: C + 1 },
  { at: 0.03, from: 0, flags: 'A', seq: C + 1, ack: S + 1 },
]

/** `n` packets after a handshake, a millisecond apart. */
const after = (n: number, make: (k: number, at: number) => Word): Word[] => [
  ...HANDSHAKE,
  ...Array.from({ length: n }, (_, k) => make(k, 0.1 + k / 1000)),
]

/** No handshake before them. */
const alone = (n: number, make: (k: number, at: number) => Word, gap = 1000): Word[] =>
  Array.from({ length: n }, (_, k) => make(k, k / gap))

const way = (k: number): 0 | 1 => (k % 2 === 0 ? 0 : 1)

export const FLOODS: Readonly<Record<string, (n: number) => Word[]>> = {
  'RSTs after a handshake': (n) => after(n, (_, at) => ({ at, from: 1, flags: 'R', seq: S + 1 })),
  'RST+ACKs out of the window': (n) =>
    after(n, (k, at) => ({ at, from: 1, flags: 'RA', seq: S + 100_000 + k, ack: C + 1 })),
  'RSTs both ways, slowly': (n) =>
    Array.from({ length: n }, (_, k) => ({ at: k, from: way(k), flags: 'R', seq: k % 2 ? S : C })),
  'nothing but RSTs': (n) => alone(n, (_, at) => ({ at, from: 0, flags: 'RA', seq: C, ack: S })),
  'data, then a RST, again and again': (n) =>
    after(n, (k, at) =>
      k % 2 === 0
        ? { at, from: 0, flags: 'PA', seq: C + 1 + k, ack: S + 1, len: 2 }
        : { at, from: 1, flags: 'R', seq: S + 1 },
    ),
  'duplicate ACKs': (n) =>
    after(n, (k, at) =>
      k === 0
        ? { at, from: 0, flags: 'PA', seq: C + 1, ack: S + 1, len: 1000 }
        : { at, from: 1, flags: 'A', seq: S + 1, ack: C + 1 },
    ),
  'duplicate ACKs with time stamps': (n) =>
    after(n, (k, at) =>
      k === 0
        ? { at, from: 0, flags: 'PA', seq: C + 1, ack: S + 1, len: 1000, stamp: [1, 1] }
        : { at, from: 1, flags: 'A', seq: S + 1, ack: C + 1, stamp: [7 + k, 1] },
    ),
  'ACKs that grow, to nobody': (n) =>
    after(n, (k, at) => ({ at, from: 1, flags: 'A', seq: S + 1, ack: C + 1 + k })),
  'ACKs that fall': (n) => after(n, (k, at) => ({ at, from: 1, flags: 'A', seq: S + 1, ack: C + 1 - k })),
  'bare ACKs both ways': (n) =>
    after(n, (k, at) => {
      const from = way(k)
      return { at, from, flags: 'A', seq: (from ? S : C) + 1, ack: (from ? C : S) + 1 }
    }),
  'SYNs with other numbers': (n) => alone(n, (k, at) => ({ at, from: 0, flags: 'S', seq: C + k * 70_001 })),
  'SYNs with other numbers, each refused': (n) =>
    alone(n, (k, at) =>
      k % 2 === 0
        ? { at, from: 0, flags: 'S', seq: C + k * 70_001 }
        : { at, from: 1, flags: 'RA', seq: 0, ack: C + (k - 1) * 70_001 + 1 },
    ),
  'SYNs with other numbers, each answered': (n) =>
    alone(n, (k, at) =>
      k % 2 === 0
        ? { at, from: 0, flags: 'S', seq: C + k * 70_001 }
        : { at, from: 1, flags: 'SA', seq: S + k * 90_001, ack: C + (k - 1) * 70_001 + 1 },
    ),
  'SYNs from both ends': (n) => alone(n, (k, at) => ({ at, from: way(k), flags: 'S', seq: C + k * 70_001 })),
  'SYNs with the same number': (n) => alone(n, (_, at) => ({ at, from: 0, flags: 'S', seq: C })),
  'old SYNs in a connection': (n) =>
    after(n, (k, at) => ({ at, from: 0, flags: 'S', seq: C + 1_000_000 + k * 70_001 })),
  'two old SYNs by turns': (n) =>
    after(n, (k, at) => ({ at, from: 0, flags: 'S', seq: C + 1_000_000 + (k % 2) * 70_001 })),
  'SYNs of two ends, the same numbers again': (n) =>
    alone(n, (k, at) => ({ at, from: way(k), flags: 'S', seq: k % 2 ? S : C })),
  'SYN+ACKs with other numbers': (n) =>
    alone(n, (k, at) => ({ at, from: 1, flags: 'SA', seq: S + k * 90_001, ack: C + 1 })),
  'SYN+ACKs again, an ACK after each': (n) =>
    after(n, (k, at) =>
      k % 2 === 0
        ? { at, from: 1, flags: 'SA', seq: S, ack: C + 1 }
        : { at, from: 0, flags: 'A', seq: C + 1, ack: S + 1 },
    ),
  'one SYN+ACK, many ACKs, one SYN+ACK': (n) =>
    after(n, (k, at) =>
      k === n - 1
        ? { at, from: 1, flags: 'SA', seq: S, ack: C + 1 }
        : { at, from: 0, flags: 'A', seq: C + 1, ack: S + 1, window: k & 0xffff },
    ),
  'a hole that is never filled': (n) =>
    after(n, (k, at) => ({ at, from: 0, flags: 'A', seq: C + 101 + k * 100, ack: S + 1, len: 100 })),
  'a hole that is never filled, each acknowledged below it': (n) =>
    after(n, (k, at) =>
      k % 2 === 0
        ? { at, from: 0, flags: 'A', seq: C + 101 + k * 50, ack: S + 1, len: 100 }
        : { at, from: 1, flags: 'A', seq: S + 1, ack: C + 1 },
    ),
  'every second byte missing, in reverse': (n) =>
    after(n, (k, at) => ({ at, from: 0, flags: 'A', seq: C + 1 + 2 * (n - k), ack: S + 1, len: 1 })),
  'a hole and SACK blocks': (n) =>
    after(n, (k, at) =>
      k % 2 === 0
        ? { at, from: 0, flags: 'A', seq: C + 101 + k * 50, ack: S + 1, len: 50 }
        : {
            at,
            from: 1,
            flags: 'A',
            seq: S + 1,
            ack: C + 1,
            sack: [C + 101 + k * 50 - 50, C + 101 + k * 50],
          },
    ),
  'data first, then SACK blocks that cover nothing': (n) =>
    after(n, (k, at) =>
      k < n / 2
        ? { at, from: 0, flags: 'A', seq: C + 101 + k * 100, ack: S + 1, len: 100 }
        : { at, from: 1, flags: 'A', seq: S + 1, ack: C + 1, sack: [C + 50, C + 60, C + 70, C + 80] },
    ),
  'data first, then duplicate SACK blocks': (n) =>
    after(n, (k, at) =>
      k < n / 2
        ? { at, from: 0, flags: 'A', seq: C + 101 + k * 100, ack: S + 1, len: 100 }
        : { at, from: 1, flags: 'A', seq: S + 1, ack: C + 100, sack: [C + 50, C + 60] },
    ),
  'one segment again and again': (n) =>
    after(n, (_, at) => ({ at, from: 0, flags: 'PA', seq: C + 1, ack: S + 1, len: 100 })),
  'one segment again and again, then acknowledged': (n) =>
    after(n, (k, at) =>
      k < n - 1
        ? { at, from: 0, flags: 'PA', seq: C + 1, ack: S + 1, len: 100, id: k }
        : { at, from: 1, flags: 'A', seq: S + 1, ack: C + 101 },
    ),
  'old data again and again, never acknowledged anew': (n) =>
    after(n, (k, at) =>
      k === 0
        ? { at, from: 0, flags: 'PA', seq: C + 1, ack: S + 1, len: 100 }
        : k === 1
          ? { at, from: 1, flags: 'A', seq: S + 1, ack: C + 101 }
          : { at: at - 0.09, from: 0, flags: 'PA', seq: C + 1, ack: S + 1, len: 100 },
    ),
  'old data and duplicate SACK blocks': (n) =>
    after(n, (k, at) =>
      k === 0
        ? { at, from: 0, flags: 'PA', seq: C + 1, ack: S + 1, len: 100 }
        : k < n / 2
          ? k === 1
            ? { at, from: 1, flags: 'A', seq: S + 1, ack: C + 101 }
            : { at: 0.2, from: 0, flags: 'PA', seq: C + 1, ack: S + 1, len: 100 }
          : { at: 0.2, from: 1, flags: 'A', seq: S + 1, ack: C + 101, sack: [C + 1, C + 51] },
    ),
  'one window of data, unacknowledged, in tiny pieces': (n) =>
    after(n, (k, at) => ({ at, from: 0, flags: 'PA', seq: C + 1 + k, ack: S + 1, len: 1 })),
  'tiny pieces, acknowledged one by one at the end': (n) =>
    after(n, (k, at) =>
      k < n / 2
        ? { at, from: 0, flags: 'PA', seq: C + 1 + k, ack: S + 1, len: 1 }
        : { at, from: 1, flags: 'A', seq: S + 1, ack: C + 2 + k - Math.ceil(n / 2) },
    ),
  'probes of a shut window': (n) =>
    after(n, (k, at) =>
      k % 2 === 0
        ? { at, from: 1, flags: 'A', seq: S + 1, ack: C + 1, window: 0 }
        : { at, from: 0, flags: 'A', seq: C, ack: S + 1 },
    ),
  'probes that nobody answers': (n) => after(n, (_, at) => ({ at, from: 0, flags: 'A', seq: C, ack: S + 1 })),
  'probes with a byte, each followed by a RST': (n) =>
    after(n, (k, at) =>
      k % 2 === 0
        ? { at, from: 0, flags: 'A', seq: C, ack: S + 1, len: 1 }
        : { at, from: 0, flags: 'RA', seq: C + 1, ack: S + 1 },
    ),
  'keep-alives, then RSTs': (n) =>
    after(n, (k, at) => ({
      at,
      from: 0,
      flags: k < n / 2 ? 'A' : 'RA',
      seq: k < n / 2 ? C : C + 1,
      ack: S + 1,
    })),
  FINs: (n) => after(n, (_, at) => ({ at, from: 0, flags: 'FA', seq: C + 1, ack: S + 1 })),
  'FINs of both ends, each at another number': (n) =>
    after(n, (k, at) => {
      const from = way(k)
      return { at, from, flags: 'FA', seq: (from ? S : C) + 1 + k, ack: (from ? C : S) + 1 }
    }),
  'FINs, each at another number, to silence': (n) =>
    after(n, (k, at) => ({ at, from: 0, flags: 'FA', seq: C + 1 + 2 * k, ack: S + 1 })),
  'ACKs of what nobody sent, each further': (n) =>
    after(n, (k, at) => ({
      at,
      from: way(k),
      flags: 'A',
      seq: (k % 2 ? S : C) + 1,
      ack: (k % 2 ? C : S) + 2 + k,
    })),
  'a connection after the other': (n) =>
    Array.from({ length: n }, (_, k): Word => {
      const turn = Math.floor(k / 4)
      const [c, s] = [C + turn * 700_001, S + turn * 900_001]
      const at = k / 1000
      const step: readonly Word[] = [
        { at, from: 0, flags: 'S', seq: c },
        { at, from: 1, flags: 'SA', seq: s, ack: c + 1 },
        { at, from: 0, flags: 'A', seq: c + 1, ack: s + 1 },
        { at, from: 0, flags: 'RA', seq: c + 1, ack: s + 1 },
      ]
      return step[k % 4] as Word
    }),
  'a connection after the other, ICMP errors between': (n) =>
    Array.from({ length: n }, (_, k): Word => {
      const seq = C + Math.floor(k / 2) * 700_001
      return { at: k / 1000, from: 0, flags: 'S', seq, ...(k % 2 === 0 ? {} : { icmp: [3, 1] as const }) }
    }),
  'ICMP errors on one connection': (n) =>
    after(n, (_, at) => ({ at, from: 0, flags: 'A', seq: C + 1, ack: S + 1, icmp: [3, 1] })),
  'ICMP errors for a SYN, SYNs after them': (n) =>
    alone(n, (k, at) => ({
      at,
      from: 0,
      flags: 'S',
      seq: C,
      ...(k > 0 && k < n / 2 ? { icmp: [3, 3] as const } : {}),
    })),
  'time goes backwards': (n) =>
    after(n, (k, at) => ({
      at: 1000 - at,
      from: way(k),
      flags: 'PA',
      seq: (k % 2 ? S : C) + 1 + k,
      ack: (k % 2 ? C : S) + 1,
      len: 2,
    })),
  'everything in one microsecond': (n) =>
    after(n, (k) => ({
      at: 0.1,
      from: way(k),
      flags: 'PA',
      seq: (k % 2 ? S : C) + 1 + k,
      ack: (k % 2 ? C : S) + 1,
      len: 2,
    })),
  'SYNs to many ports, unanswered': (n) =>
    alone(n, (k, at) => ({ at, from: 0, flags: 'S', seq: C, port: 1024 + (k % 60_000) })),
  'SYNs to many ports, all refused': (n) =>
    alone(n, (k, at) => ({
      at,
      from: k % 2 === 0 ? 0 : 1,
      flags: k % 2 === 0 ? 'S' : 'RA',
      seq: k % 2 === 0 ? C : 0,
      ack: k % 2 === 0 ? 0 : C + 1,
      port: 1024 + ((k >> 1) % 60_000),
    })),
  'SYNs to many ports, half open': (n) =>
    alone(n, (k, at) => ({
      at,
      from: k % 2 === 0 ? 0 : 1,
      flags: k % 2 === 0 ? 'S' : 'SA',
      seq: k % 2 === 0 ? C : S,
      ack: k % 2 === 0 ? 0 : C + 1,
      port: 1024 + ((k >> 1) % 60_000),
    })),
  'connections of many ports, reset at once': (n) =>
    alone(n, (k, at) => {
      const port = 1024 + ((k >> 2) % 60_000)
      const step: readonly Word[] = [
        { at, from: 0, flags: 'S', seq: C, port },
        { at, from: 1, flags: 'SA', seq: S, ack: C + 1, port },
        { at, from: 0, flags: 'A', seq: C + 1, ack: S + 1, port },
        { at, from: 1, flags: 'R', seq: S + 1, port },
      ]
      return step[k % 4] as Word
    }),
  'connections of many ports, one segment again in each': (n) =>
    alone(n, (k, at) => {
      const port = 1024 + ((k >> 3) % 60_000)
      const step: readonly Word[] = [
        { at, from: 0, flags: 'S', seq: C, port },
        { at, from: 1, flags: 'SA', seq: S, ack: C + 1, port },
        { at, from: 0, flags: 'A', seq: C + 1, ack: S + 1, port },
        { at, from: 0, flags: 'PA', seq: C + 1, ack: S + 1, len: 10, port },
        { at: at + 1, from: 0, flags: 'PA', seq: C + 1, ack: S + 1, len: 10, port },
        { at: at + 2, from: 1, flags: 'A', seq: S + 1, ack: C + 11, port },
        { at: at + 2, from: 0, flags: 'FA', seq: C + 11, ack: S + 1, port },
        { at: at + 2, from: 1, flags: 'A', seq: S + 1, ack: C + 12, port },
      ]
      return step[k % 8] as Word
    }),
  'ports used again at once after a close': (n) =>
    Array.from({ length: n }, (_, k): Word => {
      const turn = Math.floor(k / 6)
      const [c, s] = [C + turn * 700_001, S + turn * 900_001]
      const at = k / 1000
      const step: readonly Word[] = [
        { at, from: 0, flags: 'S', seq: c },
        { at, from: 1, flags: 'SA', seq: s, ack: c + 1 },
        { at, from: 0, flags: 'A', seq: c + 1, ack: s + 1 },
        { at, from: 0, flags: 'FA', seq: c + 1, ack: s + 1 },
        { at, from: 1, flags: 'FA', seq: s + 1, ack: c + 2 },
        { at, from: 0, flags: 'A', seq: c + 2, ack: s + 2 },
      ]
      return step[k % 6] as Word
    }),
}
