/** Whatever two hosts that keep to RFC 9293 do, and wherever it is captured, both ends are shown as they were. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../../src/flow/incarnations.js'
import { annotate } from '../../src/replay/annotate.js'
import type { Flow } from '../../src/report.js'
import { LINUX } from '../../src/rfc9293/stack.js'
import { STATES } from '../../src/rfc9293/state.js'
import { type Mishap, type Plan, type Run, simulate } from './replay-hosts.js'

/** Crossings closer than a host's own delay show in no capture: one end at least is a millisecond away. */
const near = fc.integer({ min: 20, max: 200 }).map((us) => us / 1e6)
const far = fc.integer({ min: 1, max: 40 }).map((ms) => ms / 1e3)
const ways = fc.oneof(fc.tuple(far, far), fc.tuple(near, far), fc.tuple(far, near))
const end = fc.constantFrom(0 as const, 1 as const)
/** Never at the very moment at which a packet arrives: ways are whole microseconds. */
const pause = fc.integer({ min: 0, max: 300 }).map((ms) => (ms + 0.4137) / 1e3)
const isn = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.integer({ min: 2 ** 32 - 300, max: 2 ** 32 - 1 }),
)

/** Client first, server first, both at once, never. */
const closes = fc.oneof(
  fc.tuple(pause, pause).map(([a, b]) => [
    { end: 0 as const, after: a },
    { end: 1 as const, after: b },
  ]),
  fc.tuple(pause, pause).map(([a, b]) => [
    { end: 1 as const, after: a },
    { end: 0 as const, after: b },
  ]),
  pause.map((a) => [
    { end: 0 as const, after: a },
    { end: 1 as const, after: 0 },
  ]),
  fc.constant([]),
  fc.tuple(end, pause).map(([e, a]) => [{ end: e, after: a }]),
)

/** One after the other, when all that was lost has been sent again. */
const orderly = fc.tuple(end, pause).map(([e, a]) => [
  { end: e, after: 10 + a },
  { end: e === 0 ? (1 as const) : (0 as const), after: 10 },
])

const plan = (
  mishaps: fc.Arbitrary<ReadonlyMap<number, Mishap>>,
  how: fc.Arbitrary<Plan['closes']> = closes,
): fc.Arbitrary<Plan> =>
  fc.record({
    ways,
    isn: fc.tuple(isn, isn),
    talks: fc.array(fc.record({ end, length: fc.integer({ min: 1, max: 1460 }), after: pause }), {
      maxLength: 5,
    }),
    closes: how,
    mishaps,
    timestamps: fc.boolean(),
  })

const healthy = plan(fc.constant(new Map()))
const some = (...kinds: readonly Mishap[]) =>
  fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 14 }), fc.constantFrom(...kinds)), {
      maxLength: 3,
      selector: ([n]) => n,
    })
    .map((list) => new Map(list))
const suffering = plan(some('lost-before', 'lost-behind', 'late', 'twice'))

/**
 * Two segments that crossed so far apart that an answer could lie there as well: no capture tells. (An answer takes
 * the whole way there and back; a tenth and half a millisecond are left for jitter.)
 */
const tellable = ({ captured }: Run, { ways: [client, server] }: Plan): boolean =>
  captured.every((x, k) =>
    captured
      .slice(k + 1)
      .every(
        (y) =>
          y.end === x.end ||
          x.arrivedAt === null ||
          y.sentAt >= x.arrivedAt ||
          y.segment.at - x.segment.at < 1.8 * (y.end === 0 ? client : server) - 0.0005,
      ),
  )

const flowOf = ({ captured }: Run, goesOn: number): Flow => {
  const segments = captured.map((entry) => ({ ...entry.segment }))
  const connection: Connection = {
    client: { address: '192.0.2.1', port: 40000 },
    server: { address: '198.51.100.1', port: 80 },
    roles: 'syn',
    ipVersion: 4,
    outer: '',
    incarnation: 0,
    beginsInMiddle: !segments.some((s) => s.syn),
    segments,
    icmp: [],
    sameEnds: true,
  }
  return annotate(connection, {
    flow: 0,
    captureEnd: (segments.at(-1)?.at ?? 0) + goesOn,
    epoch: { seconds: 1_700_000_000, nanoseconds: 0 },
    stacks: [LINUX, LINUX],
    syncookies: null,
    inherited: [null, null],
    replacedAt: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    reopenedBy: null,
  }).flow
}

/** LISTEN is never on the wire: a listener's connection shows as CLOSED before and after. */
const wireState = (state: string): string => (state === 'LISTEN' ? 'CLOSED' : state)

const sound = (flow: Flow): void => {
  for (const row of flow.rows) {
    for (const { state, was } of [row.client, row.server]) {
      expect(STATES).toContain(state)
      expect(STATES).toContain(was)
    }
  }
  for (const side of ['client', 'server'] as const) {
    const spans = flow.spans[side]
    expect(spans.length).toBeGreaterThan(0)
    expect(spans.at(-1)?.to).toBe(null)
    expect(spans.at(-1)?.state).toBe(flow[side].state)
    spans.forEach((span, k) => {
      const before = spans[k - 1]
      if (before !== undefined) {
        expect(span.from).toBe(before.to)
        expect(span.state).not.toBe(before.state)
      }
      if (span.from !== null && span.to !== null) expect(span.to).toBeGreaterThanOrEqual(span.from)
    })
  }
}

describe('a healthy connection', () => {
  it('is shown as both hosts were after every packet', () => {
    fc.assert(
      fc.property(healthy, (made) => {
        const run = simulate(made)
        fc.pre(tellable(run, made))
        const flow = flowOf(run, 1)
        sound(flow)
        const shown = flow.rows.map((r) => [wireState(r.client.state), wireState(r.server.state)])
        const truth = run.captured.map(({ end: e, sender, receiver }) =>
          (e === 0 ? [sender, receiver] : [receiver, sender]).map(wireState),
        )
        expect(shown).toEqual(truth)
        expect(flow.rows.every((r) => r.received !== false)).toBe(true)
      }),
      { numRuns: 150 },
    )
  })
})

describe('a connection with mishaps', () => {
  it('never makes a state of its own, nor a gap in time', () => {
    fc.assert(
      fc.property(suffering, fc.constantFrom(0, 0.3, 10, 200), (made, goesOn) => {
        const run = simulate(made)
        if (run.captured.length > 0) sound(flowOf(run, goesOn))
      }),
      { numRuns: 120 },
    )
  })
  const same = (made: Plan): void => {
    const run = simulate(made)
    const last = run.captured.at(-1)
    fc.pre(last !== undefined && last.arrivedAt !== null && tellable(run, made))
    // Long enough for the next SYN+ACK to be due: until then nobody knows whether the last ACK was taken.
    const flow = flowOf(run, 20)
    expect([flow.client.state, flow.server.state].map(wireState)).toEqual(run.final.map(wireState))
  }
  it('ends as both hosts ended, when they happen behind the capture', () => {
    fc.assert(fc.property(plan(some('lost-behind', 'late', 'twice')), same), { numRuns: 120 })
  })
  it('ends as both hosts ended, when packets are not captured but sent again', () => {
    fc.assert(fc.property(plan(some('lost-before', 'late'), orderly), same), { numRuns: 120 })
  })
})
