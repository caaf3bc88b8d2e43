/**
 * The whole pipeline on one screen: bytes -> records -> segments -> connections -> both ends' states -> report.
 *
 * In: names of captures (`-` is standard input) and options. Out: the report that all views read.
 */
import type { ReadOptions } from './capture/read.js'
import { diagnose } from './diagnose/index.js'
import { type Conversation, Conversations } from './flow/conversation.js'
import { type Connection, connections, takenOverAt } from './flow/incarnations.js'
import { CLIENT, type End, type Epoch, SERVER } from './flow/segment.js'
import { type Settings, stackOf, syncookiesOf } from './infer/settings.js'
import { type Packets, Reading } from './reading.js'
import { annotate, type Surroundings } from './replay/annotate.js'
import type { Inherited } from './replay/replay.js'
import type { Flow, Report } from './report.js'
import { VERSION } from './version.js'
import { tcpChecksum } from './wire/checksum.js'

export interface AnalyzeOptions extends Pick<ReadOptions, 'strict' | 'stdin'> {
  /** Whose timers and habits to reckon with. Default `linux`. */
  readonly stack?: 'linux' | 'rfc9293'
  /** What `sysctl -a` printed on each host, by name. */
  readonly sysctl?: { readonly client?: Settings; readonly server?: Settings }
}

/** Reads the captures as one, in the order given. Throws `CaptureError` when one can't be read at all. */
export async function analyze(captures: readonly string[], options: AnalyzeOptions = {}): Promise<Report> {
  const conversations = new Conversations()
  const reading = new Reading(sortedInto(conversations))
  for (const file of captures) await reading.capture(file, options)
  const around = surroundings(options, reading.epoch, reading.lastAt)
  const all = inOrder(conversations.all)
  const flows = all.map((tied, flow) => replayed(tied, flow, around))
  const seen = {
    schema: 1 as const,
    version: VERSION,
    stack: options.stack ?? 'linux',
    ...reading.seen,
    flows,
  }
  return { ...seen, findings: diagnose(seen) }
}

/** Every segment and error goes to its conversation. */
export const sortedInto = (conversations: Conversations): Packets => ({
  segment: (view, record, capture, epoch) => conversations.add(view, record, capture, epoch, tcpChecksum),
  error: (view, record, capture, epoch) => conversations.addError(view, record, capture, epoch),
})

type Around = Pick<Surroundings, 'captureEnd' | 'epoch' | 'stacks' | 'syncookies'>

/** What all connections have in common. */
export const surroundings = (options: AnalyzeOptions, epoch: Epoch | null, captureEnd: number): Around => ({
  captureEnd,
  epoch: epoch ?? { seconds: 0, nanoseconds: 0 },
  stacks: [
    stackOf(options.stack ?? 'linux', options.sysctl?.client),
    stackOf(options.stack ?? 'linux', options.sysctl?.server),
  ],
  syncookies: syncookiesOf(options.sysctl?.server),
})

/** A connection with the others of its 4-tuple. */
export interface Tied {
  readonly connection: Connection
  readonly chain: Chain
}

/** The connection's flow; those of one 4-tuple must come in order. */
export function replayed({ connection, chain }: Tied, flow: number, around: Around): Flow {
  const { flow: annotated, left } = annotate(connection, {
    ...around,
    flow,
    inherited: chain.turned(connection),
    replacedAt: chain.replacedAt(connection),
    reopenedBy: chain.reopenedBy(connection),
  })
  chain.leave(connection, left)
  return annotated
}

/** What one connection leaves to the next one on its 4-tuple. */
class Chain {
  #left: readonly [Inherited | null, Inherited | null] = [null, null]
  #sameEnds = true

  constructor(readonly connections: readonly Connection[]) {}

  /** When the next connection took this one's place, at its client and at its server. */
  replacedAt(connection: Connection): readonly [number, number] {
    const next = this.connections[connection.incarnation + 1]
    if (next === undefined) return [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    const [opened, answered] = takenOverAt(next)
    return next.sameEnds === connection.sameEnds ? [opened, answered] : [answered, opened]
  }

  /** Which end of this connection opened the next one. */
  reopenedBy(connection: Connection): End | null {
    const next = this.connections[connection.incarnation + 1]
    if (next === undefined) return null
    return next.sameEnds === connection.sameEnds ? CLIENT : SERVER
  }

  turned(connection: Connection): readonly [Inherited | null, Inherited | null] {
    const [a, b] = this.#left
    return connection.sameEnds === this.#sameEnds ? [a, b] : [b, a]
  }

  leave(connection: Connection, left: readonly [Inherited, Inherited]): void {
    this.#left = left
    this.#sameEnds = connection.sameEnds
  }
}

/** All connections in order of their first packet, those of one 4-tuple tied together. */
export function inOrder(conversations: readonly Conversation[]): Tied[] {
  const tied = conversations.flatMap((conversation) => {
    const of = connections(conversation)
    const chain = new Chain(of)
    return of.map((connection) => ({ connection, chain }))
  })
  const first = (c: Connection) => c.segments[0]
  return tied.sort((x, y) => {
    const [a, b] = [first(x.connection), first(y.connection)]
    return (a?.capture ?? 0) - (b?.capture ?? 0) || (a?.packet ?? 0) - (b?.packet ?? 0)
  })
}
