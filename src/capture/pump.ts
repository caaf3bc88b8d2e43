/**
 * Moves bytes from a source through one reused buffer into a reader.
 *
 * In: a source and a reader. Out: nothing; the reader speaks to the sink. What a reader leaves (the first part
 * of a record) is moved to the front and the next bytes are put behind it.
 */
import { setImmediate } from 'node:timers/promises'
import type { ByteSource } from './source.js'

/** Bytes of the capture that a reader may look at: `bytes[start, end)`. */
export interface Block {
  bytes: Uint8Array
  view: DataView
  start: number
  end: number
  /** Offset in the file of `bytes[0]`; negative while the buffer's first octets are unused. */
  origin: number
  /** Nothing follows. */
  last: boolean
}

/** Finds records in blocks. */
export interface RecordReader {
  /**
   * Takes what it can and returns the index of the first byte it has not taken. It will see that byte again, with
   * more behind it. A reader never leaves more than a bounded number of bytes, whatever the file claims.
   */
  read(block: Block): number
  /** True when reading on is pointless; the damage has been told. */
  readonly stopped: boolean
}

/** What else happens while a capture is read. */
export interface Attention {
  /** Ends the reading as if the capture ended between two records. */
  readonly signal?: AbortSignal
  /** After so many blocks of a mebibyte signals and timers get their turn. Default 16; less where a packet takes long. */
  readonly blocksATurn?: number
  /**
   * All that has come so far was handed on and more must be waited for: through a pipe, after every chunk. `idle`:
   * nothing came for a moment. It is never called while it runs, and the next record waits for it.
   */
  readonly waiting?: (idle: boolean) => void | Promise<void>
}

/** Reading at the buffer's very start is several times slower on some machines (`rep movsb`), so it starts here. */
const FRONT = 64
/** Fits the second-level cache and is long enough for the system calls not to count. */
const BLOCK = 1024 * 1024
/** Milliseconds of silence after which a source counts as idle. */
const IDLE = 20
const BLOCKS_A_TURN = 16

/**
 * Reads a source to its end, or until the reader stops or `signal` is aborted. When the source fails, `failed` is told the error and the
 * offset, and then the reader that nothing follows. What the reader or its sink throws passes through. Gives the number of bytes read.
 */
export async function pump(
  source: ByteSource,
  reader: RecordReader,
  failed: (error: unknown, byte: number) => void,
  attention: Attention = {},
): Promise<number> {
  const block = emptyBlock(FRONT + BLOCK)
  for (let blocks = 1; ; blocks++) {
    let count = 0
    try {
      const answer = source.read(block.bytes, block.end, block.bytes.length - block.end)
      count = typeof answer === 'number' ? answer : await whenThere(answer, attention)
    } catch (error) {
      if (error instanceof Failed) throw error.cause
      // What a decompressor says of an end that we made is no damage.
      if (!attention.signal?.aborted) failed(error, block.origin + block.end)
    }
    if (attention.signal?.aborted) return block.origin + block.end
    block.end += count
    block.last = count === 0
    block.start = reader.read(block)
    if (block.last || reader.stopped) return block.origin + block.end
    makeRoom(block)
    if (blocks % (attention.blocksATurn ?? BLOCKS_A_TURN) === 0) await setImmediate()
  }
}

/** What `waiting` threw: no failure of the source. */
class Failed extends Error {}

async function whenThere(answer: Promise<number>, { waiting }: Attention): Promise<number> {
  if (waiting !== undefined) {
    // Its error is told to the one who takes the answer below.
    const there = answer.then(
      () => true,
      () => true,
    )
    try {
      await waiting(false)
      if (!(await Promise.race([there, silence()]))) await waiting(true)
    } catch (error) {
      throw new Failed('', { cause: error })
    }
  }
  return answer
}

const silence = (): Promise<false> =>
  new Promise((resolve) => {
    setTimeout(resolve, IDLE, false)
  })

function emptyBlock(size: number): Block {
  const bytes = new Uint8Array(size)
  return { bytes, view: viewOf(bytes), start: FRONT, end: FRONT, origin: -FRONT, last: false }
}

/** Small chunks are appended while there is room: moving after each would make a long record quadratic. */
function makeRoom(block: Block): void {
  const free = block.bytes.length - block.end
  if (block.start < block.end && free > BLOCK / 2) return
  const held = block.end - block.start
  if (held > (block.bytes.length - FRONT) / 2) grow(block)
  else block.bytes.copyWithin(FRONT, block.start, block.end)
  block.origin += block.start - FRONT
  block.start = FRONT
  block.end = FRONT + held
}

/** Only ever after that many bytes have really arrived, so no length in a file can make it allocate. */
function grow(block: Block): void {
  const bytes = new Uint8Array(FRONT + 2 * (block.bytes.length - FRONT))
  bytes.set(block.bytes.subarray(block.start, block.end), FRONT)
  block.bytes = bytes
  block.view = viewOf(bytes)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
