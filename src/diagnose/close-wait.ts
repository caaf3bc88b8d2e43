/**
 * CLOSE_WAIT: the peer has closed, the application here has not. Only close() ends it; no timer does.
 * RFC 9293 section 3.10.7.4 step 8.
 */
import { type Finding, type Flow, type Side, watchedUntil } from '../report.js'
import { finOf, has, realRows } from './evidence.js'
import { lookAt } from './look.js'
import { about, eachFlow, held, inSteps, opposite, type Rule, type Seen } from './rule.js'

/** An application may well need this long to finish its work before it closes, in seconds. */
const PATIENCE = 2
/** Nobody needs this long. */
const LEAK = 5
/** When it closed after all, only a wait of so many seconds is worth a word. */
const LONG = 10

/** Null: neither end waits, or not long enough for a word. */
export function leaked(flow: Flow, seen: Seen): Finding<'close-wait'> | null {
  for (const side of ['server', 'client'] as const) {
    const found = on(flow, side, seen)
    if (found !== null) return found
  }
  return null
}

function on(flow: Flow, side: Side, seen: Seen): Finding<'close-wait'> | null {
  const index = flow.spans[side].findIndex(({ state }) => state === 'CLOSE_WAIT')
  const span = flow.spans[side][index]
  if (span === undefined) return null
  const next = flow.spans[side][index + 1]
  const fin = finOf(flow, opposite(side))
  const begin = span.from ?? flow.startAt
  const end = next === undefined ? watchedUntil(flow, seen) : (next.from ?? watchedUntil(flow, seen))
  // While it still sends data it uses the half that is left to it, and its application is at work: what counts is how
  // long it did nothing, before its data, between them or after the last.
  const own = realRows(flow).filter((row) => row.from === side && row.len > 0 && row.at > begin)
  const { textBefore } = lookAt(flow).left
  let [seconds, since] = [0, begin]
  for (const row of own) {
    const at = Math.min(row.at, end)
    if (!textBefore.has(row)) seconds = Math.max(seconds, at - since)
    since = at
  }
  seconds = Math.max(seconds, end - since)
  // Pauses of a half-close in use are no leak.
  const idle = own.length > 1 ? end - since : seconds
  const last = realRows(flow).findLast((row) => row.from === side && row.at >= begin)
  const ended = next === undefined ? 'still' : last !== undefined && has(last, 'F') ? 'closed' : 'reset'
  if (ended === 'closed' && seconds < LONG) return null
  // Reset before its application could do anything: that is told by the reset.
  if (ended === 'reset' && seconds < PATIENCE) return null
  return about(flow, side, span.certainty, [fin ?? span, own.at(-1)], {
    id: 'close-wait',
    severity: idle >= LEAK ? 'warning' : 'note',
    args: held(flow, side, { seconds, ended }),
    causes:
      ended === 'still' && seconds < PATIENCE
        ? // Too soon to look for one.
          []
        : // Who goes on sending is at work; who writes once and late had not noticed.
          own.length > 1
          ? [
              { code: 'busy-application', likelihood: 'likely' },
              { code: 'forgotten-close', likelihood: 'possible' },
              { code: 'intended-half-close', likelihood: 'possible' },
            ]
          : [
              { code: 'forgotten-close', likelihood: idle >= LEAK ? 'likely' : 'possible' },
              { code: 'busy-application', likelihood: 'possible' },
              { code: 'intended-half-close', likelihood: 'possible' },
            ],
  })
}

/** So many at once that wait so shortly are everyday closing, cut off by the end of the capture. */
const EVERYDAY = 4

const each = eachFlow(
  'close-wait',
  leaked,
  ({ ended, seconds }, { severity }) => `${severity} ${ended} ${seconds < PATIENCE}`,
)

export const rule: Rule = {
  id: 'close-wait',
  severity: 'warning',
  ...inSteps({
    look: each.look,
    gather: (all) =>
      each
        .gather(all)
        .filter(
          (found) =>
            found.id !== 'close-wait' || found.flows.length < EVERYDAY || found.args.seconds >= PATIENCE,
        ),
  }),
  explains: ['capture-partial'],
}
