/**
 * What must hold for any capture: only `CaptureError` is thrown, and every view keeps its promises.
 *
 * In: a capture's bytes, whatever they are. Out: nothing, or the broken promise as an error.
 */
import { analyze, CaptureError } from '../dist/index.js'
import { choicesFor } from './numbers.mjs'
import { askedFor, VIEWS } from './views.mjs'

export async function* pipeOf(pieces) {
  yield* pieces
}

/** The report of a capture that comes through a pipe which pauses at `cut`, or null when there is none. */
export async function reportOf(bytes, cut = 0, options = {}) {
  const pieces = cut > 0 && cut < bytes.length ? [bytes.subarray(0, cut), bytes.subarray(cut)] : [bytes]
  try {
    return await analyze(['-'], { ...options, stdin: pipeOf(pieces) })
  } catch (error) {
    if (error instanceof CaptureError) return null
    throw error
  }
}

/** The two views that cost most take turns; of the others each is looked at. */
const DEAR = ['html', 'tables', 'formats']
const CHEAP = Object.keys(VIEWS).filter((name) => !DEAR.includes(name))

export async function holds(report, bytes) {
  const choose = choicesFor(bytes)
  const asked = askedFor(choose)
  for (const name of CHEAP) VIEWS[name](report, asked, choose)
  await VIEWS[choose.pick(DEAR)](report, asked, choose)
}
