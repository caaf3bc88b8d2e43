/**
 * What is said of files in a folder that were not read.
 *
 * In: why each was passed over. Out: lines for stderr. What never was a capture is summed up in one: a folder has its notes
 * and scripts; one that might have been a capture is named with its reason.
 */
import type { CaptureError } from '../capture/record.js'
import { fileFault } from '../faults.js'
import type { RunningWords } from '../text/running.js'
import { safe } from '../text/safe.js'
import type { Language } from '../text/table.js'

const NO_CAPTURE: ReadonlySet<string> = new Set(['not-a-capture', 'empty'])

/** So many are named. */
const NAMED = 2

export const passedOverLines = (
  passedOver: readonly CaptureError[],
  words: RunningWords,
  { faults }: Language,
): string[] => {
  const others = passedOver.filter(({ code }) => NO_CAPTURE.has(code))
  const summed = others.length > 1 ? others : []
  const names = summed.slice(0, NAMED).map(({ file }) => safe(file))
  return [
    ...passedOver
      .filter((each) => !summed.includes(each))
      .map(({ file, fault }) => words.passedOver(safe(fileFault(faults, file, fault)))),
    ...(summed.length > 0 ? [words.noCaptures(summed.length, names)] : []),
  ]
}
