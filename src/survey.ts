/**
 * The report of a large capture for those who do not look at single packets: plain connections are followed in a few
 * hundred bytes each, only the others are replayed in full.
 *
 * In: a capture and options, as for `analyze()`. Out: the same report, in which the flows of plain connections hold no
 * packets. The file is read twice: once for all, once for the packets of the others, or only where those lie (`plain/trail.ts`).
 */
import { totalmem } from 'node:os'
import { type AnalyzeOptions, type Around, analyze, seenIn, surroundings } from './analyze.js'
import type { Place } from './capture/picked.js'
import { clocksBehind } from './flow/clocks.js'
import { drawn, largeFiles } from './large.js'
import { listedIn, listing } from './listed.js'
import { LongConnectionInBrief, SIZES, type Sizes } from './long-connection.js'
import { Brief } from './plain/brief.js'
import { findings } from './plain/findings.js'
import { FlowList } from './plain/flow-list.js'
import { type Ends, OddPackets } from './plain/odd-packets.js'
import { PlainFlow } from './plain/plain-flow.js'
import { isEscalated, PlainFlows } from './plain/plain-flows.js'
import { hostsIn, PlainWatch } from './plain/plain-watch.js'
import { Settled } from './plain/settled.js'
import { Sieve } from './plain/sieve.js'
import { Trail } from './plain/trail.js'
import { Reading } from './reading.js'
import { Replays } from './replays.js'
import { type Report, SUMMED_UP } from './report.js'
import { Pauses, total } from './turns.js'

export interface SurveyOptions extends AnalyzeOptions {
  /**
   * At most so many connections that never came about (one SYN, perhaps its answer) are told one by one, the latest;
   * the others are summed up in the capture's `other`. Default by the machine's memory.
   */
  readonly maxFlows?: number
  /** Which connections that do not go plainly are replayed in parts, and how: see `long-connection.ts`. */
  readonly long?: Sizes
  /** Of so many records at most the places are kept, to find those of a few connections again: see `plain/trail.ts`. */
  readonly places?: number
}

/** Packets that may be objects before their replay, and rows after it: to make them twice takes longer. */
export const KEPT = 20_000

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
  rows = KEPT,
): Promise<Report> {
  // Who says how many asks for a survey, however small the file.
  const files = largeFiles(captures, options, options.maxFlows === undefined ? small : 0)
  if (files === null) return analyze(captures, options)
  const surveys = await surveyed(files, options, rows)
  if (surveys === null) return analyze(captures, options)
  const { report } = surveys
  // Of one that is drawn every packet is wanted.
  const isWanted = drawn(listedIn(report) ?? report.flows) instanceof PlainFlow && !options.signal?.aborted
  return isWanted ? analyze(captures, options) : report
}

/** A report, and what it was made from. */
export interface Surveyed {
  readonly report: Report
  readonly plain: PlainFlows
  readonly around: Around
  /** What has read the files, and where the packets are. */
  readonly reading: Reading
  readonly trail: Trail
  /** Whose turns these were, in the order of `list.replayed`. */
  readonly replays: Replays
  readonly list: FlowList
  readonly sizes: Sizes
}

/**
 * The report of files that can be read twice. `rows`: of connections that did not go plainly the first are kept with
 * all their packets, up to so many; of the others only what a table needs. Null when the clocks of captures disagree: to set one, every packet must be held.
 */
