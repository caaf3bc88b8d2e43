/**
 * Which captures are worth a survey first: large files that can be read more than once.
 *
 * In: names of captures, what else is asked. Out: the file, or null.
 */
import { statSync } from 'node:fs'
import type { AnalyzeOptions } from './analyze.js'

/** Smaller files are replayed in full: it takes less than to read them twice. Bytes. */
const SMALL = 256 * 1024

/** The file, when that is all there is to read and nothing is asked that needs every packet of all connections; else null. */
export function largeFile(
  captures: readonly string[],
  { sysctl, carried, leave }: Pick<AnalyzeOptions, 'sysctl' | 'carried' | 'leave'>,
  small = SMALL,
): string | null {
  const [file] = captures
  const apart = sysctl ?? carried ?? leave
  return file === undefined || captures.length > 1 || apart !== undefined || !isLarge(file, small)
    ? null
    : file
}

function isLarge(file: string, small: number): boolean {
  if (file === '-') return false
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats?.isFile() === true && stats.size >= small
}
