/** `--load-state`, `--save-state`. In: a file's name. Out: what an earlier run left; the file, whole or as it was. */
import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import type { Carried } from '../carry/carried.js'
import { readState, STATE_MAGIC, STATE_VERSION, StateError, stateLines } from '../carry/lines.js'
import type { RunningWords } from '../text/running.js'
import { safe } from '../text/safe.js'
import type { Language } from '../text/table.js'
import { loadWritten } from '../text/written.js'
import { checkPlace, NewFile, type NewFileOptions } from './new-file.js'
import { Problem } from './problem.js'
import { reasonOf } from './sysctl.js'

export const loadState = async (file: string, words: RunningWords, language: Language): Promise<Carried> => {
  try {
    return await readState(linesOf(createReadStream(file)))
  } catch (error) {
    const name = safe(file)
    if (!(error instanceof StateError))
      throw new Problem(language.problems.cannotRead(name, reasonOf(error, language.problems)))
    const { notState, otherVersion, damaged } = words.state
    if (error.code === 'other-version') throw new Problem(otherVersion(name, error.version, STATE_VERSION))
    throw new Problem(error.code === 'damaged' ? damaged(name) : notState(name))
  }
}

/** Characters: no line of a state is longer, and a device has no lines at all. */
const LONGEST = 1 << 26

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
    if (rest.length > LONGEST) throw new StateError('not-a-state')
  }
  if (rest !== '') yield rest
}

/** Where a state may be written: where nothing is, or a state, which the next one replaces. */
export const placeForState = async (
  file: string,
  captures: readonly string[],
  words: RunningWords,
  language: Language,
): Promise<NewFileOptions> => {
  const { problems } = await loadWritten(language.code)
  const place = {
    force: isState(file),
    inputs: captures,
    words: { ...problems, exists: words.state.occupied },
  }
  checkPlace(file, place)
  return place
}

export const saveState = (file: string, left: Carried, place: NewFileOptions): void => {
  const made = new NewFile(file, place)
  const encoder = new TextEncoder()
  try {
    for (const line of stateLines(left)) made.write(encoder.encode(`${line}\n`))
    made.keep()
  } finally {
    made.discard()
  }
}

const isState = (file: string): boolean => {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const start = Buffer.alloc(STATE_MAGIC.length)
      return readSync(descriptor, start) === start.length && start.toString('latin1') === STATE_MAGIC
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return false
  }
}
