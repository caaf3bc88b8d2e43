/**
 * Some connections of large captures, packet by packet: all of it is surveyed, and only these are replayed in full.
 *
 * In: files that can be read more than once, which connections are meant. Out: the report of `analyze()`, in which the
 * others are gone, or hold no packets.
 */
import { type AnalyzeOptions, analyze, inOrder, replayed, sortedInto } from './analyze.js'
import { Conversations } from './flow/conversation.js'
import { findings } from './plain/findings.js'
import { FlowList } from './plain/flow-list.js'
import { firstPacket, PlainFlows } from './plain/plain-flows.js'
import { RowFlow } from './plain/row-flow.js'
import { Chains } from './plain/tied.js'
import { Reading } from './reading.js'
import type { Flow, Report } from './report.js'
import { KEPT, mostFlowsHere, placesOf, type Surveyed, type SurveyOptions, surveyed } from './survey.js'
import { inTurns } from './turns.js'
import type { PacketView } from './wire/packet.js'

export interface Choice {
  /** Which connections stay, judged by what a survey knows of them: no `rows`, no states but the last; null: all. */
  readonly stays: ((report: Report) => (flow: Flow) => boolean) | null
  /** Which of those that stay are wanted with all their packets. */
  readonly wanted: (flows: readonly Flow[]) => readonly Flow[]
}

/** Throws `CaptureError` when the file can't be read at all. */
export async function chosen(
  files: readonly string[],
  options: SurveyOptions,
  choice: Choice,
  keep = KEPT,
): Promise<Report> {
  const most = { maxFlows: options.maxFlows ?? mostFlowsHere() }
  const survey = await surveyed(files, { ...options, ...most }, keep)
  if (survey === null) {
    const whole = await analyze(files, options)
    return choice.stays === null ? whole : only(whole, choice.stays(whole))
  }
  const { report } = survey
  const left = choice.stays === null ? report.flows : report.flows.filter(choice.stays(report))
  const flows = await inFull(options, survey, left, new Set(choice.wanted(left)))
  const interrupted = options.signal?.aborted ? { interrupted: true as const } : {}
  if (choice.stays === null) return { ...report, flows, ...interrupted }
  const { findings: _all, flows: _flows, ...rest } = report
  const seen = { ...rest, ...interrupted }
  return { ...seen, flows, findings: findings(seen, FlowList.of(survey.plain, flows, survey.list.said)) }
}

/** Of a report that has every packet. */
function only(report: Report, stays: (flow: Flow) => boolean): Report {
  const { findings: _all, flows, ...seen } = report
  const left = flows.filter(stays)
  return { ...seen, flows: left, findings: findings(seen, FlowList.of(new PlainFlows(), left)) }
}

/** The same flows, those of `wanted` replayed; without those that an interruption came before. */
export async function inFull(
  options: AnalyzeOptions,
  { plain, around, reading: first, trail, replays, list }: Surveyed,
  flows: readonly Flow[],
  wanted: ReadonlySet<Flow>,
): Promise<readonly Flow[]> {
  const again = replays.again(list, wanted)
  const plainly = [...wanted].filter((flow) => flow instanceof RowFlow)
  const tooLong = replays.longAmong(list, wanted)
  // What was interrupted was not read to its end, and would take as long again.
  const long = replays.isWhole ? tooLong : NONE
  if (plainly.length + tooLong.size === 0) return flows.map((flow) => again.get(flow.flow) ?? flow)
  const chains = new Chains(plain).of(plainly.map(({ conversation }) => conversation))
  const isWanted = (view: PacketView): boolean =>
    chains.has(plain.plainConversation(view)) ||
    (long.size > 0 && long.has(replays.odd.takenConversation(view)))
  const conversations = new Conversations()
  const sorted = sortedInto(conversations)
  const reading = new Reading({
    segment: (view, record, capture, epoch) => {
      if (isWanted(view)) sorted.segment(view, record, capture, epoch)
    },
    error: (view, record, capture, epoch) => {
      if (isWanted(view)) sorted.error(view, record, capture, epoch)
      return true
    },
  })
  const those = new Set([...chains.values()].flat())
  const places =
    long.size > 0
      ? null
      : placesOf({ plain, trail, reading: first }, (conversation) => those.has(conversation))
  if (places !== null) reading.some(first, places)
  else await reading.again(first, options.strict === true ? { strict: true } : {})
  const numbers = numbersIn(list, those)
  for (const { begins, flow } of long.values()) numbers.set(begins, flow)
  const tied = inOrder(conversations.all).flatMap((each) => {
    const [first] = each.connection.segments
    const number = first && numbers.get(plain.numberAt(first.packet, first.capture))
    return number === undefined ? [] : [{ ...each, number }]
  })
  const wants = new Set([...plainly, ...tooLong.values()].map(({ flow }) => flow))
  const full = new Map<number, Flow>()
  await inTurns(
    tied,
    ({ connection }) => connection.segments.length,
    (each) => {
      // Of those before it on its ports it has to be known how they ended.
      const flow = replayed(each, each.number, around)
      if (wants.has(each.number)) full.set(each.number, flow)
    },
    options,
  )
  return flows.flatMap((flow) => {
    const whole = full.get(flow.flow) ?? again.get(flow.flow)
    return whole ?? (wants.has(flow.flow) ? [] : flow)
  })
}

const NONE: ReturnType<Surveyed['replays']['longAmong']> = new Map()

/** The numbers of the flows of these conversations, by those of their first packets over all captures. */
function numbersIn(list: FlowList, those: ReadonlySet<number>): Map<number, number> {
  const numbers = new Map<number, number>()
  for (let n = 0; n < list.length; n++)
    if (those.has(list.conversation[n] as number))
      numbers.set(firstPacket(list.row(n)), list.number[n] as number)
  return numbers
}
