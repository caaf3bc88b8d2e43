/**
 * Where bytes come from, whatever is behind them.
 *
 * In: an open file, or chunks that arrive one by one. Out: one way to pull the next bytes into a buffer.
 * Pulling keeps files synchronous (no promise a block) and pipes prompt (every chunk is handed on at once).
 */
import { readSync } from 'node:fs'

export interface ByteSource {
  /**
   * Puts at most `length` bytes into `into` from `at` on and says how many; 0 means the end.
   * A file answers at once, anything else may answer with a promise.
   */
  read(into: Uint8Array, at: number, length: number): number | Promise<number>
  /** Frees what is behind it. May be called more than once. */
  close(): void | Promise<void>
}

/** A regular file or block device, from its current position. `close` is told when nobody needs it any more. */
export function fileSource(descriptor: number, close: () => void): ByteSource {
  return {
    read: (into, at, length) => readSync(descriptor, into, at, length, null),
    close,
  }
}

/** The same from octet `from` on. The descriptor's own position stays, so that others can read from there again. */
export function fileSourceFrom(descriptor: number, from: number): ByteSource {
  let position = from
  return {
    read: (into, at, length) => {
      const count = readSync(descriptor, into, at, length, position)
      position += count
      return count
    },
    close: () => {},
  }
}

/** Of a `Readable` what is needed: its own type would make whoever uses the library in TypeScript install Node's types. */
interface ChunkStream extends AsyncIterable<Uint8Array> {
  destroy(): void
}

/**
 * A stream of the system's. Closing it destroys it: an iterator alone can't be left while its next chunk is awaited,
 * and a pipe that is still read keeps the process from ending.
 */
export function streamSource(stream: ChunkStream): ByteSource {
  const source = chunkSource(stream)
  return {
    read: source.read,
    close: () => {
      stream.destroy()
    },
  }
}

/** Ends when `signal` is aborted: who waits for a silent pipe must not wait for its next byte. */
export function untilAborted(source: ByteSource, signal: AbortSignal): ByteSource {
  return {
    read(into, at, length) {
      if (signal.aborted) return 0
      const answer = source.read(into, at, length)
      if (typeof answer === 'number') return answer
      return new Promise((resolve, reject) => {
        const stop = (): void => resolve(0)
        signal.addEventListener('abort', stop, { once: true })
        answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
      })
    },
    close() {
      const closed = source.close()
      // An iterator can't be left while its next chunk is awaited.
      if (!signal.aborted) return closed
      Promise.resolve(closed).catch(() => {})
    },
  }
}

/** Counts what is read. */
export function counted(source: ByteSource, count: (bytes: number) => void): ByteSource {
  const told = (bytes: number): number => {
    count(bytes)
    return bytes
  }
  return {
    read(into, at, length) {
      const answer = source.read(into, at, length)
      return typeof answer === 'number' ? told(answer) : answer.then(told)
    },
    close: () => source.close(),
  }
}

/** Chunks as they come from a pipe or a decompressor. */
export function chunkSource(chunks: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = chunks[Symbol.asyncIterator]()
  let chunk = new Uint8Array(0)
  let ended = false
  const take = (into: Uint8Array, at: number, length: number): number => {
    const count = Math.min(length, chunk.length)
    into.set(chunk.subarray(0, count), at)
    chunk = chunk.subarray(count)
    return count
  }
  const pull = async (into: Uint8Array, at: number, length: number): Promise<number> => {
    // Empty chunks are passed over: 0 would mean the end.
    while (chunk.length === 0 && !ended) {
      const next = await iterator.next()
      if (next.done === true) ended = true
      else chunk = toBytes(next.value)
    }
    return take(into, at, length)
  }
  return {
    read: (into, at, length) => (chunk.length > 0 ? take(into, at, length) : pull(into, at, length)),
    async close() {
      if (ended) return
      ended = true
      await iterator.return?.()
    },
  }
}

/** A stream that was given an encoding hands out strings, whatever its type says. */
function toBytes(chunk: unknown): Uint8Array<ArrayBuffer> {
  if (chunk instanceof Uint8Array) return chunk as Uint8Array<ArrayBuffer>
  throw new TypeError('capture chunks must be Uint8Array')
}

/** The other direction, for decompressors: blocks of a source as fresh chunks. */
export async function* chunksOf(source: ByteSource, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = new Uint8Array(size)
    const count = await source.read(chunk, 0, size)
    if (count === 0) return
    yield chunk.subarray(0, count)
  }
}

/** The source's first bytes, at most `want`, less only at its end, and a source that begins with them again. */
export async function peek(
  source: ByteSource,
  enough: (head: Uint8Array) => boolean,
  want: number,
): Promise<{ head: Uint8Array; whole: ByteSource }> {
  const buffer = new Uint8Array(want)
  let held = 0
  while (held < want && !enough(buffer.subarray(0, held))) {
    const count = await source.read(buffer, held, want - held)
    if (count === 0) break
    held += count
  }
  const head = buffer.subarray(0, held)
  return { head, whole: prefixed(head, source) }
}

/** `head` first, then the rest of the source. */
function prefixed(head: Uint8Array, source: ByteSource): ByteSource {
  let given = 0
  return {
    read(into, at, length) {
      if (given === head.length) return source.read(into, at, length)
      const count = Math.min(length, head.length - given)
      into.set(head.subarray(given, given + count), at)
      given += count
      return count
    },
    close: () => source.close(),
  }
}
