/**
 * What happened at one packet, in words: what was sent, which rules fired at each end, what a later packet revealed.
 *
 * In: a row of a report. Out: `text` of the JSON and of `--why`, and the few words the ladder has room for.
 */
import {
  type AnyRule,
  type EndState,
  type IcmpRow,
  type Note,
  type PacketRow,
  SIDES,
  type Side,
  type State,
} from '../report.js'
import { flagNames } from './amount.js'
import { numbered } from './capture-names.js'
import { say } from './note.js'
import { citation, isRoutine } from './rule.js'
import type { Language, Numbered, Voice } from './table.js'

type Spell = (state: State) => string
const asIs: Spell = (state) => state

export const otherSide = (side: Side): Side => (side === 'client' ? 'server' : 'client')

/** Why: every rule that fired, with its section; '' when none did. */
export const describeRules = (rules: readonly AnyRule[], language: Language): string =>
  rules
    .map((rule) => language.row.rule(language.rules[rule] ?? rule, citation(rule, language)))
    .join(language.clauseGap)

const voiceOf = ({ from }: Pick<PacketRow, 'from'>, language: Language, state: Spell): Voice =>
  language.captureNames === undefined
    ? { from, state }
    : { from, state, packet: (packet, capture) => numbered(language, packet, capture) }

const provedBy = ({ receivedBy, receivedByCapture }: PacketRow, language: Language): Numbered | null =>
  receivedBy === null ? null : numbered(language, receivedBy, receivedByCapture)

const revealedBy = ({ packet, capture }: NonNullable<EndState['hindsight']>, language: Language): Numbered =>
  numbered(language, packet, capture)

/** The whole story of one row, in sentences. `spell` writes the states otherwise than the RFC. Never throws. */
export const describeRow = (row: PacketRow, language: Language, spell: Spell = asIs): string => {
  const sent = language.row.sends(row.from, flagNames(row.flags), row.len)
  const story = explainRow(row, language, spell)
  return story === '' ? sent : sent + language.sentenceGap + story
}

/** The same without what was sent, which a ladder shows; '' for a segment of which nothing is to be said. */
export const explainRow = (row: PacketRow, language: Language, spell: Spell = asIs): string => {
  const words = language.row
  const receiver = otherSide(row.from)
  const voice = voiceOf(row, language, spell)
  // What had changed before comes first; a change that is told so is not told again.
  const hidden = row.notes.filter(({ code }) => code === 'hidden-change')
  const sentences = hidden.map((note) => say(language.notes, note, voice))
  // The sender moved first, so it is told first.
  for (const side of [row.from, receiver]) {
    const end = row[side]
    const isHidden = hidden.some((note) => tellsChange(note, side, end))
    const why = describeRules(
      end.rules.filter((rule) => !isRoutine(rule) && !(isHidden && rule.startsWith('infer/'))),
      language,
    )
    if (end.state !== end.was && !isHidden)
      sentences.push(words.changes(side, spell(end.was), spell(end.state), why))
    else if (why !== '') sentences.push(words.stays(side, spell(end.state), why))
  }
  for (const note of row.notes)
    if (note.code !== 'hidden-change') sentences.push(say(language.notes, note, voice))
  if (row.received === false && !explainsLoss(row) && !saysNotTaken(row))
    sentences.push(words.notTaken(receiver, provedBy(row, language)))
  if (row.received === true && row.receivedBy !== null && movedBy(row, receiver))
    sentences.push(words.taken(receiver, numbered(language, row.receivedBy, row.receivedByCapture)))
  for (const side of SIDES) {
    const { hindsight, state } = row[side]
    if (hindsight !== undefined)
      sentences.push(
        words.hindsight(side, spell(state), spell(hindsight.instead), revealedBy(hindsight, language)),
      )
    if (row[side].certainty === 'assumed') sentences.push(words.assumed(side))
  }
  return sentences.filter((sentence) => sentence !== '').join(language.sentenceGap)
}

const tellsChange = (note: Note, side: Side, { was, state }: EndState): boolean =>
  note.code === 'hidden-change' && note.side === side && note.from === was && note.to === state

/** A few words where something happened, else ''. `before`: the row above, whose hindsight need not be said again. */
export const shortRow = (
  row: PacketRow,
  before: PacketRow | undefined,
  language: Language,
  spell: Spell = asIs,
): string => {
  const voice = voiceOf(row, language, spell)
  const clauses = row.notes
    .filter((note) => note.code !== 'hidden-change' && !(note.code === 'zero-window' && answersProbe(row)))
    .map((note) => say(language.short, note, voice))
  if (row.received === false && !explainsLoss(row) && !saysNotTaken(row))
    clauses.push(language.row.notTakenShort(provedBy(row, language)))
  for (const side of SIDES) {
    const now = row[side]
    if (
      now.hindsight !== undefined &&
      !sameHindsight(now, before?.[side]) &&
      !shows(row, now.hindsight.packet)
    )
      clauses.push(language.row.hindsightShort(side, spell(now.state), revealedBy(now.hindsight, language)))
  }
  return [...new Set(clauses)].filter((clause) => clause !== '').join(language.clauseGap)
}

/** An ICMP error in words, as in the ladder and in `--why`. */
export const describeIcmp = (row: IcmpRow, language: Language, spell: Spell = asIs): string =>
  row.notes.length === 0
    ? language.row.icmp(row.router, row.to, row.name)
    : row.notes
        .map((note) => say(language.notes, note, { from: row.to, state: spell }))
        .join(language.sentenceGap)

/** Of data that nobody reads the rule tells all: its TCP took it, to answer with a RST. */
const movedBy = (row: PacketRow, receiver: Side): boolean =>
  row[receiver].state !== row[receiver].was && !row.notes.some(({ code }) => code === 'data-after-close')

const explainsLoss = (row: PacketRow): boolean =>
  row.notes.some(({ code }) => code === 'not-received' || code === 'thrown-away')

/** "Still shut" says that it is shut. */
const answersProbe = (row: PacketRow): boolean =>
  row.notes.some(({ code }) => code === 'zero-window-probe-ack')

/** A RST that was not taken says so itself, and what was refused is told by the rule that refused it. */
const saysNotTaken = (row: PacketRow): boolean =>
  isRefused(row) ||
  (row.receivedBy === null && row.notes.some((note) => note.code === 'reset' && note.taken === false))

/** It came: its receiver's TCP dropped it by a rule of its own. What was lost meets no rule. */
export const isRefused = (row: PacketRow): boolean =>
  row.received === false && row[otherSide(row.from)].rules.length > 0

/** A note of this row already points at the packet that changed the view of it. */
const shows = (row: PacketRow, packet: number): boolean =>
  (row.received === false && row.receivedBy === packet) ||
  row.notes.some((note) => 'shownBy' in note && note.shownBy === packet)

const sameHindsight = (now: EndState, before: EndState | undefined): boolean =>
  before?.hindsight?.packet === now.hindsight?.packet && before?.state === now.state
