/** English, all tables. */
import { ENGLISH_FAULTS } from '../../faults-english.js'
import type { Language } from '../table.js'
import { advice, adviceByCause } from './advice.js'
import { causes } from './causes.js'
import { findingElse, findings } from './findings.js'
import { notes } from './notes.js'
import { row } from './row.js'
import { rules } from './rules.js'
import { short } from './short.js'
import { capture, ladder, list, problems, sockets } from './views.js'
import { words } from './words.js'

export const en: Language = {
  code: 'en',
  sentenceGap: ' ',
  clauseGap: '; ',
  colon: ': ',
  aside: (text) => ` (${text})`,
  ...words,
  notes,
  short,
  rules,
  findings,
  findingElse,
  causes,
  advice,
  adviceByCause,
  row,
  ladder,
  list,
  sockets,
  capture,
  faults: ENGLISH_FAULTS,
  problems,
}
