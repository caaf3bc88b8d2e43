/**
 * Which capture a frame number counts in, where several are read as one.
 *
 * In: a language, the files. Out: the language that knows their names; a number, with a name where one is needed.
 */
import { safe } from './safe.js'
import type { Language, Numbered } from './table.js'

/** The language for a report over these files, in the order of its captures. One file needs no name. */
export const inCaptures = (language: Language, files: readonly string[]): Language =>
  files.length < 2 ? language : { ...language, captureNames: namesOf(files) }

/** What stands behind `#`. `capture`: undefined where it goes without saying. */
export const numbered = (language: Language, packet: number, capture: number | undefined): Numbered => {
  const name = capture === undefined ? undefined : language.captureNames?.[capture]
  return name === undefined ? packet : language.row.numberedIn(packet, safe(name))
}

/** As they are shown: without their folders; where two are then alike, without the folder that all are in. */
export const namesOf = (files: readonly string[]): readonly string[] => {
  const names = files.map((file) => file.split(/[/\\]/).at(-1) ?? file)
  if (new Set(names).size === names.length) return names
  const shared = sharedFolder(files)
  return files.map((file) => file.slice(shared))
}

/** Length of the folder that all of them begin with, its last slash included. */
const sharedFolder = (files: readonly string[]): number => {
  const [first = ''] = files
  let shared = first.length
  for (const file of files) {
    let at = 0
    while (at < shared && file[at] === first[at]) at++
    shared = at
  }
  return Math.max(first.slice(0, shared).lastIndexOf('/'), first.slice(0, shared).lastIndexOf('\\')) + 1
}
