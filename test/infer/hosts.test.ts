/** What the capture of a packet's receiver says of it. */
import { describe, expect, it } from 'vitest'
import { captureDuplicates } from '../../src/infer/duplicates.js'
import { atHosts } from '../../src/infer/hosts.js'
import { segments } from './connection.js'

/** Client and server are 10 ms apart; `if` is the capture: 0 the client's, 1 the server's. Came, did not, or nothing tells. */
const told = (text: string, lasts: readonly number[] | null = null): string => {
  const all = segments(text).map((s) => ({ ...s, capture: s.iface, iface: 0 }))
  const duplicates = captureDuplicates(all)
  const came = atHosts(all, duplicates, lasts)?.came ?? null
  if (came === null) return 'nothing'
  return [...came]
    .map((each, row) => ((duplicates[row] as number) >= 0 ? '=' : each > 0 ? '+' : each < 0 ? '-' : '?'))
    .join('')
}

const OPEN = `
  c>s 0.0000 S 0 if=0 ts=1/0
  c>s 0.0100 S 0 if=1 ts=1/0
  s>c 0.0101 SA 0 1 if=1 ts=9/1
  s>c 0.0201 SA 0 1 if=0 ts=9/1`

it('came when the capture of its receiver has it, did not when that goes on without it', () => {
  expect(
    told(`${OPEN}
      c>s 0.0202 A 1 1 if=0 ts=2/9
      c>s 0.2000 PA 1 1 9 if=0 ts=3/9
      c>s 0.2100 PA 1 1 9 if=1 ts=3/9
      s>c 0.2101 A 1 10 if=1 ts=10/3
      s>c 0.2201 A 1 10 if=0 ts=10/3`),
  ).toBe('+=+=-+=+=')
})
it('nothing tells of what was sent when the capture of its receiver may have ended', () => {
  expect(
    told(`${OPEN}
      c>s 0.0202 A 1 1 if=0 ts=2/9`),
  ).toBe('+=+=?')
})
describe('a capture that goes on with other connections', () => {
  const [ackLost, dataLost] = [
    `${OPEN}
      c>s 0.0202 A 1 1 if=0 ts=2/9`,
    `${OPEN}
      c>s 0.0202 A 1 1 if=0 ts=2/9
      c>s 0.0302 A 1 1 if=1 ts=2/9
      c>s 9.0000 PA 1 1 9 if=0 ts=3/9
      c>s 9.2000 PA 1 1 9 if=0 ts=4/9`,
  ]
  it('would have shown what it has not, where it had others of this connection', () => {
    expect(told(dataLost, [9.2, 0.0302])).toBe('+=+=+=??')
    expect(told(dataLost, [9.2, 9.1])).toBe('+=+=+=-?')
    expect(told(dataLost, [9.2, 9.5])).toBe('+=+=+=--')
  })
  it('says nothing within a second: of two that look alike the wrong one may be taken for the copy', () => {
    const soon = dataLost.replace('9.0000', '0.9000').replace('9.2000', '1.2000')
    expect(told(soon, [9, 9])).toBe('+=+=+=?-')
  })
  it('says nothing where it has gaps: what the other one has of its host it lacks', () => {
    const gap = `${OPEN}
      s>c 0.0600 PA 1 1 5 if=0 ts=10/1
      c>s 0.0601 A 1 6 if=0 ts=2/10
      c>s 0.0701 A 1 6 if=1 ts=2/10
      c>s 9.0000 PA 1 6 9 if=0 ts=3/10`
    expect(told(gap, [9.5, 9.5]).at(-1)).toBe('?')
  })
  it('says nothing where no more than SYNs were common: it may hold nothing else, or be the next file', () => {
    expect(told(ackLost, [9, 9])).toBe('+=+=?')
  })
})

it('a capture that lies next to neither host tells nothing, nor does one alone', () => {
  expect(
    told(`
      c>s 0.000 S 0 if=0 ts=1/0
      c>s 0.001 S 0 if=1 ts=1/0
      s>c 0.030 SA 0 1 if=1 ts=9/1
      s>c 0.031 SA 0 1 if=0 ts=9/1
      c>s 0.060 A 1 1 if=0 ts=2/9`),
  ).toBe('nothing')
  expect(told('c>s 0 S 0 if=0\n s>c 0.0001 SA 0 1 if=0')).toBe('nothing')
})

it('of what only one host has, the other time is told by the shortest way', () => {
  const all = segments(`${OPEN}
      c>s 0.0202 A 1 1 if=0 ts=2/9
      c>s 0.2000 PA 1 1 9 if=0 ts=3/9
      c>s 0.2100 PA 1 1 9 if=1 ts=3/9
      s>c 0.2101 A 1 10 if=1 ts=10/3`).map((s) => ({ ...s, capture: s.iface, iface: 0 }))
  const times = atHosts(all, captureDuplicates(all))?.times
  const rounded = (each: Float64Array | undefined) => [...(each ?? [])].map((at) => Number(at.toFixed(4)))
  // Second captures of a packet (rows 1, 3, 6) have no times of their own.
  expect(rounded(times?.sent)).toEqual([0, NaN, 0.0101, NaN, 0.0202, 0.2, NaN, 0.2101])
  expect(rounded(times?.came)).toEqual([0.01, NaN, 0.0201, NaN, 0.0302, 0.21, NaN, 0.2201])
})

it('left its sender when that one’s own capture has it, did not when that goes on without it', () => {
  const all = segments(`${OPEN}
      c>s 0.0202 A 1 1 if=0 ts=2/9
      c>s 0.0302 A 1 1 if=1 ts=2/9
      c>s 0.1000 R 1 if=1
      s>c 0.2000 R 1 if=1
      s>c 0.2100 R 1 if=0
      c>s 0.2101 PA 1 1 9 if=0 ts=3/9
      c>s 0.2201 PA 1 1 9 if=1 ts=3/9
      c>s 0.2301 R 10 if=1`).map((s) => ({ ...s, capture: s.iface, iface: 0 }))
  const left = atHosts(all, captureDuplicates(all))?.left
  // The last one came when the client's capture may have ended.
  expect([...(left ?? [])]).toEqual([1, 0, 1, 0, 1, 0, -1, 1, 0, 1, 0, 0])
})

it('a connection too short to tell is told by the first TTL that its SYN has lost in the other capture', () => {
  const refused = (ttl: number) =>
    told(`
      c>s 0.0000 S 0 if=0 id=5 ttl=64
      c>s 0.0300 S 0 if=1 id=5 ttl=${ttl}
      s>c 0.0301 RA 0 1 if=1 ttl=64
      s>c 0.0601 RA 0 1 if=0 ttl=61`)
  // The client's own capture has the RST: it came. Without a router on the way nothing tells that it is the client's.
  expect(refused(61)).toBe('+=+=')
  expect(refused(64)).toBe('+=?=')
})
