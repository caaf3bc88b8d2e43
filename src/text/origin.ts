/**
 * Rules that do not follow the section that they stand in: what they follow instead.
 *
 * In: a rule's id. Out: whose behaviour it is, and whether the section wants something else or only does not say it. The
 * rows of `rfc9293/` name the same sources, with the place in them.
 */
import type { RuleId } from '../rfc9293/machine.js'

export type Origin =
  /** The section wants something else (`departs`), or does not say it. */
  | { readonly by: string; readonly departs: boolean }
  /** The section says it, but of another step, which is the one of that rule. */
  | { readonly as: RuleId }

const LINUX: Origin = { by: 'Linux', departs: true }
const rfc = (place: string): Origin => ({ by: `RFC ${place}`, departs: false })

export const ORIGINS: Readonly<Partial<Record<RuleId, Origin>>> = {
  '3.9.2.2/hard/ignored': LINUX,
  '3.9.2.2/soft/opening': LINUX,
  '3.10.2/opening': rfc('7413 3'),
  '3.10.5/reset/time-wait': rfc('9293 3.5.2'),
  '3.10.7.2/3-syn/fin': LINUX,
  '3.10.7.2/3-syn/fast-open': rfc('7413 3'),
  '3.10.7.4/1-sequence/fin-beyond-window': LINUX,
  '3.10.7.4/1-sequence/old-but-adjacent': LINUX,
  '3.10.7.4/1-sequence/paws': rfc('7323 5.3'),
  '3.10.7.4/1-sequence/reset-at-fin': LINUX,
  '3.10.7.4/1-sequence/right-edge': LINUX,
  '3.10.7.4/1-sequence/syn-received/old-syn': LINUX,
  '3.10.7.4/1-sequence/syn-received/syn-ack': rfc('9293 3.5'),
  '3.10.7.4/1-sequence/time-wait/fin-again': { as: '3.10.7.4/8-fin/time-wait' },
  '3.10.7.4/1-sequence/time-wait/new-syn': rfc('9293 3.6.1 MAY-2'),
  '3.10.7.4/1-sequence/time-wait/new-syn-timestamp': rfc('9293 3.6.1 SHLD-4'),
  '3.10.7.4/1-sequence/time-wait/unacceptable': LINUX,
  '3.10.7.4/2-reset/held-end': LINUX,
  '3.10.7.4/2-reset/syn-received/in-window': LINUX,
  '3.10.7.4/2-reset/time-wait/ignored': { by: 'RFC 1337 3', departs: true },
  '3.10.7.4/2-reset/time-wait/inexact': LINUX,
  '3.10.7.4/4-syn/syn-received/passive/reset': LINUX,
  '3.10.7.4/5-ack/future/silent': LINUX,
  '3.10.7.4/7-text/orphan': rfc('9293 3.6.1 SHLD-3'),
}

export const originOf = (rule: string): Origin | undefined =>
  Object.hasOwn(ORIGINS, rule) ? ORIGINS[rule as RuleId] : undefined
