/** English: the sentences of a packet row. */
import type { RowWords } from '../table.js'
import { bytes, side, The } from './phrases.js'

export const row: RowWords = {
  sends: (from, flags, len) =>
    len === 0
      ? `${The(from)} sends ${flags}.`
      : `${The(from)} sends ${bytes(len)}${flags === '' ? '' : ` (${flags})`}.`,
  changes: (who, was, state, why) =>
    `${The(who)} goes from ${was} to ${state}${why === '' ? '' : `: ${why}`}.`,
  stays: (who, state, why) => `${The(who)} stays ${state}: ${why}.`,
  rule: (clause, section) => (section === '' ? clause : `${clause} (${section})`),
  insteadOf: (by, section) => `${by}, not ${section}`,
  step: (section, number) => `${section} step ${number}`,
  hindsight: (who, truth, instead, packet) =>
    `In hindsight ${side(who)} is ${truth} here, not ${instead}: #${packet} proves it.`,
  hindsightShort: (who, truth, packet) => `in hindsight ${side(who)} is ${truth}: see #${packet}`,
  taken: (who, packet) => `#${packet} shows that ${side(who)} took it.`,
  notTaken: (who, packet) => `${The(who)} never took it${packet === null ? '' : `: #${packet} shows it`}.`,
  notTakenShort: (packet) => `never taken${packet === null ? '' : `: see #${packet}`}`,
  numberedIn: (packet, file) => `${packet} of ${file}`,
  assumed: (who) => `The state of ${side(who)} is the likeliest; the capture cannot tell.`,
  icmpShort: (router) => `from ${router}`,
  icmp: (router, to, name) => `${router} tells ${side(to)} by ICMP: ${name}.`,
  cause: (likelihood, cause) => `${likelihood}: ${cause}.`,
}
