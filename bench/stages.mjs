/** One stage of a run, for the bench. In: `decode` or `follow`, a capture. Out: nothing but its cost. */
import { PlainFlows } from '../dist/plain/plain-flows.js'
import { Reading } from '../dist/reading.js'

const [stage, file] = process.argv.slice(2)
const plain = new PlainFlows()
const reading = new Reading(
  stage === 'follow'
    ? {
        segment: (view, record, _, epoch) => plain.segment(view, record, epoch),
        error: (view) => plain.error(view),
      }
    : { segment: () => {}, error: () => false },
)
await reading.capture(file, {})
