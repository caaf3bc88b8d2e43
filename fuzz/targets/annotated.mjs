/** The annotated copy of a capture reads again as the same packets, and the same is said of them. */
import { isDeepStrictEqual } from 'node:util'
import { analyze, CaptureError } from '../../dist/index.js'
import { UnwritableError, writeAnnotated } from '../../dist/views/pcapng/index.js'
import { fileOf } from '../beside.mjs'
import { choicesFor } from '../numbers.mjs'
import { must } from '../outputs.mjs'
import { askedFor } from '../views.mjs'

export const fuzz = async (data) => {
  const input = fileOf(data)
  let report
  try {
    report = await analyze([input])
  } catch (error) {
    if (error instanceof CaptureError) return
    throw error
  }
  const choose = choicesFor(data)
  const { language, words } = askedFor(choose)
  const flows = choose.once(3) ? new Set(report.flows.slice(0, 1).map(({ flow }) => flow)) : null
  const parts = []
  let made
  try {
    made = await writeAnnotated(report, { input, flows, language, words }, (bytes) =>
      parts.push(Buffer.from(bytes)),
    )
  } catch (error) {
    if (error instanceof UnwritableError) return
    throw error
  }
  if (parts.length === 0) return
  const again = await analyze([fileOf(Buffer.concat(parts), 'annotated')])
  const [before, after] = [report.captures[0], again.captures[0]]
  must(after.format === 'pcapng', 'write: a pcapng', after.format)
  must(after.packets === made.packets, 'write: as many packets as it says', [after.packets, made.packets])
  if (flows !== null) return
  must(after.tcpPackets === before.tcpPackets, 'write: every TCP packet', [before, after])
  must(
    isDeepStrictEqual(again.flows, report.flows) || made.leftOut > 0,
    'write: the same flows',
    firstDifference(again.flows, report.flows),
  )
}

const firstDifference = (a, b) => {
  for (const [n, flow] of b.entries())
    for (const key of Object.keys(flow))
      if (!isDeepStrictEqual(flow[key], a[n]?.[key])) {
        const at = Array.isArray(flow[key])
          ? flow[key].findIndex((x, k) => !isDeepStrictEqual(x, a[n]?.[key]?.[k]))
          : -1
        return at < 0 ? [n, key, flow[key], a[n]?.[key]] : [n, key, at, flow[key][at], a[n]?.[key]?.[at]]
      }
  return [a.length, b.length]
}
