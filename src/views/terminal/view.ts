/** What every part of the terminal's drawing is told. In: the command line's wishes. Out: the type. */
import type { State } from '../../report.js'
import type { Language } from '../../text/table.js'
import type { Clock } from './clock.js'
import type { Look } from './look.js'
import type { Numbers } from './segment.js'

export interface View extends Numbers {
  readonly language: Language
  readonly spell: (state: State) => string
  readonly look: Look
  readonly clock: Clock
  /** Draw every packet and list every flow. */
  readonly all: boolean
  /** Under each packet the whole story with its rules. */
  readonly why: boolean
}
