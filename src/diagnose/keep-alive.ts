/** Keep-alive probes that are answered: the connection is idle, and the peer is there. RFC 9293 section 3.8.4. */
import { type Finding, type Flow, type PacketRow, SIDES } from '../report.js'
import { heardAfter, isOneWay, probesIn, realRows } from './evidence.js'
import { about, held, inEachFlow, type Rule } from './rule.js'

function working(flow: Flow): Finding<'keep-alive'> | null {
  if (isOneWay(flow) !== null) return null
  const both = probesIn(flow)
  for (const side of SIDES) {
    const probes = both[side].flatMap(({ row, shut }) => (shut ? [] : [row]))
    const [first, second] = probes
    const last = probes.at(-1)
    if (
      first === undefined ||
      second === undefined ||
      last === undefined ||
      heardAfter(flow, side, last.at) === undefined
    )
      continue
    const gaps = probes
      .slice(1)
      .map(({ at }, k) => at - (probes[k]?.at ?? at))
      .sort((a, b) => a - b)
    return about(flow, side, 'seen', probes.slice(0, 10), {
      id: 'keep-alive',
      severity: 'note',
      args: held(flow, side, {
        probes: probes.length,
        answered: answeredOf(flow, probes),
        seconds: gaps[gaps.length >> 1] ?? 0,
      }),
      causes: [],
    })
  }
  return null
}

/** After so many of them something came from the other end before the next one. */
function answeredOf(flow: Flow, probes: readonly PacketRow[]): number {
  const those = new Set(probes)
  let answered = 0
  let asked: PacketRow | null = null
  for (const row of realRows(flow)) {
    if (those.has(row)) asked = row
    else if (asked !== null && row.from !== asked.from) {
      answered++
      asked = null
    }
  }
  return answered
}

export const rule: Rule = {
  id: 'keep-alive',
  severity: 'note',
  ...inEachFlow('keep-alive', working, () => ''),
}
