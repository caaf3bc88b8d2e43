/** What an ICMP error does to connect(): Linux icmp_err_convert[] (net/ipv4/icmp.c) and tab_unreach[] (net/ipv6/icmp.c). */
import { describe, expect, it } from 'vitest'
import { meaningOf } from '../../src/infer/icmp.js'

describe('IPv4 unreachable, type 3', () => {
  it.each([
    [0, 'ENETUNREACH', 'soft'],
    [1, 'EHOSTUNREACH', 'soft'],
    [2, 'ENOPROTOOPT', 'hard'],
    [3, 'ECONNREFUSED', 'hard'],
    [4, null, 'none'], // path MTU discovery takes it
    [6, 'ENETUNREACH', 'soft'],
    [7, 'EHOSTUNREACH', 'soft'],
    [9, 'ENETUNREACH', 'soft'],
    [10, 'EHOSTUNREACH', 'soft'],
    [11, 'ENETUNREACH', 'soft'],
    [12, 'EHOSTUNREACH', 'soft'],
    [13, 'EHOSTUNREACH', 'soft'],
  ])('code %i: %s', (code, errno, hardness) => {
    expect(meaningOf({ ipVersion: 4, type: 3, code })).toMatchObject({ errno, hardness })
  })
})

describe('IPv6 unreachable, type 1 (RFC 4443 section 3.1)', () => {
  it.each([
    [0, 'ENETUNREACH'],
    [1, 'EACCES'],
    [2, 'EHOSTUNREACH'],
    [3, 'EHOSTUNREACH'],
    [4, 'ECONNREFUSED'],
    [5, 'EACCES'],
    [6, 'EACCES'],
  ])('code %i: %s', (code, errno) => {
    expect(meaningOf({ ipVersion: 6, type: 1, code }).errno).toBe(errno)
  })
  it('only the port is hard', () => {
    const hardness = [0, 1, 2, 3, 4, 5, 6].map((code) => meaningOf({ ipVersion: 6, type: 1, code }).hardness)
    expect(hardness).toEqual(['soft', 'soft', 'soft', 'soft', 'hard', 'soft', 'soft'])
  })
})

describe('others', () => {
  it('time exceeded is EHOSTUNREACH in both', () => {
    expect(meaningOf({ ipVersion: 4, type: 11, code: 0 })).toMatchObject({
      errno: 'EHOSTUNREACH',
      hardness: 'soft',
    })
    expect(meaningOf({ ipVersion: 6, type: 3, code: 0 })).toMatchObject({
      errno: 'EHOSTUNREACH',
      hardness: 'soft',
    })
  })
  it('parameter problem is EPROTO in both', () => {
    expect(meaningOf({ ipVersion: 4, type: 12, code: 0 }).errno).toBe('EPROTO')
    expect(meaningOf({ ipVersion: 6, type: 4, code: 0 }).errno).toBe('EPROTO')
  })
  it('too big and source quench tell the owner nothing', () => {
    expect(meaningOf({ ipVersion: 6, type: 2, code: 0 })).toMatchObject({ errno: null, hardness: 'none' })
    expect(meaningOf({ ipVersion: 4, type: 4, code: 0 })).toMatchObject({ errno: null, hardness: 'none' })
  })
  it('types and codes that nobody knows are no reason to fail', () => {
    expect(meaningOf({ ipVersion: 4, type: 3, code: 200 })).toMatchObject({
      errno: 'EHOSTUNREACH',
      hardness: 'soft',
    })
    expect(meaningOf({ ipVersion: 6, type: 250, code: 0 }).hardness).toBe('none')
  })
})
