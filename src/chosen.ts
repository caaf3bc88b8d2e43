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
import { PlainFlows } from './plain/plain-flows.js'
import { RowFlow } from './plain/row-flow.js'
import { Reading } from './reading.js'
import type { Flow, Report } from './report.js'
import { KEPT, mostFlowsHere, type Surveyed, type SurveyOptions, surveyed } from './survey.js'
import { inTurns } from './turns.js'

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
  { plain, around, reading: first, replays, list }: Surveyed,
  flows: readonly Flow[],
  wanted: ReadonlySet<Flow>,
): Promise<readonly Flow[]> {
  const again = replays.again(list, wanted)
  const numbers = new Map<number, number>()
  for (const flow of wanted) if (flow instanceof RowFlow) numbers.set(flow.conversation, flow.flow)
  if (numbers.size === 0) return flows.map((flow) => again.get(flow.flow) ?? flow)
  const conversations = new Conversations()
  const sorted = sortedInto(conversations)
  const reading = new Reading({
    segment: (view, record, capture, epoch) => {
      if (numbers.has(plain.plainConversation(view))) sorted.segment(view, record, capture, epoch)
    },
    error: () => true,
  })
  await reading.again(first, options.strict === true ? { strict: true } : {})
  const place = (first: { readonly capture: number; readonly packet: number } | undefined): string =>
    `${first?.capture} ${first?.packet}`
  const byPacket = new Map([...wanted].map((flow) => [place(flow.rows[0]), flow.flow]))
  const tied = inOrder(conversations.all).flatMap((each) => {
    const number = byPacket.get(place(each.connection.segments[0]))
    return number === undefined ? [] : [{ ...each, number }]
  })
  const full = new Map<number, Flow>()
  await inTurns(
    tied,
    ({ connection }) => connection.segments.length,
    (each) => full.set(each.number, replayed(each, each.number, around)),
    options,
  )
  const wants = new Set(numbers.values())
  return flows.flatMap((flow) => {
    const whole = full.get(flow.flow) ?? again.get(flow.flow)
    return whole ?? (wants.has(flow.flow) ? [] : flow)
  })
}
