/** Forged packets and copies that the network made, by the count in the IP identification and by the TTL. */
import { describe, expect, it } from 'vitest'
import type { Segment } from '../../src/flow/segment.js'
import { captureDuplicates } from '../../src/infer/duplicates.js'
import { origins } from '../../src/infer/origin.js'
import { segments } from './connection.js'

const of = (text: string) => {
  const all = segments(text)
  return origins(all, captureDuplicates(all))
}
/** Numbers of the packets that their apparent sender did not send. */
const foreign = (text: string) => [...of(text).foreign].flatMap((odd, row) => (odd === 1 ? [row + 1] : []))

describe("a packet out of its sender's count", () => {
  it('is foreign when the next one goes on with the count', () => {
    expect(
      foreign(`
        c>s 0.0 A 1 1 10 id=100
        c>s 0.1 A 11 1 10 id=101
        c>s 0.2 A 21 1 10 id=102
        c>s 0.3 FA 31 1 0 id=40000
        c>s 0.4 A 31 1 10 id=103`),
    ).toEqual([4])
  })
  it('is no evidence when the host takes any number', () => {
    expect(
      foreign(`
        c>s 0.0 A 1 1 10 id=100
        c>s 0.1 A 11 1 10 id=51234
        c>s 0.2 A 21 1 10 id=20999
        c>s 0.3 A 31 1 10 id=40000
        c>s 0.4 A 41 1 10 id=3`),
    ).toEqual([])
  })
  it('may have been overtaken on the way', () => {
    expect(
      foreign(`
        c>s 0.0 A 1 1 10 id=100
        c>s 0.1 A 11 1 10 id=101
        c>s 0.2 A 31 1 10 id=103
        c>s 0.2 A 21 1 10 id=102
        c>s 0.4 A 41 1 10 id=104`),
    ).toEqual([])
  })
  it('may count over 65535', () => {
    expect(
      foreign(`
        c>s 0.0 A 1 1 10 id=65534
        c>s 0.1 A 11 1 10 id=65535
        c>s 0.2 A 21 1 10 id=1
        c>s 0.3 A 31 1 10 id=2`),
    ).toEqual([])
  })
  it("says nothing of the other end's count", () => {
    expect(
      foreign(`
        c>s 0.0 A 1 1 10 id=100
        s>c 0.1 A 1 11 10 id=9000
        c>s 0.2 A 11 11 10 id=101
        s>c 0.3 A 11 21 10 id=9001
        c>s 0.4 A 21 21 10 id=102`),
    ).toEqual([])
  })
  it('is foreign with identification 0 only if it carries something', () => {
    // Linux sends 0 from where no socket counts: an ACK from TIME_WAIT, a RST.
    expect(
      foreign(`
        c>s 0.0 A 1 1 10 id=100
        c>s 0.1 A 11 1 10 id=101
        c>s 0.2 A 21 1 10 id=102
        c>s 0.3 A 31 1 0 id=0
        c>s 0.4 R 31 0 0 id=0`),
    ).toEqual([])
    expect(
      foreign(`
        c>s 0.0 A 1 1 10 id=100
        c>s 0.1 A 11 1 10 id=101
        c>s 0.2 A 21 1 10 id=102
        c>s 0.3 A 31 1 10 id=0`),
    ).toEqual([4])
  })
})

describe('a packet from another distance', () => {
  const one = (ttl: number, flags = 'A') =>
    foreign(`
    s>c 0.0 SA 0 1 0 ttl=57
    s>c 0.1 A 1 1 10 ttl=57
    s>c 0.2 ${flags} 11 1 0 ttl=${ttl}
    s>c 0.3 A 11 1 10 ttl=57`)
  it('is foreign', () => expect(one(51)).toEqual([3]))
  it('is its own at the same distance', () => expect(one(57)).toEqual([]))
  it('is left to other evidence when it is a RST: hosts send those with another TTL', () =>
    expect(one(255, 'RA')).toEqual([]))
  it('is nothing odd when there are several of both: two ways', () => {
    expect(
      foreign(`
        s>c 0.0 A 1 1 10 ttl=57
        s>c 0.1 A 11 1 10 ttl=56
        s>c 0.2 A 21 1 10 ttl=57
        s>c 0.3 A 31 1 10 ttl=56`),
    ).toEqual([])
  })
})

describe('a copy that the network made', () => {
  it('has the identification and all else of an earlier packet', () => {
    expect([...of('c>s 0 A 1 1 9 id=7 ts=1/2\n c>s 0.3 A 1 1 9 id=7 ts=1/2').copyOf]).toEqual([-1, 0])
  })
  it('is no retransmission: that has an identification of its own', () => {
    expect([...of('c>s 0 A 1 1 9 id=7\n c>s 0.3 A 1 1 9 id=8').copyOf]).toEqual([-1, -1])
  })
  it('is not known where hosts do not number packets', () => {
    expect([...of('c>s 0 A 1 1 9 id=0\n c>s 0.3 A 1 1 9 id=0').copyOf]).toEqual([-1, -1])
  })
  it.each([
    ['the echoed time stamp', (n: number) => ({ tsEcr: n })],
    ['the window', (n: number) => ({ window: n })],
    // What one adds the other would take back, if both went into one sum of the kind that hash functions are made of.
    ['identification and sequence number', (n: number) => ({ ipId: n + 1, seq: (n + 1) ^ 0x1234_0000 })],
  ])('is looked for among few, also in thousands of which %s alone differs', (_what, own) => {
    let looks = 0
    const [like] = segments('c>s 0 A 1 1 9 id=7 ts=1/2')
    const all = Array.from({ length: 4000 }, (_, n) => {
      const made = { ...(like as Segment), at: n, ...own(n) }
      const { ipId } = made
      const look = (): number => {
        looks++
        return ipId
      }
      return Object.defineProperty(made, 'ipId', { get: look })
    })
    const { copyOf } = origins(all, new Int32Array(all.length).fill(-1))
    expect(copyOf.every((row) => row === -1)).toBe(true)
    expect(looks).toBeLessThan(40 * all.length)
  })
})
