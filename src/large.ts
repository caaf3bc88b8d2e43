/**
 * Which captures are worth a survey first: large files, which can be read more than once, and pipes, which can when they are kept.
 *
 * In: names of captures, what else is asked. Out: the files, or null; what is a pipe.
 */
import { statSync } from 'node:fs'
import type { AnalyzeOptions } from './analyze.js'
import type { Flow } from './report.js'

/** Smaller files are replayed in full: it takes less than to read them twice. Bytes. */
const SMALL = 256 * 1024

/** A single connection of more packets, with the ICMP errors about it, is told in the table: nobody could read it packet by packet. */
const DRAWN = 10_000

/** The only one of them, when it is drawn packet by packet. */
export const drawn = <F extends Pick<Flow, 'packets' | 'icmp'>>(
  flows: Iterable<F> & { readonly length: number },
): F | null => {
  if (flows.length !== 1) return null
  const [only] = flows
  return only !== undefined && only.packets + only.icmp.length <= DRAWN ? only : null
}

type Asked = Pick<AnalyzeOptions, 'sysctl' | 'carried' | 'leave'>

/** The files, when they can be read twice and nothing is asked that needs every packet of all connections; else null. */
export function largeFiles(
  captures: readonly string[],
  asked: Asked,
  small = SMALL,
): readonly string[] | null {
  if (needsAll(asked)) return null
  const sizes = captures.map(sizeOf)
  return sizes.every((size) => size !== null) && sizes.reduce((sum, size) => sum + size, 0) >= small
    ? captures
    : null
}

/** Every packet of all connections is needed. */
export const needsAll = ({ sysctl, carried, leave }: Asked): boolean =>
  (sysctl ?? carried ?? leave) !== undefined

/** It can be read but once. Standard input is, whatever is behind it; what is not there at all is none. */
export function isPipe(file: string): boolean {
  if (file === '-') return true
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats?.isFIFO() === true || stats?.isCharacterDevice() === true
}

/** Bytes; null for what can be read only once. */
function sizeOf(file: string): number | null {
  if (file === '-') return null
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats?.isFile() === true ? stats.size : null
}
