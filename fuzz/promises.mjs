/**
 * What must hold for any bytes: only `CaptureError` is thrown, and no view prints a control character.
 *
 * In: a capture's bytes, whatever they are. Out: nothing, or the broken promise as an error. Reads the built project.
 */
import { analyze, CaptureError, loadLanguage } from '../dist/index.js'
import { speller } from '../dist/text/states.js'
import { annotateLines, flowLines } from '../dist/views/json.js'
import { flowPage, listPage } from '../dist/views/terminal/index.js'
import { lookFor } from '../dist/views/terminal/look.js'

const language = await loadLanguage('en')
const wishes = { color: 'never', colour: 'never', ascii: false }
const view = {
  language,
  spell: speller('linux'),
  look: lookFor(wishes, {}, { isTTY: false, columns: 100 }),
  absolute: false,
  clock: 'relative',
  all: true,
  why: true,
}

/** C0 but for tab, DEL, C1, and the signs that turn the direction of writing. */
const CONTROL = /(?!\t)\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

const check = (lines, where) => {
  for (const line of lines)
    if (CONTROL.test(line)) throw new Error(`${where} prints a control character: ${JSON.stringify(line)}`)
}

/** Through a pipe and, in blocks, as a file: `cut` is where the pipe pauses. */
export async function holds(bytes, cut = 0) {
  const stdin = (async function* () {
    if (cut > 0 && cut < bytes.length) {
      yield bytes.subarray(0, cut)
      yield bytes.subarray(cut)
    } else yield bytes
  })()
  let report
  try {
    report = await analyze(['-'], { stdin })
  } catch (error) {
    if (error instanceof CaptureError) return
    throw error
  }
  check(annotateLines(report, language, null), 'annotate --json')
  check(flowLines(report, language), 'flows --json')
  check(listPage(report, view, '-'), 'the list')
  for (const flow of report.flows.slice(0, 8)) check(flowPage(report, flow, view), 'the ladder')
}
