/**
 * Where another capture begins: frame numbers begin anew there.
 *
 * In: what is drawn of a flow, a language. Out: the name of the capture that begins with an event; nothing where there is but one.
 */
import { safe } from '../../text/safe.js'
import type { Language } from '../../text/table.js'
import type { LadderEvent } from './events.js'
import type { Fold } from './fold.js'

type Drawn = LadderEvent | Fold

export const captureMarks = (drawn: readonly Drawn[], { captureNames }: Language): Map<Drawn, string> => {
  const marks = new Map<Drawn, string>()
  let capture = -1
  for (const event of drawn) {
    const now = captureOf(event) ?? capture
    const name = captureNames?.[now]
    if (now !== capture && name !== undefined) marks.set(event, safe(name))
    capture = now
  }
  return marks
}

/** In which capture its frame number counts. */
const captureOf = (event: Drawn): number | undefined => {
  if (event.kind === 'fold') return event.events[0]?.row.capture
  return event.kind === 'silent' ? undefined : event.row.capture
}
