/** One 4-tuple, several connections: where one ends and the next begins, and who is the client. RFC 9293 section 3.4.1. */
import { describe, expect, it } from 'vitest'
import { connections, takenOverAt } from '../../src/flow/incarnations.js'
import { CLIENT, SERVER } from '../../src/flow/segment.js'
import { conversation, ENDS, icmp, parted } from '../infer/connection.js'

/** The packets of each connection. */
const packets = (text: string) => parted(text).map((c) => c.segments.map((s) => s.packet))

const CLOSED_ONCE = `
  c>s 0.00 S  0
  s>c 0.02 SA 0 1
  c>s 0.04 A  1 1
  c>s 0.05 FA 1 1
  s>c 0.07 FA 1 2
  c>s 0.09 A  2 2`

describe('a port that is used again', () => {
  const again = `${CLOSED_ONCE}
  c>s 4.00 S  =900000
  s>c 4.02 SA =70000 =900001
  c>s 4.04 A  =900001 =70001`
  it('begins another connection with the SYN', () => {
    expect(packets(again)).toEqual([
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9],
    ])
  })
  it('counts the incarnations', () => expect(parted(again).map((c) => c.incarnation)).toEqual([0, 1]))
  it('takes the tuple over at the SYN, and at the SYN+ACK', () => {
    const [, next] = parted(again)
    expect(next && takenOverAt(next)).toEqual([4, 4.02])
  })
  it('never takes it over at a server that does not answer', () => {
    const [, next] = parted(`${CLOSED_ONCE}
      c>s 4.00 S =900000`)
    expect(next && takenOverAt(next)).toEqual([4, Number.POSITIVE_INFINITY])
  })
  it('is the same attempt when only its answer was captured before the SYN came again', () => {
    expect(
      packets(`
        s>c 0.02 SA 0 1
        c>s 1.00 S  0
        s>c 1.02 SA 0 1
        c>s 1.04 A  1 1`),
    ).toEqual([[1, 2, 3, 4]])
  })
  it('is another attempt when nobody answers either', () => {
    expect(packets('c>s 0 S 0\n c>s 130 S =9000000')).toEqual([[1], [2]])
  })
  it('is a new attempt when the first was refused', () => {
    const refused = `
      c>s 0.00 S 0
      s>c 0.01 RA =0 1
      c>s 1.00 S =9000
      s>c 1.01 RA =0 =9001`
    expect(packets(refused)).toEqual([
      [1, 2],
      [3, 4],
    ])
  })
  it('can turn round: the old server calls the old client', () => {
    const turned = parted(`${CLOSED_ONCE}
      s>c 9.00 S  =900000
      c>s 9.02 SA =70000 =900001
      s>c 9.04 A  =900001 =70001`)
    expect(turned.map((c) => [c.client.port, c.sameEnds])).toEqual([
      [40000, true],
      [80, false],
    ])
    expect(turned[1]?.segments.map((s) => s.from)).toEqual([CLIENT, SERVER, CLIENT])
  })
  it('is seen by a SYN+ACK alone when its SYN was not captured and its ACK was', () => {
    expect(
      packets(`${CLOSED_ONCE}
        s>c 4.02 SA =70000 =900001
        c>s 4.04 A  =900001 =70001`),
    ).toEqual([
      [1, 2, 3, 4, 5, 6],
      [7, 8],
    ])
  })
})

