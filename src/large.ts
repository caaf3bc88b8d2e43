/**
 * Which captures are worth a survey first: large files that can be read more than once.
 *
 * In: names of captures, what else is asked. Out: the files, or null.
 */
import { statSync } from 'node:fs'
import type { AnalyzeOptions } from './analyze.js'

/** Smaller files are replayed in full: it takes less than to read them twice. Bytes. */
const SMALL = 256 * 1024

/** The files, when they can be read twice and nothing is asked that needs every packet of all connections; else null. */
export function largeFiles(
  captures: readonly string[],
  { sysctl, carried, leave }: Pick<AnalyzeOptions, 'sysctl' | 'carried' | 'leave'>,
  small = SMALL,
): readonly string[] | null {
  const apart = sysctl ?? carried ?? leave
  if (apart !== undefined) return null
  const sizes = captures.map(sizeOf)
  return sizes.every((size) => size !== null) && sizes.reduce((sum, size) => sum + size, 0) >= small
    ? captures
    : null
}

/** Bytes; null for what can be read only once. */
function sizeOf(file: string): number | null {
  if (file === '-') return null
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats?.isFile() === true ? stats.size : null
}
