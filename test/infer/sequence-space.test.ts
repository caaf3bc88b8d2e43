/** What ack numbers, SACK blocks and echoed timestamps say of data. RFC 9293 3.4, RFC 2018, RFC 2883, RFC 7323 4.3. */
import { describe, expect, it } from 'vitest'
import { CLIENT, SERVER } from '../../src/flow/segment.js'
import { sequenceSpaceFates } from '../../src/infer/sequence-space.js'
import { type Circumstances, expected, HANDSHAKE, noFates, toldOf, track } from './connection.js'

const holds = (text: string, given: Circumstances = {}): void => {
  const of = track(text, given)
  const fates = noFates(of)
  for (const end of [CLIENT, SERVER] as const) sequenceSpaceFates(of, end, fates)
  const wanted = expected(text)
  expect(toldOf(fates).filter((_, row) => wanted[row] !== '')).toEqual(wanted.filter((w) => w !== ''))
}

describe('data', () => {
  it('arrived when it is acknowledged', () =>
    holds(`${HANDSHAKE}
      c>s 0.100 PA 1 1 100      | received by 5
      s>c 0.120 A 1 101         | ?`))
  it('arrived together when one ACK covers it all', () =>
    holds(`${HANDSHAKE}
      c>s 0.100 A 1 1 100       | received by 6
      c>s 0.101 PA 101 1 100    | received by 6
      s>c 0.121 A 1 201`))
  it('counts the SYN and the FIN as one number each', () =>
    holds(`
      c>s 0.000 S 0             | received by 2
      s>c 0.020 SA 0 1          | received by 3
      c>s 0.040 A 1 1
      c>s 0.100 FA 1 1          | received by 5
      s>c 0.120 A 1 2`))
  it('does not count a FIN that the ACK leaves out', () =>
    holds(
      `${HANDSHAKE}
      c>s 0.100 PA 1 1 100      | received by 5
      s>c 0.120 A 1 101
      c>s 0.200 FA 101 1        | ?
      s>c 0.205 A 1 101`,
      { goesOn: 0 },
    ))
  it('is behind the packet before it as far as it was sent: a FIN that its receiver leaves out later was lost', () =>
    holds(
      `${HANDSHAKE}
      s>c 0.100000 PA 1 1 1446   | received by 6
      s>c 0.100011 FA 1447 1     | lost by 7
      c>s 0.121 A 1 1447
      c>s 0.136 FA 1 1447        | received by 8
      s>c 0.1361 A 1448 2`,
      { goesOn: 0 },
    ))
  it('may still be on its way just behind the packet before it', () =>
    holds(
      `${HANDSHAKE}
      s>c 0.100000 PA 1 1 1446   | received by 6
      s>c 0.100011 FA 1447 1     | ?
      c>s 0.121 A 1 1447
      c>s 0.126 FA 1 1447        | received by 8
      s>c 0.1261 A 1448 2`,
      { goesOn: 0 },
    ))
  it('counts over the top of the sequence space', () =>
    holds(`
      c>s 0.000 S =4294967295   | received by 2
      s>c 0.020 SA 0 =0         | received by 3
      c>s 0.040 A =0 1
      c>s 0.100 PA =0 1 100     | received by 5
      s>c 0.120 A 1 =100`))
  it('that was captured twice is one segment', () =>
    holds(`${HANDSHAKE}
      c>s 0.100 PA 1 1 100 if=0 | received by 6
      c>s 0.101 PA 1 1 100 if=1 | ?
      s>c 0.120 A 1 101`))
})

