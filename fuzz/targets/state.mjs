/**
 * Any lines as what an earlier run left (`--load-state`): refused as such, or gone on with. With the right sum behind
 * them, too: a state can be forged.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readState, StateError, stateLines } from '../../dist/carry/lines.js'
import { must } from '../outputs.mjs'
import { holds, reportOf } from '../report.mjs'

const capture = readFileSync(new URL('../corpus/capture/final-ack-lost-then-data.pcap', import.meta.url))

export const fuzz = async (data) => {
  const lines = data.toString('utf8').split('\n')
  if (lines.at(-1) === '') lines.pop()
  await goOnFrom(lines, data)
  const body = lines.filter((line) => !line.startsWith('{"sha256"'))
  const sum = createHash('sha256')
  for (const line of body) sum.update(`${line}\n`)
  await goOnFrom([...body, JSON.stringify({ sha256: sum.digest('hex') })], data)
}

async function goOnFrom(lines, data) {
  let carried
  try {
    carried = await readState(from(lines))
  } catch (error) {
    if (error instanceof StateError) return
    throw error
  }
  let left = null
  const report = await reportOf(capture, 0, {
    carried,
    leave: (after) => {
      left = [...stateLines(after)]
    },
  })
  must(report !== null && left !== null, 'a state that was read can be gone on with', lines[0])
  await holds(report, data)
  await readState(from(left))
}

async function* from(lines) {
  yield* lines
}
