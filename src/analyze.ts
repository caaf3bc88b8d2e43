/**
 * The whole pipeline on one screen: bytes -> records -> segments -> connections -> both ends' states -> report.
 *
 * In: names of captures (`-` is standard input) and options. Out: the report that all views read.
 */
import type { ReadOptions } from './capture/read.js'
import { type Carried, carriedAfter, numbers } from './carry/carried.js'
import { diagnose } from './diagnose/index.js'
import { clocksBehind, inSeveral, moveTimes } from './flow/clocks.js'
import { type Conversation, Conversations } from './flow/conversation.js'
import { putInTime } from './flow/in-time.js'
import { type Connection, connections, takenOverAt } from './flow/incarnations.js'
import { CLIENT, type End, type Epoch, SERVER } from './flow/segment.js'
import { hostsOf, type Watch, watchedUntil } from './flow/watch.js'
import { type Settings, stackOf, syncookiesOf, timeoutsOf } from './infer/settings.js'
import { type Packets, Reading } from './reading.js'
import { annotate, type Surroundings } from './replay/annotate.js'
import type { Inherited } from './replay/replay.js'
import { type Flow, inCapture, type Place, type Report } from './report.js'
import { inTurns, type Turns } from './turns.js'
import { VERSION } from './version.js'
import { synChecksum } from './wire/checksum.js'

export interface AnalyzeOptions
  extends Pick<ReadOptions, 'strict' | 'stdin' | 'signal' | 'progress' | 'open'>,
    Pick<Turns, 'replaying'> {
  /** Whose timers and habits to reckon with. Default `linux`. */
  readonly stack?: 'linux' | 'rfc9293'
  /** What `sysctl -a` printed on each host, by name. */
  readonly sysctl?: { readonly client?: Settings; readonly server?: Settings }
  /** What an earlier run left: the report is then that of all captures together. */
  readonly carried?: Carried
  /** Takes what this run leaves to the next one; not called when it was interrupted. */
  readonly leave?: (left: Carried) => void
}

/**
 * Reads the captures as one, in the order given. Throws `CaptureError` when one can't be read at all. When `signal` is
 * aborted the report holds what was done until then, and says so.
 */
export async function analyze(captures: readonly string[], options: AnalyzeOptions = {}): Promise<Report> {
  const { carried, leave, signal } = options
  const conversations = new Conversations(carried?.conversations)
  const reading = new Reading(sortedInto(conversations), carried)
  for (const file of captures) if (!signal?.aborted) await reading.capture(file, options)
  // What is carried over was read by a clock that is not known any more.
  if (carried === undefined && leave === undefined) agree(conversations.all, reading)
  const isOneSet = carried !== undefined || leave !== undefined
  const watch = reading.watch(isOneSet ? null : () => hostsOf(conversations.all))
  const around = surroundings(options, reading.epoch, watch)
  const all = inOrder(conversations.all)
  const numbered = numbers(
    all.map(({ connection }) => connection),
    carried?.forgotten,
  )
  const flows = await inTurns(
    all,
    ({ connection }) => connection.segments.length,
    (tied, index) => replayed(tied, numbered[index] ?? index, around),
    options,
  )
  const seen = seenIn(reading, around, flows, options)
  if (leave !== undefined && !signal?.aborted) leave(carriedAfter(reading, all, flows, carried))
  return { ...seen, findings: diagnose(seen) }
}

/** Captures that have packets in common are told by one clock. */
function agree(conversations: readonly Conversation[], reading: Reading): void {
  const behind = clocksBehind(inSeveral(conversations), reading.infos.length)
  if (behind === null) return
  reading.moveTimes(behind)
  if (reading.epoch !== null) moveTimes(conversations, behind, reading.epoch)
}

/** The report, but for what is found in it. */
export const seenIn = (
  reading: Reading,
  { timeouts }: Around,
  flows: readonly Flow[],
  { stack, signal }: AnalyzeOptions,
): Omit<Report, 'findings'> => ({
  schema: 1,
  version: VERSION,
  stack: stack ?? 'linux',
  ...reading.seen,
  timeouts,
  flows,
  ...(signal?.aborted ? { interrupted: true } : {}),
})

/** What of a host's settings no kernel accepts. */
export { beyondKernel } from './infer/settings.js'

/** Every segment and error goes to its conversation; `came` is told which one that is. */
export const sortedInto = (
  conversations: Conversations,
  came?: (conversation: Conversation) => void,
): Packets => ({
  segment: (view, record, capture, epoch) => {
    const conversation = conversations.add(view, record, capture, epoch, synChecksum)
    came?.(conversation)
  },
  error: (view, record, capture, epoch) => {
    const conversation = conversations.addError(view, record, capture, epoch)
    if (conversation !== undefined) came?.(conversation)
    return conversation !== undefined
  },
})

export type Around = Pick<Surroundings, 'epoch' | 'stacks' | 'syncookies'> &
  Pick<Report, 'timeouts'> & { readonly watch: Watch }

/** What all connections have in common. */
export const surroundings = (options: AnalyzeOptions, epoch: Epoch | null, watch: Watch): Around => {
  const client = stackOf(options.stack ?? 'linux', options.sysctl?.client)
  const server = stackOf(options.stack ?? 'linux', options.sysctl?.server)
  return {
    watch,
    epoch: epoch ?? { seconds: 0, nanoseconds: 0 },
    stacks: [client, server],
    timeouts: { client: timeoutsOf(client), server: timeoutsOf(server) },
    syncookies: syncookiesOf(options.sysctl?.server),
  }
}

/** A connection with the others of its 4-tuple. */
export interface Tied {
  readonly conversation: Conversation
  readonly connection: Connection
  readonly chain: Chain
}

/** The connection's flow; those of one 4-tuple must come in order. */
export function replayed({ connection, chain }: Tied, flow: number, around: Around): Flow {
  const { flow: annotated, left } = annotate(connection, {
    captureEnd: watchedUntil(around.watch, connection.segments),
    captureLasts: around.watch.lasts,
    epoch: around.epoch,
    stacks: around.stacks,
    syncookies: around.syncookies,
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

/**
 * All connections in order of their first packet, those of one 4-tuple tied together and one after the other: in captures of
 * one time a later one may begin in an earlier capture.
 */
export function inOrder(conversations: readonly Conversation[]): Tied[] {
  const placed: { readonly first: Place; readonly tied: Tied }[] = []
  for (const conversation of conversations) {
    putInTime(conversation.segments)
    const of = connections(conversation)
    const chain = new Chain(of)
    let first: Place = { capture: 0, packet: 0 }
    for (const connection of of) {
      const own: Place = connection.segments[0] ?? first
      if (inCapture(first, own) < 0) first = own
      placed.push({ first, tied: { conversation, connection, chain } })
    }
  }
  return placed.sort((a, b) => inCapture(a.first, b.first)).map(({ tied }) => tied)
}
