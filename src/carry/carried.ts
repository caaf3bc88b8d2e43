/**
 * What one run leaves to the next, so that rotated files can be analysed as they come: the packets of all connections
 * about which later ones may still say something, and what numbers and times are counted from.
 *
 * In: a finished analysis. Out: plain data; an analysis that begins with it gives the report of all captures together, as
 * of one set whose files go on with each other. Left out are 4-tuples whose connections are closed at both ends and silent
 * for {@link QUIET}: their flow numbers stay taken, but a later connection on the same ports is counted as their first one.
 */
import type { Conversation } from '../flow/conversation.js'
import { type Connection, unturn } from '../flow/incarnations.js'
import type { Epoch } from '../flow/segment.js'
import { type CaptureInfo, type Flow, inCapture, type Place } from '../report.js'

/** Seconds: longer than TIME_WAIT, and than any pause between the retransmissions of a peer that does not know (120 s). */
const QUIET = 600

/** So many flows that are not carried on began here, or before and after the entry before. */
export interface Forgotten extends Place {
  readonly flows: number
}

export interface Carried {
  readonly epoch: Epoch | null
  /** Seconds since the epoch. */
  readonly lastAt: number
  readonly captures: readonly CaptureInfo[]
  readonly names: Readonly<Record<string, string>>
  /** In order. */
  readonly forgotten: readonly Forgotten[]
  readonly conversations: readonly Conversation[]
}

/** What was read, and its connections, each with its flow at the same index. */
type Read = Pick<Carried, 'epoch' | 'lastAt' | 'names'> & { readonly infos: Carried['captures'] }
type Ended = { readonly conversation: Conversation; readonly connection: Connection }

/** The conversations are handed on, not copied: nobody may use the connections afterwards. */
export function carriedAfter(
  { epoch, lastAt, infos, names }: Read,
  ended: readonly Ended[],
  flows: readonly Flow[],
  carried?: Carried,
): Carried {
  const isOpen = new Map<Conversation, boolean>()
  for (const [index, { conversation }] of ended.entries())
    if (isOpen.get(conversation) !== true) isOpen.set(conversation, !isOver(flows[index], lastAt))
  const over: Forgotten[] = []
  for (const { conversation, connection } of ended) {
    const first = connection.segments[0]
    if (isOpen.get(conversation) === true) unturn(connection)
    else if (first !== undefined) over.push({ capture: first.capture, packet: first.packet, flows: 1 })
  }
  const conversations = [...isOpen].flatMap(([conversation, open]) => (open ? [conversation] : []))
  const forgotten = [...(carried?.forgotten ?? []), ...over].sort(inCapture)
  return {
    epoch,
    lastAt,
    captures: infos,
    names,
    conversations,
    forgotten: merged(forgotten, beginnings(conversations)),
  }
}

/** The flow number of each of these connections, which come in order. */
export function numbers(
  connections: readonly Connection[],
  forgotten: readonly Forgotten[] = [],
): readonly number[] {
  let next = 0
  let before = 0
  return connections.map(({ segments: [first] }, index) => {
    for (let entry = forgotten[next]; entry !== undefined; entry = forgotten[next]) {
      if (first === undefined || inCapture(first, entry) < 0) break
      before += entry.flows
      next++
    }
    return index + before
  })
}

const isOver = (flow: Flow | undefined, lastAt: number): boolean =>
  flow !== undefined &&
  flow.client.state === 'CLOSED' &&
  flow.server.state === 'CLOSED' &&
  lastAt - flow.endAt > QUIET

/** Where a carried connection begins, or may turn out to begin. */
const beginnings = (conversations: readonly Conversation[]): Place[] =>
  conversations
    .flatMap(({ segments }) => segments.filter((segment, index) => index === 0 || segment.syn))
    .sort(inCapture)

/** Entries with no beginning between them are one. */
function merged(forgotten: readonly Forgotten[], begins: readonly Place[]): Forgotten[] {
  const entries: Forgotten[] = []
  let next = 0
  for (const entry of forgotten) {
    const passed = next
    for (let place = begins[next]; place !== undefined && inCapture(place, entry) < 0; place = begins[next])
      next++
    const last = next === passed ? entries.pop() : undefined
    entries.push({ ...entry, flows: entry.flows + (last?.flows ?? 0) })
  }
  return entries
}
