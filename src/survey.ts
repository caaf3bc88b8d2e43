/**
 * The report of a large capture for those who do not look at single packets: plain connections are followed in a few
 * hundred bytes each, only the others are replayed in full.
 *
 * In: a capture and options, as for `analyze()`. Out: the same report, in which the flows of plain connections hold no
 * packets. The file is read twice: once for all, once for the packets of the others.
 */
import { totalmem } from 'node:os'
import {
  type AnalyzeOptions,
  type Around,
  analyze,
  inOrder,
  replayed,
  seenIn,
  surroundings,
  type Tied,
} from './analyze.js'
import type { Segment } from './flow/segment.js'
import { drawn, largeFiles } from './large.js'
import { listedIn, listing } from './listed.js'
import { findings } from './plain/findings.js'
import { FlowList, HALF_OPEN } from './plain/flow-list.js'
import { HalfOpenKinds, isHalfOpen, UNCLEAR_KIND } from './plain/half-open-kinds.js'
import { OddPackets } from './plain/odd-packets.js'
import { NOT_PLAIN, outcomeOf } from './plain/outcome.js'
import { PlainFlow } from './plain/plain-flow.js'
import { firstPacket, PlainFlows } from './plain/plain-flows.js'
import { Sieve } from './plain/sieve.js'
import { Reading } from './reading.js'
import { type Flow, type Report, SUMMED_UP } from './report.js'
import { Pauses, total } from './turns.js'

export interface SurveyOptions extends AnalyzeOptions {
  /**
   * At most so many connections that never came about (one SYN, perhaps its answer) are told one by one, the latest;
   * the others are summed up in the capture's `other`. Default by the machine's memory.
   */
  readonly maxFlows?: number
}

/** What a flow of the report may take in all, in bytes: its own kilobyte, and what looks at it. */
const A_FLOW = 256 * 1024
export const maxFlowsHere = (): number => Math.min(1e6, Math.max(1e4, Math.floor(totalmem() / A_FLOW)))
/** Where single connections are asked for, more of them are told apart: as many as V8's own limit of memory bears. */
export const mostFlowsHere = (): number => Math.min(1e6, 8 * maxFlowsHere())

/** Reads one capture, or several as one. Throws `CaptureError` when one can't be read at all. */
export async function survey(
  captures: readonly string[],
  options: SurveyOptions = {},
  small?: number,
): Promise<Report> {
  // Who says how many asks for a survey, however small the file.
  const files = largeFiles(captures, options, options.maxFlows === undefined ? small : 0)
  if (files === null) return analyze(captures, options)
  const { report } = await surveyed(files, options)
  // Of one that is drawn every packet is wanted.
  const isWanted = drawn(listedIn(report) ?? report.flows) instanceof PlainFlow && !options.signal?.aborted
  return isWanted ? analyze(captures, options) : report
}

/** A report, and what it was made from. */
export interface Surveyed {
  readonly report: Report
  readonly plain: PlainFlows
  readonly around: Around
  /** What has read the files. */
  readonly reading: Reading
}

/** The report of files that can be read twice. */
export async function surveyed(files: readonly string[], options: SurveyOptions): Promise<Surveyed> {
  const { signal } = options
  const plain = new PlainFlows()
  const reading = new Reading({
    segment: (view, record, _capture, epoch) => plain.segment(view, record, epoch),
    error: (view) => plain.error(view),
  })
  let packets = 0
  for (const file of files) {
    if (signal?.aborted) break
    plain.beginCapture(packets)
    reading.mark(file)
    await reading.capture(file, options)
    packets += reading.infos.at(-1)?.packets ?? 0
  }
  const around = surroundings(options, reading.epoch, reading.lastAt)
  plain.timeWait = around.stacks[0].timeWait
  const settled = settle(plain, reading.lastAt, Math.max(1, options.maxFlows ?? maxFlowsHere()))
  const [info] = reading.infos
  if (settled.summedUp > 0 && info !== undefined)
    reading.infos[0] = { ...info, other: { ...info.other, [SUMMED_UP]: settled.summedUp } }
  const odd = plain.escalated === 0 ? null : await packetsOf(options, plain, around, reading)
  const turns = odd === null ? [] : turnsOf(odd, plain)
  const list = new FlowList(plain, plain.count + turns.length)
  /** Connections of a flood that are only counted have numbers too: those of the others are the same in every command. */
  let number = 0
  let next = 0
  /** Of each kind of half-open connections the one that was replayed. */
  const examples: (Flow | undefined)[] = []
  const pauses = new Pauses(
    total(turns, ({ packets }) => packets),
    options,
  )
  const replayUpTo = async (packet: number): Promise<void> => {
    for (let turn = turns[next]; turn !== undefined && turn.begins <= packet; turn = turns[++next]) {
      const flow = replayed(turn.tied(), number++, around)
      list.addReplayed(flow)
      const kind = settled.examples.get(turn.begins)
      if (kind !== undefined) examples[kind] = flow
      // Interrupted: what needs no replay is told all the same.
      if (pauses.isDue(turn.packets) && !(await pauses.goesOn())) next = turns.length
    }
  }
  for (let conversation = 0; conversation < plain.count; conversation++) {
    const outcome = settled.outcomes[conversation] as number
    if (outcome === NOT_PLAIN) continue
    if (next < turns.length) {
      const packet = firstPacket(plain.look(conversation))
      if ((turns[next]?.begins ?? packet + 1) <= packet) await replayUpTo(packet)
    }
    if (outcome === COUNTED) number++
    else if (outcome !== HALF_OPEN) list.addPlain(number++, conversation, outcome)
    else {
      const alike = examples[settled.kinds[conversation] as number]
      if (alike !== undefined) list.addHalfOpen(number++, conversation, alike)
    }
  }
  await replayUpTo(Number.POSITIVE_INFINITY)
  const seen = seenIn(reading, around, [], options)
  return { report: listing({ ...seen, findings: findings(seen, list) }, list), plain, around, reading }
}

