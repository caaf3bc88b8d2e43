/** The words beside and below the ladder's lines. In: a flow's events, a view. Out: text, '' where nothing is to be said. */
import type { Flow, PacketRow } from '../../report.js'
import { say } from '../../text/note.js'
import { describeIcmp, describeRules, explainRow, shortRow } from '../../text/row.js'
import { safe } from '../../text/safe.js'
import type { LadderEvent, PacketEvent } from './events.js'
import type { View } from './view.js'

/** What words depend on. */
export type Speaker = Pick<View, 'language' | 'spell'>

/** One text per event. */
export const wordsBeside = (flow: Flow, events: readonly LadderEvent[], view: Speaker): string[] => {
  let above: PacketEvent['row'] | undefined
  return events.map((event) => {
    if (event.kind === 'icmp') return view.language.row.icmpShort(safe(event.row.router))
    if (event.kind === 'silent') return silentWords(event, flow, view)
    const words = shortRow(event.row, above, view.language, view.spell)
    above = event.row
    return words
  })
}

const withoutTold = ({ row, client, server }: PacketEvent): PacketRow => ({
  ...row,
  client,
  server,
  notes: row.notes.filter(
    (note) =>
      note.code !== 'hidden-change' ||
      // The line above is its: this one begins where it ended, or shows no change that the packet's own row has.
      (note.to !== row[note.side].was && { client, server }[note.side].was === row[note.side].was),
  ),
})

/** Why a state changed without a packet: the note that speaks of the same change knows best, else the rules. */
const silentWords = (event: Extract<LadderEvent, { kind: 'silent' }>, flow: Flow, view: Speaker): string => {
  const end = event[event.side]
  for (const row of flow.rows)
    for (const note of row.notes)
      if (
        note.code === 'hidden-change' &&
        note.side === event.side &&
        note.from === end.was &&
        note.to === end.state
      )
        return say(view.language.short, note, { from: row.from, state: view.spell })
  return view.language.ladder.silent(
    event.side,
    view.spell(end.was),
    view.spell(end.state),
    describeRules(end.rules, view.language),
  )
}

/** The whole story, for `--why`; without changes that lines above tell. */
export const whole = (event: LadderEvent, view: Speaker): string => {
  if (event.kind === 'packet') return explainRow(withoutTold(event), view.language, view.spell)
  return event.kind === 'icmp' ? describeIcmp(event.row, view.language, view.spell) : ''
}
