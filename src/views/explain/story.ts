/**
 * A connection's story in five to ten sentences: who opened, how far both ends came, what went wrong and in which
 * states, who closed first, which timers ran, what the calls returned, and how certain all that is.
 *
 * In: a flow with its findings, words. Out: sentences.
 */
import {
  type Certainty,
  type Finding,
  type Flow,
  type FlowEnd,
  type NoteCode,
  type PacketRow,
  type Report,
  SIDES,
  type Side,
  type SocketCall,
  type State,
  type StateSpan,
  watchedUntil,
} from '../../report.js'
import { numbered } from '../../text/capture-names.js'
import { sentenceOf } from '../../text/finding.js'
import type { Reached, StoryWords } from '../../text/story.js'
import type { Language, Numbered } from '../../text/table.js'
import { returnsAt } from '../call.js'
import { isToldElsewhere, sizeOf } from '../copies.js'
import { endpoint } from '../endpoint.js'

export interface Teller {
  readonly words: StoryWords
  readonly language: Language
  readonly spell: (state: State) => string
  readonly extent: Pick<Report, 'captures' | 'epochSeconds' | 'epochNanoseconds' | 'endAt'>
}

export const storyOf = (flow: Flow, findings: readonly Finding[], teller: Teller): string[] => [
  ...opening(flow, teller),
  ...dataSentences(flow, teller),
  ...trouble(flow, findings, teller),
  ...inTime([...ending(flow, teller), ...timers(flow, teller)]),
  ...calls(flow, teller),
  teller.words.atTheEnd(standing(flow.client, teller), standing(flow.server, teller)),
  teller.words.certainty(known(flow, teller)),
]

function opening(flow: Flow, { words, spell }: Teller): string[] {
  const [client, server] = [endpoint(flow.client), endpoint(flow.server)]
  const first = flow.beginsInMiddle
    ? words.beganBefore(client, server, flow.roles)
    : words.opened(client, server, flow.startAt, flow.roles)
  if (flow.beginsInMiddle) return [first]
  const open = (side: Side) => flow.spans[side].find(({ state }) => state === 'ESTABLISHED')
  const [a, b] = [open('client'), open('server')]
  if (a === undefined && b === undefined) {
    const syns = flow.rows.filter(
      (row) =>
        row.from === 'client' &&
        row.flags.startsWith('S') &&
        !row.flags.includes('A') &&
        !isToldElsewhere(row),
    )
    return [
      first,
      words.neverOpen(syns.length, farthest(flow, 'client', spell), farthest(flow, 'server', spell)),
    ]
  }
  const doubt = isDoubtful(flow, 'client', a) || isDoubtful(flow, 'server', b)
  return [first, words.established(a?.from ?? null, b?.from ?? null, doubt, spell('ESTABLISHED'))]
}

/** Whether it began when its first packet came, which nothing may show even where later ones show the state. */
const isDoubtful = ({ rows }: Flow, side: Side, span: StateSpan | undefined): boolean =>
  span !== undefined &&
  (span.certainty === 'assumed' ||
    rows.find((row) => row.packet === span.packet && row.capture === (span.capture ?? 0))?.[side]
      .certainty === 'assumed')

/** The state before it ended, when it never was open. */
function farthest(flow: Flow, side: Side, spell: Teller['spell']): Reached {
  const left = flow.spans[side].findLast(({ state }) => !isNone(state))?.state
  const state = left ?? flow.spans[side].at(-1)?.state ?? 'CLOSED'
  return { state: spell(state), moved: left !== undefined }
}

const AGAIN: readonly string[] = [
  'retransmission',
  'fast-retransmission',
  'spurious-retransmission',
  'fin-retransmission',
  'syn-retransmission',
  'syn-ack-retransmission',
]

function dataSentences(flow: Flow, { words }: Teller): string[] {
  const sent = (side: Side) =>
    flow.rows.reduce((sum, { from, len, notes }) => sum + (from === side && !isCopy(notes) ? len : 0), 0)
  const again = flow.rows.filter(({ notes }) => notes.some(({ code }) => AGAIN.includes(code))).length
  const { packets } = sizeOf(flow)
  return flow.bytes === 0
    ? [words.noData(packets)]
    : [words.data(sent('client'), sent('server'), packets, again)]
}

const isCopy = (notes: PacketRow['notes']): boolean =>
  notes.some(({ code }) => AGAIN.includes(code) || code === 'capture-duplicate')

/** At most so many findings: the story stays short, the worst come first. */
const TOLD = 2

function trouble(flow: Flow, findings: readonly Finding[], teller: Teller): string[] {
  const { language, spell } = teller
  const bad = findings.filter(({ severity }) => severity !== 'note').slice(0, TOLD)
  const [worst] = bad
  if (worst === undefined) return []
  const quoted = new Set(worst.packets.map((packet, n) => `${worst.captures?.[n] ?? 0} ${packet}`))
  const evidence = flow.rows.filter(({ packet, capture }) => quoted.has(`${capture} ${packet}`))
  // What stands before it in the evidence only leads up to it.
  const row = evidence.find(goesWrong) ?? behind(evidence[0], worst, flow) ?? evidence[0]
  return [
    ...(row === undefined ? [] : wrongAt(row, teller)),
    ...bad.map((finding) => sentenceOf(finding, language, spell)),
  ]
}

