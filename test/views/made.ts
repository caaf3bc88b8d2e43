/** Hand-made reports: what the views draw is known here without any analysis. */
import type { Note } from '../../src/notes.js'
import type {
  AnyRule,
  Certainty,
  EndState,
  Flow,
  PacketRow,
  Report,
  Side,
  State,
  StateSpan,
  Timeouts,
} from '../../src/report.js'
import { en } from '../../src/text/en/index.js'
import { speller } from '../../src/text/states.js'
import { isoAt } from '../../src/views/terminal/clock.js'
import type { Look } from '../../src/views/terminal/look.js'
import type { View } from '../../src/views/terminal/view.js'

/** How most readers look. */
export const viewIn = (look: Look, more: Partial<View> = {}): View => ({
  language: en,
  spell: speller('netstat'),
  look,
  absolute: false,
  clock: 'r',
  all: false,
  why: false,
  ...more,
})

/** 2026-01-02T03:04:05Z. */
export const EPOCH = 1_767_323_045

type EndSpec = State | readonly [State, State, ...AnyRule[]] | Partial<EndState>

const isMove = (spec: EndSpec): spec is readonly [State, State, ...AnyRule[]] => Array.isArray(spec)

/** `'ESTABLISHED'`: stays; `['CLOSED', 'SYN_SENT', rule]`: moves; an object: the rest. */
const end = (spec: EndSpec, was: State): EndState => {
  if (typeof spec === 'string') return { state: spec, was: spec, certainty: 'seen', rules: [] }
  if (isMove(spec)) {
    const [from, to, ...rules] = spec
    return { state: to, was: from, certainty: 'seen', rules }
  }
  return { state: was, was: spec.state ?? was, certainty: 'seen', rules: [], ...spec }
}

export interface RowSpec {
  readonly at: number
  readonly from: Side
  readonly flags: string
  readonly seq?: number
  readonly ack?: number
  readonly len?: number
  readonly client: EndSpec
  readonly server: EndSpec
  readonly notes?: readonly Note[]
  readonly received?: boolean | null
  readonly receivedBy?: number
  readonly crossing?: boolean
}

/** Absolute numbers: the client starts at 1000, the server at 4000000000. */
export const rows = (specs: readonly RowSpec[]): PacketRow[] =>
  specs.map((spec, index) => {
    const own = spec.from === 'client' ? 1000 : 4_000_000_000
    const far = spec.from === 'client' ? 4_000_000_000 : 1000
    return {
      packet: index + 1,
      capture: 0,
      time: isoAt(EPOCH, 250_000_000, spec.at),
      at: spec.at,
      from: spec.from,
      flags: spec.flags,
      seq: (own + (spec.seq ?? 0)) >>> 0,
      ack: spec.ack === undefined ? null : (far + spec.ack) >>> 0,
      relativeSeq: spec.seq ?? 0,
      relativeAck: spec.ack ?? null,
      len: spec.len ?? 0,
      window: 64240,
      client: end(spec.client, 'CLOSED'),
      server: end(spec.server, 'CLOSED'),
      received: spec.received === undefined ? true : spec.received,
      receivedBy: spec.receivedBy ?? null,
      crossing: spec.crossing ?? false,
      notes: spec.notes ?? [],
    }
  })

export const span = (
  state: State,
  from: number | null,
  to: number | null,
  cause: StateSpan['cause'] = 'packet',
  packet: number | null = null,
  certainty: Certainty = 'seen',
  rules: readonly AnyRule[] = [],
): StateSpan => ({ state, from, to, cause, packet, certainty, rules })

export const flow = (made: Partial<Flow> & Pick<Flow, 'rows'>): Flow => {
  const first = made.rows[0]
  const last = made.rows[made.rows.length - 1]
  return {
    flow: 0,
    outer: '',
    client: { address: '192.0.2.10', port: 40001, state: last?.client.state ?? 'CLOSED', certainty: 'seen' },
    server: { address: '198.51.100.20', port: 80, state: last?.server.state ?? 'CLOSED', certainty: 'seen' },
    roles: 'syn',
    start: first?.time ?? '',
    end: last?.time ?? '',
    startAt: first?.at ?? 0,
    endAt: last?.at ?? 0,
    packets: made.rows.length,
    bytes: made.rows.reduce((sum, { len }) => sum + len, 0),
    communityId: '1:LQU9qZlK+B5F3KDmev6m5PMibrg=',
    incarnation: 0,
    beginsInMiddle: false,
    capturedNear: {
      where: 'client',
      reason: { code: 'near-fast-answers', side: 'client', milliseconds: 0.02, other: 31.5 },
    },
    calls: [],
    closedFirst: null,
    verdict: 'open',
    icmp: [],
    spans: { client: [], server: [] },
    timers: [],
    ...made,
  }
}

const LINUX: Timeouts = {
  initial: 1,
  least: 0.2,
  most: 120,
  linearSyns: 4,
  leastIsVariance: true,
  lossProbe: true,
}

export const report = (flows: readonly Flow[], made: Partial<Report> = {}): Report => ({
  schema: 1,
  version: '0.1.0',
  stack: 'linux',
  captures: [
    {
      file: 'trace.pcap',
      format: 'pcap',
      compression: 'none',
      packets: flows.reduce((sum, { packets }) => sum + packets, 0),
      tcpPackets: flows.reduce((sum, { packets }) => sum + packets, 0),
      first: isoAt(EPOCH, 250_000_000, 0),
      last: isoAt(EPOCH, 250_000_000, 1),
      other: {},
      drops: 0,
      damage: null,
    },
  ],
  epoch: isoAt(EPOCH, 250_000_000, 0),
  epochSeconds: EPOCH,
  epochNanoseconds: 250_000_000,
  endAt: flows.reduce((most, { endAt }) => Math.max(most, endAt), 0),
  names: {},
  timeouts: { client: LINUX, server: LINUX },
  flows,
  findings: [],
  ...made,
})
