/** A note turned into words. In: a note, a table of sentences. Out: the sentence, safe to print. */
import type { Note, NoteCode } from '../notes.js'
import { safe } from './safe.js'
import type { NoteSentences, Voice } from './table.js'

type Sentence = (args: Note, voice: Voice) => string

/** '' for a code the table does not know: a report of a newer version. */
export const say = (table: NoteSentences, note: Note, voice: Voice): string => {
  // A note is the union of code and its own arguments, so the sentence of its code takes it; TypeScript can't follow that.
  const sentence = (table as Partial<Readonly<Record<NoteCode, unknown>>>)[note.code] as Sentence | undefined
  return sentence === undefined ? '' : safe(sentence(note, voice))
}