describe('what stays with its connection', () => {
  it('a SYN sent again, and its SYN+ACK sent again', () => {
    expect(
      packets(`
        c>s 0.0 S  0
        c>s 1.0 S  0
        s>c 1.1 SA 0 1
        s>c 2.1 SA 0 1
        c>s 2.2 A  1 1`),
    ).toEqual([[1, 2, 3, 4, 5]])
  })
  it('a SYN that nobody takes while its sender goes on as before: forged, or an old duplicate', () => {
    expect(
      packets(`
        c>s 0.00 S  0
        s>c 0.02 SA 0 1
        c>s 0.04 A  1 1
        c>s 1.00 S  =77777777
        s>c 1.02 A  1 1
        c>s 2.00 PA 1 1 100`),
    ).toEqual([[1, 2, 3, 4, 5, 6]])
  })
  it('a SYN+ACK with a number that nobody takes up', () => {
    expect(
      packets(`
        c>s 0.00 S  0
        s>c 0.02 SA 0 1
        c>s 0.04 A  1 1
        s>c 0.50 SA =123456 =99
        c>s 0.60 PA 1 1 10`),
    ).toEqual([[1, 2, 3, 4, 5]])
  })
  it('a SYN+ACK of Fast Open, whether it takes the text or not (RFC 7413 section 3)', () => {
    for (const ack of [1, 101]) {
      expect(packets(`c>s 0 S 0 0 100 fo=8\n s>c 0.1 SA 0 ${ack}\n c>s 0.2 A ${ack} 1`)).toEqual([[1, 2, 3]])
    }
  })
})

describe('a simultaneous open (RFC 9293 section 3.5, figure 7)', () => {
  const crossed = `
    c>s 0.00 S  0
    s>c 0.01 S  0
    c>s 0.03 SA 0 1
    s>c 0.04 SA 0 1
    c>s 0.05 A  1 1`
  it('is one connection', () => expect(packets(crossed)).toEqual([[1, 2, 3, 4, 5]]))
  it('goes by the ports: neither is the client by its SYN', () => {
    expect(parted(crossed)[0]).toMatchObject({ roles: 'port', client: ENDS[0] })
    const both = [
      { address: '192.0.2.1', port: 40000 },
      { address: '198.51.100.1', port: 40001 },
    ] as const
    expect(parted(crossed, both)[0]).toMatchObject({ roles: 'syn', client: both[0] })
  })
  it('is two attempts when nobody goes on with both', () => {
    expect(
      packets(`
        c>s 0.0 S 0
        s>c 9.0 S 0
        c>s 9.1 RA =0 1`),
    ).toEqual([[1], [2, 3]])
  })
})

describe('who is the client', () => {
  const roles = (text: string, clientPort: number, serverPort: number) => {
    const [first] = parted(text, [
      { address: '192.0.2.1', port: clientPort },
      { address: '198.51.100.1', port: serverPort },
    ])
    return [first?.roles, first?.client.port, first?.beginsInMiddle]
  }
  it('who sent the SYN, whatever the ports', () =>
    expect(roles('c>s 0 S 0', 80, 40000)).toEqual(['syn', 80, false]))
  it('whom the SYN+ACK is for', () =>
    expect(roles('c>s 0 SA 0 1\n s>c 0.1 A 1 1', 40000, 80)).toEqual(['syn-ack', 80, false]))
  it('who does not have the well-known port', () => {
    expect(roles('c>s 0 A 1 1', 22, 5000)).toEqual(['port', 5000, true])
    expect(roles('c>s 0 A 1 1', 5000, 22)).toEqual(['port', 5000, true])
  })
  it('who has the port that Linux hands out (32768 and more)', () =>
    expect(roles('c>s 0 A 1 1', 8080, 32768)).toEqual(['port', 32768, true]))
  it('who speaks first, when the ports say nothing', () => {
    expect(roles('c>s 0 A 1 1', 50000, 50001)).toEqual(['first', 50000, true])
    expect(roles('c>s 0 A 1 1', 25, 53)).toEqual(['first', 25, true])
  })
})

it('gives every ICMP error to the connection of its time, turned as that one is', () => {
  const text = `
    s>c 0.0 S 0
    s>c 130 S =9000000`
  const all = connections(conversation(text, ENDS, [icmp(0.5, SERVER, 3, 1), icmp(131, SERVER, 3, 3)]))
  expect(all.map((c) => c.icmp.map((e) => [e.at, e.to]))).toEqual([[[0.5, CLIENT]], [[131, CLIENT]]])
})
