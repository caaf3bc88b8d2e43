/**
 * The report of a large capture for those who do not look at single packets: plain connections are followed in a few
 * hundred bytes each, only the others are replayed in full.
 *
 * In: a capture and options, as for `analyze()`. Out: the same report, in which the flows of plain connections hold no
 * packets. The file is read twice: once for all, once for the packets of the others.
 */
import { statSync } from 'node:fs'
import { type AnalyzeOptions, analyze, inOrder, replayed, sortedInto, surroundings } from './analyze.js'
import { Conversations } from './flow/conversation.js'
import { findings } from './plain/findings.js'
import { outcomeOf } from './plain/outcome.js'
import { PlainFlow } from './plain/plain-flow.js'
import { PlainFlows } from './plain/plain-flows.js'
import { Reading } from './reading.js'
import type { Flow, Report } from './report.js'
import { VERSION } from './version.js'

/** Smaller files are replayed in full: it takes less than to read them twice. Bytes. */
const SMALL = 256 * 1024

/** Reads one capture, or several as one. Throws `CaptureError` when one can't be read at all. */
export async function survey(
  captures: readonly string[],
  options: AnalyzeOptions = {},
  small = SMALL,
): Promise<Report> {
  const [file] = captures
  const { signal } = options
  const apart = options.sysctl ?? options.carried ?? options.leave
  if (file === undefined || captures.length > 1 || apart !== undefined || !isLarge(file, small))
    return analyze(captures, options)
  const plain = new PlainFlows()
  const reading = new Reading({
    segment: (view, record, _capture, epoch) => plain.segment(view, record, epoch),
    error: (view) => plain.error(view),
  })
  await reading.capture(file, options)
  const around = surroundings(options, reading.epoch, reading.lastAt)
  plain.timeWait = around.stacks[0].timeWait
  const outcomes = Array.from({ length: plain.count }, (_, conversation) =>
    outcomeOf(plain, conversation, reading.lastAt),
  )
  const odd = plain.escalated === 0 ? [] : inOrder((await packetsOf(file, options, plain, reading)).all)
  const flows: Flow[] = []
  let next = 0
  for (let conversation = 0; conversation < plain.count; conversation++) {
    const outcome = outcomes[conversation] ?? null
    if (outcome === null) continue
    const first = plain.firstPacket(conversation)
    for (let tied = odd[next]; tied !== undefined; tied = odd[next]) {
      if ((tied.connection.segments[0]?.packet ?? 0) > first) break
      flows.push(replayed(tied, flows.length, around))
      next++
    }
    flows.push(new PlainFlow(flows.length, plain, conversation, outcome))
  }
  for (const tied of odd.slice(next)) flows.push(replayed(tied, flows.length, around))
  // A single connection is drawn packet by packet.
  if (flows.length === 1 && flows[0] instanceof PlainFlow && !signal?.aborted)
    return analyze(captures, options)
  const seen = {
    schema: 1 as const,
    version: VERSION,
    stack: options.stack ?? 'linux',
    ...reading.seen,
    flows,
    ...(signal?.aborted ? { interrupted: true as const } : {}),
  }
  return { ...seen, findings: findings(seen) }
}

/** A second look at the file, for those that did not go plainly. */
async function packetsOf(
  file: string,
  options: AnalyzeOptions,
  plain: PlainFlows,
  first: Reading,
): Promise<Conversations> {
  const conversations = new Conversations()
  const sorted = sortedInto(conversations)
  // A first reading that was interrupted, or a file that grows, has seen no more than this.
  const until = first.infos[0]?.packets ?? 0
  const stop = new AbortController()
  const reading = new Reading({
    segment: (view, record, capture, epoch) => {
      if (record.number > until) stop.abort()
      else if (plain.isEscalated(view)) sorted.segment(view, record, capture, epoch)
    },
    error: (view, record, capture, epoch) =>
      record.number <= until && sorted.error(view, record, capture, epoch),
  })
  await reading.capture(file, { ...(options.strict === true ? { strict: true } : {}), signal: stop.signal })
  return conversations
}

function isLarge(file: string, small: number): boolean {
  if (file === '-') return false
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats?.isFile() === true && stats.size >= small
}
