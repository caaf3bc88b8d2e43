/**
 * Whether a run may hold more than V8's own limit of memory bears.
 *
 * In: captures, whether all of their packets will be held. Out: yes or no. It is asked of every run, and mostly the
 * answer is no: what is done about a yes (`memory.ts`) needs modules of Node's that take longer to load than this.
 */
import { statSync } from 'node:fs'

/** From so many bytes on the packets of all connections may take more than that limit: some 3 kB each. */
const ALL = 64 << 20
/** The same where only the packets of odd connections are held; compressed captures hold some eight times their size. */
const ODD = 1 << 30
const COMPRESSED = 8

/** `holdsAll` is asked only where it matters. */
export const mayHoldTooMuch = async (
  captures: readonly string[],
  holdsAll: () => Promise<boolean>,
): Promise<boolean> => {
  const size = captures.reduce((sum, file) => sum + sizeOf(file), 0)
  return size >= ODD || (size >= ALL && (await holdsAll()))
}

const sizeOf = (file: string): number => {
  const stats = file === '-' ? undefined : statSync(file, { throwIfNoEntry: false })
  if (stats?.isFile() !== true) return 0
  return /\.(gz|zst|lz4)$/i.test(file) ? COMPRESSED * stats.size : stats.size
}
