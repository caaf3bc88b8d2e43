/**
 * SYNs without an answer that their sender takes.
 *
 * A firewall's silence, a full accept queue and a dead host look alike on the wire; what else the server's host says
 * in the capture, and where it was taken, ranks them. Linux drops a SYN for a listener whose accept queue is full.
 */
import type { CauseOf } from '../findings.js'
import { type Finding, type Flow, type Likelihood, watchedUntil } from '../report.js'
import { isReset, isSyn, isSynAck } from './evidence.js'
import { lookAt } from './look.js'
import { hostIsThere, othersGotThrough } from './neighbours.js'
import { about, attempt, inEachFlow, type Rule, type Seen } from './rule.js'

/** A first SYN is sent again after 1 s (RFC 6298 section 2.1): before that nothing is late. */
const LATE = 0.9
/** One that did not come again by then: something else than the usual waiting. */
const ALONE = 1.2

/** Kernels give up after a minute or more (RFC 9293 section 3.8.3 asks for 3 minutes); applications earlier. */
const KERNEL = 60

function unanswered(flow: Flow, seen: Seen): Finding<'connect-timeout'> | null {
  const { rows, syns: all, resets } = lookAt(flow)
  const syns = all.filter((row) => row.from === 'client' && isSyn(row))
  const [first] = syns
  const last = syns.at(-1)
  if (first === undefined || last === undefined) return null
  if (rows.some((row) => row.from === 'client' && !isSyn(row) && !isReset(row))) return null
  if (resets.some((row) => row.from === 'server') || flow.icmp.some(({ to }) => to === 'client')) return null
  // A RST at once ends a look whether somebody is there; one that comes late, an attempt given up.
  const [abandoned] = resets
  if (abandoned !== undefined && abandoned.at - first.at < LATE) return null
  // Its calls say as well what it would get later.
  const timedOut = flow.verdict === 'timed-out' && flow.calls.some(({ errno }) => errno === 'ETIMEDOUT')
  const end = watchedUntil(flow, seen)
  if (syns.length < 2 && end - first.at < ALONE) return null
  const answers = all.filter(isSynAck)
  const [answer] = answers
  const answered = answer !== undefined
  // One SYN, one answer: there may be no client behind this address, or the capture ends too soon.
  if (answered && syns.length < 2 && answers.length < 2) return null
  const gap = syns.length > 1 ? last.at - (syns.at(-2)?.at ?? last.at) : 1
  const stopped = timedOut || end - last.at > 2.2 * Math.max(1, gap) + 0.5
  const gaveUp =
    abandoned !== undefined
      ? 'application'
      : !stopped
        ? 'not-yet'
        : timedOut || last.at - first.at >= KERNEL
          ? 'kernel'
          : 'application'
  // After the last SYN of one who has stopped the capture may go on for hours.
  const until = abandoned?.at ?? (stopped && syns.length > 1 ? last.at : end)
  const tried = until - first.at
  return about(flow, 'client', stopped ? 'implied' : 'seen', [...syns, answer], {
    id: 'connect-timeout',
    severity: syns.length > 1 ? 'problem' : 'warning',
    args: attempt(flow, { syns: syns.length, seconds: tried, gaveUp, answered }),
    causes: ranked(flow, seen, answered, gaveUp === 'application'),
  })
}

type Cause = { readonly code: CauseOf<'connect-timeout'>; readonly likelihood: Likelihood }
const likely = (code: Cause['code']): Cause => ({ code, likelihood: 'likely' })
const possible = (code: Cause['code']): Cause => ({ code, likelihood: 'possible' })

function ranked(flow: Flow, seen: Seen, answered: boolean, impatient: boolean): readonly Cause[] {
  const early = impatient ? [possible('impatient-application')] : []
  if (answered)
    return [likely('lost-answer'), possible('dropping-firewall'), possible('impatient-application')]
  if (othersGotThrough(flow, seen))
    return [likely('full-accept-queue'), possible('dropping-firewall'), ...early]
  if (flow.capturedNear.where === 'server')
    return [likely('dropping-firewall'), possible('full-accept-queue'), ...early]
  if (hostIsThere(flow, seen)) return [likely('dropping-firewall'), possible('full-accept-queue'), ...early]
  return [likely('dropping-firewall'), possible('absent-host'), possible('wrong-address'), ...early]
}

export const rule: Rule = {
  id: 'connect-timeout',
  severity: 'problem',
  explains: ['capture-partial'],
  ...inEachFlow('connect-timeout', unanswered, ({ answered }, { severity }) => `${severity} ${answered}`),
}
