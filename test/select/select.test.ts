import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Finding, type Flow, STATES } from '../../src/report.js'
import { addressBits, networkTest } from '../../src/select/address.js'
import { type Direction, directionFilter, packetFilter } from '../../src/select/packets.js'
import { FilterError } from '../../src/select/tokens.js'
import { FIELDS, stateNamed, whereFilter } from '../../src/select/where.js'
import { flow, rows, span } from '../views/made.js'

const web: Direction = {
  src: { address: '192.0.2.10', port: 40001 },
  dst: { address: '198.51.100.20', port: 80 },
}
const six: Direction = {
  src: { address: '2001:db8::1', port: 5000 },
  dst: { address: '2001:db8::2', port: 443 },
}

describe('the subset of tcpdump', () => {
  // Expectations by hand from pcap-filter(7).
  it.each([
    ['', true, true],
    ['tcp', true, true],
    ['host 192.0.2.10', true, false],
    ['192.0.2.10', true, false],
    ['src host 198.51.100.20', false, false],
    ['dst host 198.51.100.20', true, false],
    ['dst 198.51.100.20', true, false],
    ['host 2001:0db8:0:0::1', false, true],
    ['net 198.51.100.0/24', true, false],
    ['net 198.51', true, false],
    ['src net 198.51.100.0/24', false, false],
    ['net 2001:db8::/32', false, true],
    ['port 80', true, false],
    ['src port 80', false, false],
    ['tcp port 80', true, false],
    ['port 80 or 443', true, true],
    ['portrange 79-81', true, false],
    ['ip6', false, true],
    ['ip and port 80', true, false],
    ['ip6 host 2001:db8::2', false, true],
    ['not port 80', false, true],
    ['! port 80 and host 192.0.2.10', false, false],
    ['not (port 80 or port 443)', false, false],
    ['port 22 or port 80 and port 443', false, false], // from the left: (22 or 80) and 443
    ['(port 80) && !(src port 80)', true, false],
  ])('%s', (text, webIn, sixIn) => {
    const test = directionFilter(text)
    expect([test(web), test(six)]).toEqual([webIn, sixIn])
  })

  it.each([
    ['port', 5, ''],
    ['port http', 6, 'http'],
    ['port 70000', 6, '70000'],
    ['host 300.1.1.1', 6, '300.1.1.1'],
    ['net 10.0.0.0/33', 5, '10.0.0.0/33'],
    ['(port 80', 9, ''],
    ['port 80)', 8, ')'],
    ['port 80 port 81', 9, 'port'],
    ['udp port 53', 1, 'udp'],
    ['tcp[13] & 2 != 0', 1, 'tcp[13]'],
  ])('%s is refused at %i', (text, at, found) => {
    let error: unknown
    try {
      directionFilter(text)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(FilterError)
    expect(error).toMatchObject({ at, found })
  })

  it('takes a connection when a packet of either direction would be taken', () => {
    const one = flow({
      rows: rows([
        { at: 0, from: 'client', flags: 'S', client: 'SYN_SENT', server: 'CLOSED' },
        { at: 0.1, from: 'server', flags: 'RA', client: 'CLOSED', server: 'CLOSED' },
      ]),
    })
    expect(packetFilter('src port 80')(one)).toBe(true)
    expect(packetFilter('src port 80')({ ...one, rows: one.rows.slice(0, 1) })).toBe(false)
  })

  it('never breaks on anything but a FilterError', () => {
    const piece = fc.constantFrom(
      'port',
      '80',
      'host',
      '10.0.0.1',
      'and',
      'or',
      'not',
      '(',
      ')',
      '!',
      'net',
      '10',
      'src',
      'tcp',
      'é',
      '&',
      '=',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece).map((all) => all.join(' ')),
          fc.string(),
        ),
        (text) => {
          for (const parse of [directionFilter, whereFilter]) {
            try {
              parse(text)
            } catch (error) {
              if (!(error instanceof FilterError)) throw error
              expect(error.at).toBeGreaterThanOrEqual(1)
              expect(error.at).toBeLessThanOrEqual(text.length + 1)
            }
          }
        },
      ),
    )
  })

  it('answers a chain of thirty thousand words, of either language', () => {
    const chain = (word: string, by: string) => Array(30_000).fill(word).join(` ${by} `)
    expect(directionFilter(chain('ip', 'and'))(web)).toBe(true)
    expect(directionFilter(chain('ip6', 'or'))(web)).toBe(false)
    expect(whereFilter(chain('packets >= 0', 'and'))(flow({ rows: [] }))).toBe(true)
    expect(whereFilter(chain('packets < 0', 'or'))(flow({ rows: [] }))).toBe(false)
  })

  it('refuses a thousand parentheses in one line', () => {
    expect(() => directionFilter(`${'('.repeat(1000)}tcp${')'.repeat(1000)}`)).toThrow(FilterError)
  })
})

