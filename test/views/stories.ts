/** Whole stories for the views, written by hand after the RFC's figures and what Linux does. */
import type { Flow } from '../../src/report.js'
import { flow, type RowSpec, rows, span } from './made.js'

const HANDSHAKE: RowSpec[] = [
  {
    at: 0,
    from: 'client',
    flags: 'S',
    client: ['CLOSED', 'SYN_SENT', '3.10.1/active'],
    server: ['LISTEN', 'SYN_RECEIVED', '3.10.7.2/3-syn'],
  },
  {
    at: 0.02,
    from: 'server',
    flags: 'SA',
    ack: 1,
    client: ['SYN_SENT', 'ESTABLISHED', '3.10.7.3/4-syn/ack'],
    server: 'SYN_RECEIVED',
  },
  {
    at: 0.0201,
    from: 'client',
    flags: 'A',
    seq: 1,
    ack: 1,
    client: 'ESTABLISHED',
    server: ['SYN_RECEIVED', 'ESTABLISHED', '3.10.7.4/5-ack/syn-received'],
  },
]

/** Opened, some data, closed by the client; its TIME_WAIT outlives the capture. */
export const normal: Flow = flow({
  rows: rows([
    ...HANDSHAKE,
    {
      at: 0.0202,
      from: 'client',
      flags: 'PA',
      seq: 1,
      ack: 1,
      len: 517,
      client: 'ESTABLISHED',
      server: 'ESTABLISHED',
    },
    {
      at: 0.0405,
      from: 'server',
      flags: 'A',
      seq: 1,
      ack: 518,
      client: 'ESTABLISHED',
      server: 'ESTABLISHED',
    },
    {
      at: 0.05,
      from: 'server',
      flags: 'PA',
      seq: 1,
      ack: 518,
      len: 1448,
      client: 'ESTABLISHED',
      server: 'ESTABLISHED',
    },
    {
      at: 0.06,
      from: 'client',
      flags: 'FA',
      seq: 518,
      ack: 1449,
      client: ['ESTABLISHED', 'FIN_WAIT_1', '3.10.4/established'],
      server: ['ESTABLISHED', 'CLOSE_WAIT', '3.10.7.4/8-fin/open'],
    },
    {
      at: 0.08,
      from: 'server',
      flags: 'FA',
      seq: 1449,
      ack: 519,
      client: ['FIN_WAIT_1', 'TIME_WAIT', '3.10.7.4/5-ack/fin-wait-1/our-fin', '3.10.7.4/8-fin/fin-wait-2'],
      server: ['CLOSE_WAIT', 'LAST_ACK', '3.10.4/close-wait'],
      notes: [{ code: 'time-wait-until', side: 'client', until: 60.08 }],
    },
    {
      at: 0.0801,
      from: 'client',
      flags: 'A',
      seq: 519,
      ack: 1450,
      client: 'TIME_WAIT',
      server: ['LAST_ACK', 'CLOSED', '3.10.7.4/5-ack/last-ack/our-fin'],
    },
  ]),
  verdict: 'closed',
  closedFirst: 'client',
  spans: {
    client: [
      span('CLOSED', null, 0, 'start'),
      span('SYN_SENT', 0, 0.02, 'call', 1),
      span('ESTABLISHED', 0.02, 0.06, 'packet', 2),
      span('FIN_WAIT_1', 0.06, 0.08, 'call', 7),
      span('TIME_WAIT', 0.08, 60.08, 'packet', 8),
      span('CLOSED', 60.08, null, 'timer'),
    ],
    server: [
      span('LISTEN', null, 0, 'start', null, 'implied'),
      span('SYN_RECEIVED', 0, 0.0201, 'packet', 1),
      span('ESTABLISHED', 0.0201, 0.06, 'packet', 3),
      span('CLOSE_WAIT', 0.06, 0.08, 'packet', 7),
      span('LAST_ACK', 0.08, 0.0801, 'call', 8),
      span('CLOSED', 0.0801, null, 'packet', 9),
    ],
  },
  timers: [{ side: 'client', name: 'time-wait', from: 0.08, expires: 60.08, stopped: null }],
})

const LATE = {
  state: 'SYN_RECEIVED',
  was: 'SYN_RECEIVED',
  certainty: 'implied',
  hindsight: { instead: 'ESTABLISHED', packet: 4 },
} as const