/** Both ends after the packet; where it leaves nothing of the connection, what it ended. */
function wrongAt(row: PacketRow, teller: Teller): string[] {
  const { words, language, spell } = teller
  const frame = frameOf(row, language)
  const { client, server } = row
  if (!isNone(client.state) || !isNone(server.state))
    return [words.wrongAfter(frame, standing(client, teller), standing(server, teller))]
  if (!isNone(client.was) || !isNone(server.was))
    return [words.wrongBefore(frame, spell(client.was), spell(server.was))]
  return []
}

const isNone = (state: State): boolean => state === 'CLOSED' || state === 'LISTEN'

const standing = (
  { state, certainty }: Pick<FlowEnd, 'state' | 'certainty'>,
  { spell, language }: Teller,
): string => spell(state) + (certainty === 'assumed' ? language.aside(language.certainty.assumed) : '')

/** A finding about many connections quotes only the first packet of each: what it leads up to comes behind it. */
const behind = (first: PacketRow | undefined, { flow: about }: Finding, { rows }: Flow) =>
  first === undefined || about !== null ? undefined : rows.slice(rows.indexOf(first)).find(goesWrong)

const frameOf = ({ packet, capture }: PacketRow, language: Language): Numbered =>
  numbered(language, packet, capture)

const named = ({ packet, shownBy, ...call }: SocketCall, language: Language) => {
  const frame = (number: number): Numbered => numbered(language, number, call.capture ?? 0)
  return {
    ...call,
    packet: packet === null ? null : frame(packet),
    ...(shownBy === undefined ? {} : { shownBy: frame(shownBy) }),
  }
}

/** Notes on packets that go as they should. */
const IN_ORDER: ReadonlySet<NoteCode> = new Set([
  'crossing',
  'keep-alive-ack',
  'state-unknown-before',
  'time-wait-until',
  'window-update',
  'fast-open',
  'fast-open-cookie',
])

const goesWrong = ({ notes }: PacketRow): boolean => notes.some(({ code }) => !IN_ORDER.has(code))

/** A sentence, and when what it tells happened: seconds as in `at`. */
type Timed = readonly [at: number, sentence: string]

const inTime = (told: readonly Timed[]): string[] =>
  told.toSorted(([a], [b]) => a - b).map(([, sentence]) => sentence)

function ending(flow: Flow, { words, language, extent }: Teller): Timed[] {
  const reset = flow.rows.find((row) => row.flags.includes('R') && SIDES.some((side) => ended(row, side)))
  const fin = flow.rows.find(({ flags }) => flags.includes('F'))
  const sentences: Timed[] = []
  if (fin !== undefined && flow.closedFirst !== null && flow.spans.client.length > 0) {
    const answer = flow.rows.find((row) => row.flags.includes('F') && row.from !== fin.from)
    const other = answer === undefined ? null : { side: answer.from, seconds: answer.at - fin.at }
    sentences.push([fin.at, words.closed(flow.closedFirst, fin.at, other)])
  }
  if (reset !== undefined)
    sentences.push([reset.at, words.aborted(reset.from, frameOf(reset, language), reset.at)])
  if (sentences.length === 0 && flow.rows.some(({ client }) => client.state === 'ESTABLISHED'))
    sentences.push([watchedUntil(flow, extent), words.notClosed])
  return sentences
}

const ended = (row: PacketRow, side: Side): boolean =>
  row[side].state === 'CLOSED' && row[side].was !== 'CLOSED'

/** The timers that ended a state, or will. */
function timers(flow: Flow, { words, spell, extent }: Teller): Timed[] {
  const until = watchedUntil(flow, extent)
  return flow.timers.flatMap(({ side, name, expires, stopped }) => {
    if (stopped !== null) return []
    const spans = flow.spans[side]
    const next = spans.findIndex(({ cause, from }) => cause === 'timer' && from === expires)
    const about = spans[next - 1]?.state ?? (expires > until ? spans.at(-1)?.state : undefined)
    return about === undefined || about === 'CLOSED'
      ? []
      : [[expires, words.timer(side, words.timers[name], expires, expires <= until, spell(about))]]
  })
}

const calls = (flow: Flow, { words, language, extent }: Teller): string[] =>
  flow.calls.length === 0
    ? [words.noErrors]
    : flow.calls.slice(0, 3).map((call) => {
        const at = returnsAt(call, extent)
        return words.call(
          named(call, language),
          language.errnos[call.errno],
          at,
          at > watchedUntil(flow, extent),
        )
      })

/** A state that an end was in twice is told once: as certain as the less certain time, but the one before all packets. */
function known(flow: Flow, { spell }: Teller): Parameters<StoryWords['certainty']>[0] {
  const least = (side: Side, state: State): Certainty | undefined => {
    const all = flow.spans[side].filter((span) => span.state === state)
    const later = all.filter(({ cause }) => cause !== 'start')
    const counted = later.length > 0 ? later : all
    return LEAST_CERTAIN_FIRST.find((kind) => counted.some(({ certainty }) => certainty === kind))
  }
  const of = (kind: Certainty) =>
    SIDES.flatMap((side) => {
      // In the order of their last time.
      const all = new Set(flow.spans[side].map(({ state }) => state).toReversed())
      const states = [...all]
        .reverse()
        .filter((state) => least(side, state) === kind)
        .map(spell)
      return states.length === 0 ? [] : [{ side, states }]
    })
  return { seen: of('seen'), implied: of('implied'), assumed: of('assumed') }
}

const LEAST_CERTAIN_FIRST: readonly Certainty[] = ['assumed', 'implied', 'seen']
