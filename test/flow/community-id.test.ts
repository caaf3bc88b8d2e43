/** Against the vectors that the specification publishes (baseline/baseline_deflt.json), as Zeek prints them too. */
import { describe, expect, it } from 'vitest'
import { communityId } from '../../src/flow/community-id.js'

const VECTORS = [
  ['128.232.110.120', 34855, '66.35.250.204', 80, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
  [
    '2001:470:e5bf:dead:4957:2174:e82c:4887',
    63943,
    '2607:f8b0:400c:c03::1a',
    25,
    '1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=',
  ],
] as const

describe.each(VECTORS)('%s port %i to %s port %i', (client, clientPort, server, serverPort, id) => {
  const a = { address: client, port: clientPort }
  const b = { address: server, port: serverPort }
  it('is the published name', () => expect(communityId(a, b)).toBe(id))
  it('is the same from the other end', () => expect(communityId(b, a)).toBe(id))
})

describe('one address on both ends', () => {
  const low = { address: '10.0.0.1', port: 1000 }
  const high = { address: '10.0.0.1', port: 2000 }
  // base64(sha1(00 00 0a000001 0a000001 06 00 03e8 07d0)), reckoned with another program
  it('puts the smaller port first', () => {
    expect(communityId(high, low)).toBe('1:nxwYq30oipX1dGVDLt7tz75Hofc=')
    expect(communityId(low, high)).toBe('1:nxwYq30oipX1dGVDLt7tz75Hofc=')
  })
})

it('tells ports apart', () => {
  const a = { address: '10.0.0.1', port: 1000 }
  expect(communityId(a, { address: '10.0.0.2', port: 80 })).not.toBe(
    communityId(a, { address: '10.0.0.2', port: 81 }),
  )
})
