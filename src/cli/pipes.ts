/**
 * Captures that come through pipes, kept while they are read for the first time, so that they can be read again.
 *
 * In: names of captures. Out: how to open them, and how to tidy up. The first reading is that of the pipe itself, packet by
 * packet as they come; what it has read lies in memory, and beyond some megabytes in a file without a name. When there is no
 * room for more the capture ends there, and says so as one that is cut short does.
 */
import { type Opened, openCapture, openStandardInputAgain } from '../capture/open.js'
import { CaptureError } from '../capture/record.js'
import type { ByteSource } from '../capture/source.js'
import { isPipe } from '../large.js'
import { NoRoom, OctetSpool, type Room } from './octet-spool.js'

export interface Kept {
  readonly open: (file: string) => Opened
  readonly remove: () => void
}

/** Octets: below these no file is made. */
const IN_MEMORY = 8 << 20

/** `stdin`: what `-` reads instead of standard input. `room`: for tests. */
export const keepPipes = (stdin?: AsyncIterable<Uint8Array>, inMemory = IN_MEMORY, room: Room = {}): Kept => {
  const spools = new Map<string, OctetSpool>()
  return {
    open: (file) => {
      const kept = spools.get(file)
      if (kept !== undefined) return { source: kept.source(), pipe: false }
      const again = file === '-' && stdin === undefined ? openStandardInputAgain() : null
      if (again !== null) return again
      const opened = openCapture(file, stdin)
      if (!isPipe(file)) return opened
      const spool = new OctetSpool(inMemory, room)
      spools.set(file, spool)
      return { ...opened, source: keeping(opened.source, spool, file) }
    },
    remove: () => {
      for (const spool of spools.values()) spool.remove()
    },
  }
}

/** What is read is put into the spool before it is handed on. */
const keeping = (source: ByteSource, spool: OctetSpool, file: string): ByteSource => ({
  read: (into, at, length) => {
    const keep = (count: number): number => {
      try {
        spool.add(into.subarray(at, at + count))
        return count
      } catch (error) {
        if (error instanceof NoRoom) throw new CaptureError(file, error.fault, spool.length)
        throw error
      }
    }
    const answer = source.read(into, at, length)
    return typeof answer === 'number' ? keep(answer) : answer.then(keep)
  },
  close: () => source.close(),
})
