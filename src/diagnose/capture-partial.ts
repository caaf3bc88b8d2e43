/** Connections that the capture has only in part: what came before, and what comes after, is not known. */
import { type Finding, type Flow, type PacketRow, type State, watchedUntil } from '../report.js'
import { quoting, type Rule, type Seen } from './rule.js'

/** Seconds: what happened so shortly before the end may go on after it. */
const EDGE = 1

/** States that a connection passes through on its way to another. */
const PASSING: readonly State[] = [
  'SYN_SENT',
  'SYN_RECEIVED',
  'FIN_WAIT_1',
  'CLOSING',
  'LAST_ACK',
  'CLOSE_WAIT',
  'FIN_WAIT_2',
]

function partial(seen: Seen): readonly Finding[] {
  const { flows } = seen
  const begins = flows.filter(({ beginsInMiddle }) => beginsInMiddle)
  const ends = flows.filter(
    (flow) =>
      (PASSING.includes(flow.client.state) || PASSING.includes(flow.server.state)) &&
      watchedUntil(flow, seen) - flow.endAt < EDGE,
  )
  const ending = new Set(ends)
  const all = [...new Set([...begins, ...ends])]
  if (all.length === 0) return []
  return [
    {
      id: 'capture-partial',
      severity: 'note',
      flow: all.length === 1 ? (all[0]?.flow ?? null) : null,
      flows: all.map(({ flow }) => flow),
      side: null,
      certainty: 'seen',
      ...quoting(all.slice(0, 24).flatMap((flow) => edges(flow, flow.beginsInMiddle, ending.has(flow)))),
      args: { flows: all.length, begins: begins.length, ends: ends.length },
      causes: [],
    } satisfies Finding<'capture-partial'>,
  ]
}

const edges = ({ rows }: Flow, begins: boolean, ends: boolean): PacketRow[] => [
  ...(begins ? rows.slice(0, 1) : []),
  ...(ends ? rows.slice(-1) : []),
]

export const rule: Rule = { id: 'capture-partial', severity: 'note', find: partial }
