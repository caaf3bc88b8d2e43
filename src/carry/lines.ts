/**
 * What a run leaves, as NDJSON: a header with the format's version, the conversations with a line for each segment, and
 * at the end a SHA-256 of all lines before, by which a damaged file is known.
 *
 * In: {@link Carried}, or lines. Out: lines, or {@link Carried}; a {@link StateError} when the lines are not what was
 * written.
 */
import { createHash } from 'node:crypto'
import type { Conversation } from '../flow/conversation.js'
import type { Epoch, IcmpError, Segment } from '../flow/segment.js'
import type { CaptureInfo } from '../report.js'
import type { Carried, Forgotten } from './carried.js'
import { numbersOf, segmentOf } from './segment-line.js'
import { isConversation, isHeader, isSegmentLine } from './shape.js'

/** Changes with the format: another version is refused, since what it leaves out can't be made up. */
export const STATE_VERSION = 1
/** How a file begins that may be replaced by the next state. */
export const STATE_MAGIC = '{"type":"bothends-state"'

/** Why a state can't be gone on with. */
export class StateError extends Error {
  override readonly name = 'StateError'
  constructor(
    readonly code: 'not-a-state' | 'other-version' | 'damaged',
    /** For `other-version`. */
    readonly version: number = STATE_VERSION,
  ) {
    super(code)
  }
}

interface Header extends Omit<Carried, 'conversations'> {
  readonly type: 'bothends-state'
  readonly version: number
  readonly conversations: number
}
interface ConversationLine extends Omit<Conversation, 'segments'> {
  readonly segments: number
}

/** Lines without their ends. */
export function* stateLines({ conversations, ...counted }: Carried): Generator<string> {
  const hash = createHash('sha256')
  const hashed = (value: unknown): string => {
    const line = JSON.stringify(value)
    hash.update(`${line}\n`)
    return line
  }
  const header: Header = {
    type: 'bothends-state',
    version: STATE_VERSION,
    ...counted,
    conversations: conversations.length,
  }
  yield hashed(header)
  for (const { segments, ...conversation } of conversations) {
    yield hashed({ ...conversation, segments: segments.length } satisfies ConversationLine)
    for (const segment of segments) yield hashed(numbersOf(segment))
  }
  yield JSON.stringify({ sha256: hash.digest('hex') })
}

/** Throws {@link StateError}; what the lines' source throws passes through. */
export async function readState(lines: AsyncIterable<string>): Promise<Carried> {
  const hash = createHash('sha256')
  const iterator = lines[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await iterator.next()
    if (done === true) throw new StateError('damaged')
    return value
  }
  const hashed = async <T>(): Promise<T> => {
    const line = await next()
    hash.update(`${line}\n`)
    return parsed(line)
  }
  const first = (await iterator.next()).value
  if (typeof first !== 'string' || !first.startsWith(STATE_MAGIC)) throw new StateError('not-a-state')
  hash.update(`${first}\n`)
  const header = parsed<Header>(first)
  const { version, conversations: count, ...counted } = header
  if (version !== STATE_VERSION) throw new StateError('other-version', Number(version))
  if (!isHeader(header)) throw new StateError('damaged')
  const epoch: Epoch = counted.epoch ?? { seconds: 0, nanoseconds: 0 }
  const conversations: Conversation[] = []
  for (let i = 0; i < count; i++) {
    const line = await hashed<ConversationLine>()
    if (!isConversation(line)) throw new StateError('damaged')
    const segments: Segment[] = []
    for (let k = 0; k < line.segments; k++) {
      const numbers = await hashed<unknown>()
      if (!isSegmentLine(numbers)) throw new StateError('damaged')
      segments.push(segmentOf(numbers, epoch))
    }
    conversations.push({ ...line, icmp: line.icmp as IcmpError[], segments })
  }
  const { sha256 } = parsed<{ sha256?: string }>(await next())
  if (sha256 !== hash.digest('hex') || (await iterator.next()).done !== true) throw new StateError('damaged')
  return {
    epoch: counted.epoch,
    lastAt: counted.lastAt,
    captures: counted.captures as CaptureInfo[],
    names: counted.names,
    forgotten: counted.forgotten as Forgotten[],
    conversations,
  }
}

/** Trusted only once the sum at the end was right. */
function parsed<T>(line: string): T {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value as T
  } catch {
    // Said below.
  }
  throw new StateError('damaged')
}
