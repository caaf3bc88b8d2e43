/** A note turned into words. In: a note, a table of sentences. Out: the sentence, safe to print. */
import { type Note, type NoteCode, PACKET_ARGUMENTS } from '../notes.js'
import { safe } from './safe.js'
import type { NoteSentences, Numbered, Voice } from './table.js'

type Told = Record<string, unknown>
type Sentence = (args: Note | Told, voice: Voice) => string

/** '' for a code the table does not know: a report of a newer version. */
export const say = (table: NoteSentences, note: Note, voice: Voice): string => {
  // A note is the union of code and its own arguments, so the sentence of its code takes it; TypeScript can't follow that.
  const sentence = (table as Partial<Readonly<Record<NoteCode, unknown>>>)[note.code] as Sentence | undefined
  return sentence === undefined ? '' : safe(sentence(elsewhere(note, voice), voice))
}

/** With the names of other captures beside the packets that are in these. */
const elsewhere = (note: Note, { packet }: Voice): Note | Told => {
  if (packet === undefined) return note
  const given: Told = note
  const named: Record<string, Numbered> = {}
  for (const argument of PACKET_ARGUMENTS) {
    const [frame, capture] = [given[argument], given[`${argument}Capture`]]
    if (typeof frame === 'number' && typeof capture === 'number') named[argument] = packet(frame, capture)
  }
  return { ...note, ...named }
}