/** In place of an outcome: a half-open connection that is only counted. */
const COUNTED = 0xfc

interface Settled {
  /** For each conversation the number of its outcome; that it went like another one; that it is only counted; that it is replayed. */
  readonly outcomes: Uint8Array
  /** For each that went like another one their kind. */
  readonly kinds: Int32Array
  /** Kinds by the first packets of those that stand for them. */
  readonly examples: ReadonlyMap<number, number>
  /** Half-open ones that are not told one by one. */
  readonly summedUp: number
}

/** Which conversations need no replay. Of half-open ones the first of each kind is replayed, for all others of it. */
function settle(plain: PlainFlows, captureEnd: number, maxFlows: number): Settled {
  const outcomes = new Uint8Array(plain.count)
  const kinds = new Int32Array(plain.count)
  const examples = new Map<number, number>()
  const ways = new HalfOpenKinds(plain, captureEnd)
  const summedUp = plain.count <= maxFlows ? 0 : Math.max(0, halfOpen(plain) - maxFlows)
  let over = summedUp
  for (let conversation = 0; conversation < plain.count; conversation++) {
    const row = plain.look(conversation)
    if (isHalfOpen(row)) {
      if (over > 0) {
        over--
        outcomes[conversation] = COUNTED
        continue
      }
      const known = ways.count
      const kind = ways.of(row)
      if (kind !== UNCLEAR_KIND) {
        if (kind < known) {
          kinds[conversation] = kind
          outcomes[conversation] = HALF_OPEN
          continue
        }
        examples.set(firstPacket(row), kind)
      }
    }
    outcomes[conversation] = outcomeOf(plain, row, captureEnd)
  }
  return { outcomes, kinds, examples, summedUp }
}

function halfOpen(plain: PlainFlows): number {
  let count = 0
  for (let conversation = 0; conversation < plain.count; conversation++)
    if (isHalfOpen(plain.look(conversation))) count++
  return count
}

/** A second look at the files, for those that did not go plainly. */
async function packetsOf(
  { strict }: AnalyzeOptions,
  plain: PlainFlows,
  { epoch }: Around,
  first: Reading,
): Promise<OddPackets> {
  const odd = new OddPackets(plain, epoch)
  const sieve = new Sieve(plain)
  const reading = new Reading({
    wants: (record) => sieve.lets(record),
    segment: (view, record, capture) => odd.segment(view, record, capture),
    error: (view, record, capture, epoch) => odd.error(view, record, capture, epoch),
  })
  await reading.again(first, strict === true ? { strict } : {})
  return odd
}

/** Packets that may be objects before their turn: to make them twice takes longer. */
const KEPT = 20_000

/** A connection that waits for its replay. */
interface Turn {
  /** Number of its first packet, over all captures. */
  readonly begins: number
  readonly packets: number
  /** Made when its turn comes: the packets of one conversation are objects at a time, not those of all. */
  tied(): Tied
}

const beginning = (first: Segment | undefined, plain: PlainFlows): number =>
  first === undefined ? 0 : plain.numberAt(first.packet, first.capture)

/** In order of their first packets. A 4-tuple may have had several connections, which are replayed as one chain. */
function turnsOf(odd: OddPackets, plain: PlainFlows): Turn[] {
  const turns: Turn[] = []
  let kept = 0
  for (let number = 0; number < odd.count; number++) {
    const conversation = odd.conversation(number)
    const all = inOrder([conversation])
    const { length } = conversation.segments
    const stays = odd.count === 1 || kept + length <= KEPT
    if (stays) kept += length
    let made: readonly Tied[] | null = stays ? all : null
    const last = all.length - 1
    for (const [n, { connection }] of all.entries()) {
      const tied = (): Tied => {
        made ??= inOrder([odd.conversation(number)])
        const own = made[n] as Tied
        if (n === last) made = null
        return own
      }
      const { segments } = connection
      turns.push({ begins: beginning(segments[0], plain), packets: segments.length, tied })
    }
  }
  return turns.sort((a, b) => a.begins - b.begins)
}