describe('lost data', () => {
  it('is what SACK leaves out, and comes again', () =>
    holds(`${HANDSHAKE}
      c>s 0.100 A 1 1 100                 | received by 8
      c>s 0.101 A 101 1 100               | lost by 12
      c>s 0.102 A 201 1 100               | received by 9
      c>s 0.103 A 301 1 100               | received by 10
      s>c 0.120 A 1 101
      s>c 0.122 A 1 101 sack=201-301
      s>c 0.123 A 1 101 sack=201-401
      c>s 0.130 A 101 1 100               | received by 12
      s>c 0.150 A 1 401`))
  it('is the earlier of two copies that one ACK covers: why else send it again', () =>
    holds(`${HANDSHAKE}
      c>s 0.100 PA 1 1 100      | lost by 6
      c>s 0.300 PA 1 1 100      | received by 6
      s>c 0.320 A 1 101`))
  it('is the later copy as far as anybody knows when the ACK comes too soon for it', () =>
    // 2 ms after the second copy, and the way there and back takes 20 ms.
    holds(
      `${HANDSHAKE}
      c>s 0.100 PA 1 1 100      | received by 6
      c>s 0.118 PA 1 1 100      | ?
      s>c 0.120 A 1 101`,
      { goesOn: 0 },
    ))
  it('is another copy than the one whose timestamp is echoed', () =>
    holds(
      `${HANDSHAKE}
      c>s 0.100 PA 1 1 100 ts=10/1      | received by 6
      c>s 0.300 PA 1 1 100 ts=30/1      | ?
      s>c 0.330 A 1 101 ts=2/10`,
      { goesOn: 0 },
    ))
  it('is proven twice received by a D-SACK (RFC 2883 section 4)', () =>
    holds(`${HANDSHAKE}
      c>s 0.100 PA 1 1 100              | received by 6
      c>s 0.300 PA 1 1 100              | received by 7
      s>c 0.301 A 1 101
      s>c 0.321 A 1 101 sack=1-101`))
  it('is what nobody ever acknowledged though there was time', () =>
    holds(
      `${HANDSHAKE}
      c>s 0.100 PA 1 1 100      | lost`,
      { goesOn: 10 },
    ))
  it('is not known when the capture ends before an answer was due', () =>
    holds(
      `${HANDSHAKE}
      c>s 0.100 PA 1 1 100      | ?`,
      { goesOn: 0.01 },
    ))
  it('is what is sent again', () =>
    holds(
      `${HANDSHAKE}
      c>s 0.100 PA 1 1 100      | lost by 5
      c>s 0.300 PA 1 1 100      | ?`,
      { goesOn: 0.01 },
    ))
  it('is what a later segment of its receiver does not know of', () =>
    holds(
      `${HANDSHAKE}
      c>s 0.100 PA 1 1 100      | lost by 5
      s>c 0.300 PA 1 1 50       | ?`,
      { goesOn: 0.01 },
    ))
  it('is no more told by silence once a RST has ended it all', () =>
    holds(`${HANDSHAKE}
      c>s 0.100 PA 1 1 100      | ?
      s>c 0.101 RA 1 1`))
  it('did not come when a bare RST of the number before it is the last word: its receiver had asked for that', () =>
    holds(`${HANDSHAKE}
      c>s 0.1000 PA 1 1 100     | lost by 7
      c>s 0.1001 RA 101 1
      s>c 0.1202 A 1 1
      c>s 0.1203 R 1`))
  it('may have come when the ACK that drew the RST had left before it', () =>
    holds(`${HANDSHAKE}
      s>c 0.1000 PA 1 1 100
      c>s 0.1001 FA 1 1         | ?
      c>s 0.1002 R 1`))
  it('did not come when it left before the last word, too: text would have been acknowledged', () =>
    holds(`${HANDSHAKE}
      s>c 0.1000 PA 1 1 100
      c>s 0.0990 FPA 1 1 50     | lost by 6
      c>s 0.1002 R 1`))
  it('is not told by silence where one direction was captured only', () =>
    holds(`
      c>s 0.100 A 1 1 100       | ?
      c>s 0.200 A 101 1 100     | ?`))
})

describe('late data, sent again when all of it was acknowledged', () => {
  it('arrived when an ACK comes at once (RFC 9293 3.10.7.4 step 1)', () =>
    holds(`${HANDSHAKE}
      c>s 0.100 PA 1 1 100      | received by 5
      s>c 0.120 A 1 101
      c>s 0.300 PA 1 1 100      | received by 7
      s>c 0.320 A 1 101`))
  it('did not when its receiver goes on much later without a word about it', () =>
    holds(`${HANDSHAKE}
      c>s 0.100 PA 1 1 100      | received by 5
      s>c 0.120 A 1 101
      c>s 0.300 PA 1 1 100      | lost by 7
      s>c 2.000 PA 1 101 50`))
})

describe('a SYN that the network copied', () => {
  it('was dropped with its copy when only the SYN that comes again is answered', () =>
    holds(`
      c>s 0.0000 S 0 id=5 ts=10/0       | lost by 4
      c>s 0.0005 S 0 id=5 ts=10/0       | lost by 4
      c>s 1.0000 S 0 id=6 ts=1010/0     | received by 4
      s>c 1.0001 SA 0 1 ts=99/1010`))
})

describe('a SYN+ACK that another one replaces', () => {
  it('did not come: its server answers the same SYN with another number, and the client takes that up', () =>
    holds(`
      c>s 0.000 S 0
      s>c 0.020 SA =777 1       | lost by 4
      c>s 1.000 S 0
      s>c 1.020 SA 0 1          | received by 5
      c>s 1.040 A 1 1`))
  it('came when the client takes the first one up', () =>
    holds(`
      c>s 0.000 S 0
      s>c 0.020 SA 0 1          | received by 5
      c>s 1.000 S 0
      s>c 1.020 SA =777 1
      c>s 1.040 A 1 1`))
})

describe('the text on a SYN (RFC 7413 section 3)', () => {
  it('may be left out: the SYN arrived all the same', () =>
    holds(`
      c>s 0.000 S 0 0 100 fo=8  | received by 2
      s>c 0.020 SA 0 1          | received by 3
      c>s 0.040 A 1 1`))
})
