/** Any bytes as a capture: readers, decompressors, decoders, and all that follows to every view. */
import { readState, stateLines } from '../../dist/carry/lines.js'
import { holds, pipeOf, reportOf } from '../report.mjs'

export const fuzz = async (data) => {
  const lines = []
  const leave = (left) => void lines.push(...stateLines(left))
  const report = await reportOf(data, data.length > 40 ? data[17] : 0, { stack: stackOf(data), leave })
  if (report === null) return
  await holds(report, data)
  // What it leaves to the next run can be read.
  await readState(pipeOf(lines))
}

const stackOf = (data) => (data.length % 4 === 0 ? 'rfc9293' : 'linux')