export async function surveyed(
  files: readonly string[],
  options: SurveyOptions,
  rows: number,
): Promise<Surveyed | null> {
  const { signal, long: sizes = SIZES } = options
  const plain = new PlainFlows()
  plain.timeWait = surroundings(options, null, { end: 0, ends: null, lasts: null }).stacks[0].timeWait
  const trail = new Trail(options.places)
  const reading = new Reading({
    segment: (view, record, _capture, epoch) => {
      plain.segment(view, record, epoch)
      // What came in fragments is made of several records; this one is but the last.
      if (view.reassembled) trail.letGo()
      else trail.add(record, plain.touched)
    },
    error: (view, record) => {
      const isKnown = plain.error(view)
      if (isKnown && view.reassembled) trail.letGo()
      else if (isKnown) trail.add(record, plain.touched)
      return isKnown
    },
  })
  let packets = 0
  for (const file of files) {
    if (signal?.aborted) break
    plain.beginCapture(packets)
    trail.beginCapture()
    reading.mark(file)
    await reading.capture(file, options)
    packets += reading.infos.at(-1)?.packets ?? 0
  }
  const watch = reading.watch(() => hostsIn(plain))
  const around = surroundings(options, reading.epoch, watch)
  const most = Math.max(1, options.maxFlows ?? maxFlowsHere())
  const settled = new Settled(plain, new PlainWatch(plain, watch, reading.stretches), most)
  const [info] = reading.infos
  if (settled.summedUp > 0 && info !== undefined)
    reading.infos[0] = { ...info, other: { ...info.other, [SUMMED_UP]: settled.summedUp } }
  const { odd, isWhole } = await packetsOf(options, sizes, plain, trail, around, reading)
  if (plain.several && !signal?.aborted && clocksBehind(odd.inSeveral(), files.length) !== null) return null
  const replays = new Replays(odd, plain, around, KEPT, isWhole)
  const list = new FlowList(plain, plain.count + replays.turns.length)
  const seen = () => seenIn(reading, around, [], options)
  const brief = new Brief(seen(), rows)
  const pauses = new Pauses(
    total(replays.turns, ({ packets }) => packets),
    options,
  )
  pauses.begin()
  for (const turn of replays.turns) {
    const { begins, packets } = turn
    settled.addBefore(begins, list)
    settled.addReplayed(turn.flow(list.next), begins, list, brief)
    // Interrupted: what needs no replay is told all the same.
    if (pauses.isDue(packets) && !(await pauses.goesOn())) break
  }
  settled.addBefore(Number.POSITIVE_INFINITY, list)
  const all = seen()
  const report = listing({ ...all, findings: findings(all, list) }, list)
  return { report, plain, around, reading, trail, replays, list, sizes }
}

/** Packets between two words on the progress. */
export const A_TURN = 1024

/** The places of all packets of these conversations, where it takes less to look there than to read everything again. */
export const placesOf = (
  { plain, trail, reading }: Pick<Surveyed, 'plain' | 'trail' | 'reading'>,
  wants: (conversation: number) => boolean,
): readonly (readonly Place[])[] | null => (reading.canPick ? trail.places(plain.marked(wants)) : null)

/** A second look at the files, for those that did not go plainly, if there are any. `isWhole`: it was not interrupted. */
async function packetsOf(
  { strict, signal, replaying }: SurveyOptions,
  sizes: Sizes,
  plain: PlainFlows,
  trail: Trail,
  around: Around,
  first: Reading,
): Promise<{ readonly odd: OddPackets<LongConnectionInBrief>; readonly isWhole: boolean }> {
  const { above } = sizes
  // In captures of one time packets come in another order than they were read in.
  const isLong = (!plain.several || first.inTime) && plain.longest > above
  const takers = { above, takerOf: (of: Ends) => new LongConnectionInBrief(of, around, sizes) }
  const odd = new OddPackets(plain, around.epoch, isLong ? takers : null)
  if (plain.escalated === 0) return { odd, isWhole: true }
  const sieve = new Sieve(plain)
  const until = total(first.infos, ({ packets }) => packets)
  let turn = 0
  const reading = new Reading({
    wants: (record) => sieve.lets(record),
    segment: (view, record, capture) => {
      odd.segment(view, record, capture)
      if (isLong && turn++ % A_TURN === 0) replaying?.(plain.numberAt(record.number, capture), until)
    },
    error: (view, record, capture, epoch) => odd.error(view, record, capture, epoch),
  })
  // Long connections are replayed as they are read, which takes its time; other readings are soon over.
  const listens = isLong && signal !== undefined && !signal.aborted
  const isOdd = (conversation: number): boolean => isEscalated(plain.look(conversation))
  const places = isLong ? null : placesOf({ plain, trail, reading: first }, isOdd)
  if (places !== null) {
    reading.some(first, places)
    return { odd, isWhole: true }
  }
  await reading.again(first, {
    ...(strict === true ? { strict } : {}),
    ...(listens ? { signal, blocksATurn: 1 } : {}),
  })
  return { odd, isWhole: !listens || !signal.aborted }
}