describe('addresses', () => {
  it('are the same in every spelling', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (groups) => {
        const full = groups.map((group) => group.toString(16).padStart(4, '0')).join(':')
        const short = groups.map((group) => group.toString(16)).join(':')
        const dotted = `${groups
          .slice(0, 6)
          .map((g) => g.toString(16))
          .join(':')}:${groups
          .slice(6)
          .flatMap((g) => [g >> 8, g & 255])
          .join('.')}`
        const bits = groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n)
        for (const text of [full, short, dotted]) expect(addressBits(text)?.value).toBe(bits)
      }),
    )
    expect(addressBits('::')?.value).toBe(0n)
    expect(addressBits('1::')?.value).toBe(1n << 112n)
    expect(addressBits('::ffff:192.0.2.1')?.value).toBe(0xffffc0000201n)
    expect(addressBits('fe80::1%eth0')).toBeNull()
    expect(addressBits('10.0.0')).toBeNull()
  })

  it('lie in the network of their own first bits', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.ipV4(), (address, prefix, other) => {
        const inside = networkTest(`${address}/${prefix}`)
        expect(inside?.(address)).toBe(true)
        const number = (text: string) => text.split('.').reduce((n, part) => n * 256 + Number(part), 0)
        const size = 2 ** (32 - prefix)
        expect(inside?.(other)).toBe(Math.floor(number(other) / size) === Math.floor(number(address) / size))
      }),
    )
  })
})

describe('--where', () => {
  const shut: Flow = flow({
    rows: [],
    flow: 3,
    client: { address: '10.0.0.5', port: 50000, state: 'TIME_WAIT', certainty: 'seen' },
    server: { address: '198.51.100.20', port: 80, state: 'CLOSED', certainty: 'assumed' },
    verdict: 'closed',
    closedFirst: 'client',
    startAt: 1,
    endAt: 3.5,
    packets: 10,
    bytes: 700,
    calls: [{ side: 'server', call: 'recv', errno: 'ECONNRESET', packet: 9, time: '', certainty: 'implied' }],
    spans: {
      client: [span('FIN_WAIT_2', 1, 2), span('TIME_WAIT', 2, null)],
      server: [span('CLOSED', 3, null)],
    },
  })
  const finding: Finding<'reset'> = {
    id: 'reset',
    severity: 'warning',
    flow: 3,
    flows: [3],
    side: 'server',
    certainty: 'implied',
    packets: [9],
    args: {
      flows: 1,
      host: null,
      peer: null,
      hosts: 1,
      peers: 1,
      port: null,
      why: null,
      state: null,
      errno: null,
      idle: 0,
    },
    causes: [],
  }
  it.each([
    ['', true],
    ['state = TIME_WAIT', true],
    ['state = time-wait', true],
    ['state != TIME_WAIT', false],
    ['server.state = TIME_WAIT', false],
    ['client.state.ever = FIN_WAIT2', true],
    ['state = FIN_WAIT2', false],
    ['address = 10.0.0.0/8', true],
    ['server.address = 10.0.0.0/8', false],
    ['address != 10.0.0.5', false],
    ['port = 80', true],
    ['client.port >= 50000 and client.port < 50001', true],
    ['duration = 2.5', true],
    ['duration > 2500ms', false],
    ['duration >= 2500ms', true],
    ['duration < 1m', true],
    ['errno = econnreset', true],
    ['client.errno = ECONNRESET', false],
    ['call = recv', true],
    ['finding = reset', true],
    ['finding != close-wait', true],
    ['severity = warning and side = server', true],
    ['verdict = closed', true],
    ['closed = client', true],
    ['packets > 9 or bytes > 10000', true],
    ['packets > 9 and bytes > 10000', false],
    ['flow = 1 or flow = 3 and packets = 10', true], // and binds tighter
    ['(flow = 1 or flow = 3) and packets = 11', false],
    ['not state = ESTABLISHED', true],
    ['!(state=TIME_WAIT)', false],
  ])('%s', (text, holds) => {
    expect(whereFilter(text, [finding])(shut)).toBe(holds)
  })

  it.each([
    ['colour = red', 1],
    ['state > CLOSED', 7],
    ['state = SLEEPING', 9],
    ['port = http', 8],
    ['duration = soon', 12],
    ['port 80', 6],
    ['port =', 7],
    ['address = nowhere', 11],
    ['finding = closewait', 11],
    ['not verdict = ok', 15],
    ['event != retransmision', 10],
    ['errno = ETIMEOUT', 9],
    ['client.certainty = sure', 20],
    ['severity = bad', 12],
    ['call = write', 8],
    ['closed = nobody', 10],
    ['side = left', 8],
  ])('%s is refused at %i', (text, at) => {
    expect(() => whereFilter(text)).toThrow(FilterError)
    try {
      whereFilter(text)
    } catch (error) {
      expect(error).toMatchObject({ at })
    }
  })

  it('knows every spelling of every state', () => {
    for (const state of STATES)
      for (const text of [state, state.toLowerCase(), state.replaceAll('_', '-'), state.replaceAll('_', '')])
        expect(stateNamed(text)).toBe(state)
    expect(['SYN_RECV', 'ESTAB', 'FIN_WAIT1', 'constructor'].map(stateNamed)).toEqual([
      'SYN_RECEIVED',
      'ESTABLISHED',
      'FIN_WAIT_1',
      null,
    ])
  })

  it('splits flows by a test and its opposite', () => {
    const field = fc.constantFrom(
      ...Object.keys(FIELDS).filter((name) => name === 'port' || name === 'packets'),
    )
    fc.assert(
      fc.property(field, fc.integer({ min: 0, max: 60000 }), (name, value) => {
        const test = `${name} <= ${value}`
        expect(whereFilter(`not ${test}`)(shut)).toBe(!whereFilter(test)(shut))
        expect(whereFilter(`${test} or not ${test}`)(shut)).toBe(true)
        expect(whereFilter(`${test} and not (${test})`)(shut)).toBe(false)
      }),
    )
  })
})
