/**
 * A RST that does not come from the end whose address it bears: that end carries on as if it had sent none, or the
 * packet does not look like its others (TTL, IP identification, options). RFC 5961 section 3. Where that end has a capture
 * of its own, it tells: what is not in it, the end did not send.
 */
import type { FindingArguments } from '../findings.js'
import type { Finding, Flow, PacketRow, Side } from '../report.js'
import { type Behind, behind, firstOf } from './behind.js'
import { has, isAnswer, isReset, noteOf, wasOpen } from './evidence.js'
import { lookAt } from './look.js'
import { about, held, inEachFlow, opposite, type Rule } from './rule.js'

function injected(flow: Flow): Finding<'reset-injected'> | null {
  const { rows, resets } = lookAt(flow)
  if (resets.length === 0) return null
  if (!wasOpen(flow, 'client') && !wasOpen(flow, 'server')) return null
  const around = aroundResets(rows, resets)
  const suspect: { readonly row: PacketRow; readonly shown: Shown }[] = []
  for (const [index, row] of rows.entries()) {
    const shown = isReset(row) ? forgedBy(rows, row, index, around) : null
    if (shown !== null) suspect.push({ row, shown })
  }
  const shown = SUREST.find((each) => suspect.some((one) => one.shown === each)) ?? suspect[0]?.shown
  const forged = suspect.map(({ row }) => row)
  const [first] = forged
  if (first === undefined || shown === undefined) return null
  const next = rows.find((row) => row.from === first.from && row.at > first.at && !isReset(row))
  const taken = forged.some(
    (row) => row[opposite(row.from)].state === 'CLOSED' && row[opposite(row.from)].was !== 'CLOSED',
  )
  return about(
    flow,
    first.from,
    SUREST.includes(shown) ? 'implied' : 'assumed',
    [...forged.slice(0, QUOTED), next],
    {
      id: 'reset-injected',
      // Nobody is harmed by one that was not taken.
      severity: taken ? 'problem' : 'warning',
      args: held(flow, first.from, { taken, shown }),
      causes: [
        { code: 'middlebox', likelihood: shown === 'looks' ? 'possible' : 'likely' },
        { code: 'attack', likelihood: 'possible' },
        ...(taken ? [] : ([{ code: 'stale-reset', likelihood: 'possible' }] as const)),
      ],
    },
  )
}

/** What leaves little doubt. */
const SUREST: readonly Shown[] = ['never-left', 'goes-on']

/** So many of them are quoted. */
const QUOTED = 24

interface Around {
  readonly firstReset: Readonly<Record<Side, number>>
  readonly firstOther: Readonly<Record<Side, number>>
  /** Rows that are neither a RST nor a SYN. */
  readonly others: Readonly<Record<Side, Behind>>
  /** When each side sent bare RSTs, in order. */
  readonly bare: Readonly<Record<Side, readonly number[]>>
}

function aroundResets(rows: readonly PacketRow[], resets: readonly PacketRow[]): Around {
  const goesOn = (row: PacketRow): boolean => !isReset(row) && !has(row, 'S')
  const bare = (side: Side): number[] =>
    resets
      .filter((row) => row.from === side && !has(row, 'A'))
      .map(({ at }) => at)
      .sort((a, b) => a - b)
  // Nobody asks about a side that sent no RST.
  const others = (side: Side): Behind =>
    behind(resets.some(({ from }) => from === side) ? rows : [], side, goesOn)
  return {
    firstReset: firstOf(rows, isReset),
    firstOther: firstOf(rows, (row) => !isReset(row)),
    others: { client: others('client'), server: others('server') },
    bare: { client: bare('client'), server: bare('server') },
  }
}

type Shown = NonNullable<FindingArguments['reset-injected']['shown']>

/** What shows that it is not its supposed sender's; null: nothing does. */
function forgedBy(rows: readonly PacketRow[], reset: PacketRow, index: number, around: Around): Shown | null {
  const left = noteOf(reset, 'reset')?.left
  if (left !== undefined) return left ? null : 'never-left'
  // In SYN_SENT a RST answers a wrong ACK, and the attempt goes on (section 3.10.7.3).
  if (reset[reset.from].was === 'SYN_SENT' || noteOf(reset, 'reset')?.form === 'bad-ack') return null
  const first = around.firstReset[reset.from] >= index
  const after = around.others[reset.from]
  const latest = after.latest(index + 1)
  const answers = isAnswer(rows, reset, index)
  // What the RST overtook on the way comes soon, and lies below it; below an answer, whose number is its receiver's, not
  // always.
  const goesOn = latest - reset.at > OVERTAKEN || (!answers && after.highest(index + 1) >= reset.relativeSeq)
  if (noteOf(reset, 'reset')?.form === 'forged') {
    if (!first || (!goesOn && Number.isFinite(latest))) return null
    return goesOn ? 'goes-on' : 'looks'
  }
  // A bare RST may answer something old while its sender stays: only data or a FIN of its own tells.
  const stays =
    around.firstOther[reset.from] < index &&
    goesOn &&
    after.text(index + 1) &&
    reset[reset.from].state !== 'CLOSED' &&
    reset[reset.from].state !== 'LISTEN'
  if (stays) return 'goes-on'
  return !answers && bothWays(reset, around) ? 'both-ends' : null
}

/** Packets that were sent before it come at the latest so many seconds after it. */
const OVERTAKEN = 0.15

/** Bare RSTs for both ends at once: who gets a RST sends none, and an abort of its own would carry an ACK. */
const AT_ONCE = 0.05
const bothWays = (reset: PacketRow, { bare }: Around): boolean =>
  !has(reset, 'A') && nearest(bare[opposite(reset.from)], reset.at) < AT_ONCE

/** How far the nearest of `times`, in order, is from `at`, seconds. */
function nearest(times: readonly number[], at: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] as number) < at) low = middle + 1
    else high = middle
  }
  const before = times[low - 1] ?? Number.NEGATIVE_INFINITY
  const after = times[low] ?? Number.POSITIVE_INFINITY
  return Math.min(at - before, after - at)
}

export const rule: Rule = {
  id: 'reset-injected',
  severity: 'problem',
  ...inEachFlow('reset-injected', injected, ({ taken, shown }) => `${taken} ${shown}`),
  explains: ['reset', 'half-open'],
}
