/** Any bytes as a capture: readers, decompressors, decoders, and all that follows to every view. */
import { holds, reportOf } from '../report.mjs'

export const fuzz = async (data) => {
  const report = await reportOf(data, data.length > 40 ? data[17] : 0, { stack: stackOf(data) })
  if (report !== null) await holds(report, data)
}

const stackOf = (data) => (data.length % 4 === 0 ? 'rfc9293' : 'linux')