/** The accept queue is full: the final ACK is thrown away, the SYN+ACK comes again, the server gives up, data draws a RST. */
export const overflow: Flow = flow({
  rows: rows([
    ...HANDSHAKE.slice(0, 2),
    {
      at: 0.0201,
      from: 'client',
      flags: 'A',
      seq: 1,
      ack: 1,
      client: 'ESTABLISHED',
      server: LATE,
      received: false,
      receivedBy: 4,
      notes: [{ code: 'thrown-away', side: 'server', shownBy: 4, why: 'accept-queue-full' }],
    },
    {
      at: 1.04,
      from: 'server',
      flags: 'SA',
      ack: 1,
      client: 'ESTABLISHED',
      server: 'SYN_RECEIVED',
      notes: [{ code: 'syn-ack-retransmission', nth: 1, budget: 5, first: 2, answers: null }],
    },
    {
      at: 70,
      from: 'client',
      flags: 'PA',
      seq: 1,
      ack: 1,
      len: 5,
      client: 'ESTABLISHED',
      server: 'CLOSED',
      notes: [{ code: 'hidden-change', side: 'server', from: 'SYN_RECEIVED', to: 'CLOSED', why: 'gave-up' }],
    },
    {
      at: 70.02,
      from: 'server',
      flags: 'R',
      seq: 1,
      client: ['ESTABLISHED', 'CLOSED', '3.10.7.4/2-reset/open'],
      server: 'CLOSED',
      notes: [{ code: 'reset', form: 'no-socket', answers: 5, taken: true }],
    },
  ]),
  verdict: 'half-open',
  calls: [{ side: 'client', call: 'recv', errno: 'ECONNRESET', packet: 6, time: '', certainty: 'seen' }],
  spans: {
    client: [
      span('CLOSED', null, 0, 'start'),
      span('ESTABLISHED', 0.02, 70.02, 'packet', 2),
      span('CLOSED', 70.02, null, 'packet', 6),
    ],
    server: [
      span('LISTEN', null, 0, 'start', null, 'implied'),
      span('SYN_RECEIVED', 0, 63, 'packet', 1),
      span('CLOSED', 63, null, 'timer', null, 'implied', ['infer/gave-up']),
    ],
  },
})

/** RFC 9293 figure 13 with the FINs crossing, after an unknown beginning. */
export const crossing: Flow = flow({
  rows: rows([
    {
      at: 0,
      from: 'client',
      flags: 'FA',
      seq: 1,
      ack: 1,
      client: { was: 'ESTABLISHED', state: 'FIN_WAIT_1', certainty: 'seen', rules: ['3.10.4/established'] },
      server: { was: 'ESTABLISHED', state: 'ESTABLISHED', certainty: 'assumed' },
      crossing: true,
      notes: [{ code: 'simultaneous-close', with: 2 }],
    },
    {
      at: 0.001,
      from: 'server',
      flags: 'FA',
      seq: 1,
      ack: 1,
      client: ['FIN_WAIT_1', 'CLOSING', '3.10.7.4/8-fin/fin-wait-1'],
      server: ['ESTABLISHED', 'FIN_WAIT_1', '3.10.4/established'],
      notes: [{ code: 'simultaneous-close', with: 1 }],
    },
    {
      at: 0.05,
      from: 'client',
      flags: 'A',
      seq: 2,
      ack: 2,
      client: 'CLOSING',
      server: ['FIN_WAIT_1', 'TIME_WAIT'],
    },
  ]),
  beginsInMiddle: true,
  verdict: 'closing',
  closedFirst: 'both',
  capturedNear: { where: 'unknown', reason: { code: 'near-unknown' } },
})

/** A SYN that a router answers by ICMP. */
export const unreachable: Flow = flow({
  rows: rows([
    {
      at: 0,
      from: 'client',
      flags: 'S',
      client: ['CLOSED', 'SYN_SENT', '3.10.1/active'],
      server: 'LISTEN',
      received: false,
    },
  ]),
  client: {
    address: '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1',
    port: 50000,
    state: 'CLOSED',
    certainty: 'implied',
  },
  server: {
    address: '2001:db8:1111:2222:3333:4444:5555:2',
    port: 443,
    state: 'LISTEN',
    certainty: 'assumed',
  },
  icmp: [
    {
      packet: 2,
      capture: 0,
      time: '2026-01-02T03:04:05.251000000Z',
      at: 0.001,
      to: 'client',
      router: '2001:db8::fe',
      type: 1,
      code: 3,
      name: 'host-unreachable',
      notes: [{ code: 'icmp-error', name: 'host-unreachable', router: '2001:db8::fe', fatal: true }],
    },
  ],
  verdict: 'unreachable',
  calls: [
    { side: 'client', call: 'connect', errno: 'EHOSTUNREACH', packet: 2, time: '', certainty: 'implied' },
  ],
  spans: {
    client: [
      span('CLOSED', null, 0, 'start'),
      span('SYN_SENT', 0, 0.001, 'call', 1),
      span('CLOSED', 0.001, null, 'packet', 2, 'implied', ['3.9.2.2/soft/opening']),
    ],
    server: [span('LISTEN', null, null, 'start', null, 'assumed')],
  },
})

/** A download of 300 segments: one fold. */
export const long: Flow = flow({
  rows: rows([
    ...HANDSHAKE,
    ...Array.from(
      { length: 300 },
      (_, n): RowSpec => ({
        at: 0.03 + n * 0.001,
        from: n % 2 === 0 ? 'server' : 'client',
        flags: 'A',
        seq: n % 2 === 0 ? 1 + n * 724 : 1,
        ack: n % 2 === 0 ? 1 : 1 + n * 724,
        len: n % 2 === 0 ? 1448 : 0,
        client: 'ESTABLISHED',
        server: 'ESTABLISHED',
      }),
    ),
  ]),
})
