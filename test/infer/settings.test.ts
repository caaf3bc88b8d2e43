/** `sysctl -a` of a host instead of the defaults. Names and defaults: Linux Documentation/networking/ip-sysctl. */
import { describe, expect, it } from 'vitest'
import { beyondKernel, stackOf, syncookiesOf, timeoutsOf } from '../../src/infer/settings.js'

describe('a stack profile', () => {
  it("is Linux' defaults when nothing is given", () => {
    expect(stackOf('linux')).toMatchObject({
      name: 'linux',
      synRetries: 6,
      synLinearTimeouts: 4,
      synAckRetries: 5,
      retries2: 15,
      orphanRetries: 8,
      finTimeout: 60,
      timeWait: 60,
    })
  })
  it("is the RFC's text: 2MSL is four minutes, nothing is given up by count", () => {
    expect(stackOf('rfc9293')).toMatchObject({ name: 'rfc9293', timeWait: 240, synRetries: Infinity })
  })
  it.each([
    ['net.ipv4.tcp_fin_timeout', '30', { finTimeout: 30 }],
    ['net.ipv4.tcp_syn_retries', '2', { synRetries: 2 }],
    ['net.ipv4.tcp_syn_linear_timeouts', '0', { synLinearTimeouts: 0 }],
    ['net.ipv4.tcp_synack_retries', '1', { synAckRetries: 1 }],
    ['net.ipv4.tcp_retries2', '8', { retries2: 8 }],
    ['net.ipv4.tcp_orphan_retries', '3', { orphanRetries: 3 }],
    ['net.ipv4.tcp_orphan_retries', '0', { orphanRetries: 8 }],
    ['net.ipv4.tcp_rfc1337', '1', { resetEndsTimeWait: false }],
    ['net.ipv4.tcp_rfc1337', '0', { resetEndsTimeWait: true }],
    ['net.ipv4.tcp_early_retrans', '0', { lossProbe: false }],
    ['net.ipv4.tcp_early_retrans', '2', { lossProbe: false }],
    ['net.ipv4.tcp_early_retrans', '4', { lossProbe: true }],
    ['net.ipv4.tcp_rto_max_ms', '60000', { maxRto: 60 }],
    ['net.ipv4.tcp_rto_min_us', '5000', { minRto: 0.005 }],
  ])('%s = %s', (name, value, wanted) => {
    expect(stackOf('linux', { [name]: value })).toEqual({ ...stackOf('linux'), ...wanted })
  })
  it('passes over what it does not know and what is no number', () => {
    expect(stackOf('linux', { 'net.core.somaxconn': '4096', 'net.ipv4.tcp_fin_timeout': 'soon' })).toEqual(
      stackOf('linux'),
    )
  })
  it('is not fooled by names that every object has', () => {
    expect(stackOf('linux', { constructor: '1', toString: '2', __proto__: '3' } as never)).toEqual(
      stackOf('linux'),
    )
  })
})

/** Bounds: net/ipv4/sysctl_net_ipv4.c, proc_dou8vec_minmax(), MAX_TCP_SYNCNT 127, tcp_rto_max_ms 1000 to 120000. */
describe('a value that no kernel accepts', () => {
  it.each([
    ['net.ipv4.tcp_retries2', '4000000000', { retries2: 255 }],
    ['net.ipv4.tcp_retries2', '4e9', { retries2: 255 }],
    ['net.ipv4.tcp_retries2', '-1', { retries2: 0 }],
    ['net.ipv4.tcp_syn_retries', '128', { synRetries: 127 }],
    ['net.ipv4.tcp_syn_retries', '0', { synRetries: 1 }],
    ['net.ipv4.tcp_synack_retries', '1e300', { synAckRetries: 255 }],
    ['net.ipv4.tcp_synack_retries', 'Infinity', { synAckRetries: 255 }],
    ['net.ipv4.tcp_rto_max_ms', '1', { maxRto: 1 }],
    ['net.ipv4.tcp_rto_max_ms', '999999999', { maxRto: 120 }],
    ['net.ipv4.tcp_rto_min_us', '0', { minRto: 0.000001 }],
    ['net.ipv4.tcp_fin_timeout', '1e12', { finTimeout: 21_474_836 }],
  ])('%s = %s is the nearest one', (name, value, wanted) => {
    expect(stackOf('linux', { [name]: value })).toEqual({ ...stackOf('linux'), ...wanted })
    expect(beyondKernel({ [name]: value })).toMatchObject([{ name, value }])
  })
  it('says nothing of what is within, unknown or no number', () => {
    const settings = {
      'net.ipv4.tcp_retries2': '255',
      'net.core.somaxconn': '4e9',
      'net.ipv4.tcp_rfc1337': 'on',
    }
    expect(beyondKernel({ ...settings, 'net.ipv4.tcp_fin_timeout': '' })).toEqual([])
    expect(beyondKernel({ 'net.ipv4.tcp_retries2': '256' })).toEqual([
      { name: 'net.ipv4.tcp_retries2', value: '256', least: 0, most: 255 },
    ])
  })
})

it("has a host's time-outs", () => {
  const settings = { 'net.ipv4.tcp_rto_min_us': '5000', 'net.ipv4.tcp_rto_max_ms': '60000' }
  expect(timeoutsOf(stackOf('linux', { ...settings, 'net.ipv4.tcp_syn_linear_timeouts': '0' }))).toEqual({
    initial: 1,
    least: 0.005,
    most: 60,
    linearSyns: 0,
    leastIsVariance: true,
    lossProbe: true,
  })
  expect(timeoutsOf(stackOf('rfc9293'))).toMatchObject({ least: 1, leastIsVariance: false, lossProbe: false })
})

describe('net.ipv4.tcp_syncookies', () => {
  it('is a number or not given', () => {
    expect(syncookiesOf({ 'net.ipv4.tcp_syncookies': '2' })).toBe(2)
    expect(syncookiesOf({ 'net.ipv4.tcp_syncookies': '0' })).toBe(0)
    expect(syncookiesOf({ 'net.ipv4.tcp_syncookies': 'on' })).toBe(null)
    expect(syncookiesOf()).toBe(null)
  })
})
