/** Damage of a capture, in a sentence. In: a capture of a report, a language. Out: one line with the file's name and the byte. */
import { fileFault } from '../faults.js'
import type { CaptureInfo } from '../report.js'
import type { Language } from './table.js'

/** `damage`: the line in English, for reports that tell no more. */
export const describeDamage = (
  { file, fault }: CaptureInfo,
  damage: string,
  { faults }: Language,
): string => {
  if (fault !== undefined) return fileFault(faults, file, fault)
  return damage.startsWith(file) ? damage : `${file}: ${damage}`
}
