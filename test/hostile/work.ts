/**
 * How much work a capture makes, without a clock: every look at a segment, an ICMP error or a row is counted.
 *
 * In: a capture's bytes. Out: looks in each stage. Twice the packets may cost about twice the looks.
 */
import { readCapture } from '../../src/capture/read.js'
import { diagnose } from '../../src/diagnose/index.js'
import { Conversations } from '../../src/flow/conversation.js'
import { connections } from '../../src/flow/incarnations.js'
import { stackOf, timeoutsOf } from '../../src/infer/settings.js'
import { annotate } from '../../src/replay/annotate.js'
import type { Flow } from '../../src/report.js'
import { Decoder } from '../../src/wire/decode.js'
import { ICMP_ERROR, PacketView, TCP } from '../../src/wire/packet.js'

export interface Work {
  readonly split: number
  readonly replay: number
  readonly diagnose: number
}

const EPOCH = { seconds: 1_600_000_000, nanoseconds: 0 }
const NEVER = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const

export async function workOf(capture: Uint8Array): Promise<Work> {
  let looks = 0
  const counted = <T extends object>(value: T): T =>
    new Proxy(value, {
      get: (target, key, receiver) => {
        looks++
        return Reflect.get(target, key, receiver)
      },
    })
  const stage = <T>(run: () => T): [T, number] => {
    const before = looks
    const result = run()
    return [result, looks - before]
  }
  const conversations = await conversationsOf(capture)
  const look = (): void => void looks++
  for (const { segments, icmp } of conversations.all) {
    const wrap = counting(segments[0], look)
    segments.forEach((s, k) => {
      segments[k] = wrap(s)
    })
    icmp.forEach((e, k) => {
      icmp[k] = counted(e)
    })
  }
  const stacks = [stackOf('linux', undefined), stackOf('linux', undefined)] as const
  const captureEnd = Math.max(0, ...conversations.all.map(({ segments }) => segments.at(-1)?.at ?? 0))
  const [all, split] = stage(() => conversations.all.flatMap((conversation) => connections(conversation)))
  const [flows, replayed] = stage(() =>
    all.map((connection, flow): Flow => {
      const around = { flow, captureEnd, epoch: EPOCH, stacks, syncookies: null }
      return annotate(connection, { ...around, inherited: [null, null], replacedAt: NEVER }).flow
    }),
  )
  const seen = {
    schema: 1 as const,
    version: '',
    stack: 'linux' as const,
    captures: [],
    epoch: '2020-09-13T12:26:40.000000Z',
    epochSeconds: EPOCH.seconds,
    epochNanoseconds: 0,
    endAt: captureEnd,
    names: {},
    timeouts: { client: timeoutsOf(stacks[0]), server: timeoutsOf(stacks[1]) },
    flows: flows.map((flow) =>
      counted({ ...flow, rows: flow.rows.map(counted), icmp: flow.icmp.map(counted) }),
    ),
  }
  const [, diagnosed] = stage(() => diagnose(seen))
  return { split, replay: replayed, diagnose: diagnosed }
}

/** The same objects behind accessors that count: many times faster than a Proxy. Of one shape, `like` the first. */
function counting<T extends object>(like: T | undefined, look: () => void): (value: T) => T {
  class Counted {
    constructor(readonly target: object) {}
  }
  for (const key of Object.keys(like ?? {})) {
    Object.defineProperty(Counted.prototype, key, {
      get(this: Counted) {
        look()
        return (this.target as Record<string, unknown>)[key]
      },
      set(this: Counted, value: unknown) {
        Reflect.set(this.target, key, value)
      },
    })
  }
  return (value) => new Counted(value) as unknown as T
}

async function conversationsOf(capture: Uint8Array): Promise<Conversations> {
  const conversations = new Conversations()
  const view = new PacketView()
  const decoder = new Decoder()
  const record = (r: Parameters<Parameters<typeof readCapture>[1]['record']>[0]) => {
    const { linkType, fcsLength } = r.iface
    const kind = decoder.decode(r.bytes, r.start, r.end, r.wireLength, linkType, fcsLength, view)
    if (kind === TCP) conversations.add(view, r, 0, EPOCH, () => 'unknown')
    if (kind === ICMP_ERROR) conversations.addError(view, r, 0, EPOCH)
  }
  const stdin = (async function* () {
    yield capture
  })()
  await readCapture('-', { record }, { stdin, reader: 'blocks' })
  return conversations
}
