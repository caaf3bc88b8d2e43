/**
 * Connections that are too long to be held: every packet is told once and in its order, whatever the segments, also when
 * parts are so small that what belongs together lies in several. What rows say may then differ from the whole.
 */

import { annotated, rowOf } from '../../dist/annotated.js'
import { analyze, CaptureError } from '../../dist/index.js'
import { fileOf } from '../beside.mjs'
import { must } from '../outputs.mjs'
import { pcapOf } from './segments.mjs'

const NOBODY = () => {}
/** Octets of a segment, where its flags stand, and one of them. */
const [SIZE, FLAGS, SYN] = [6, 1, 2]

export const fuzz = async (data) => {
  const bytes = Buffer.from(data)
  // Another SYN may begin another connection: such ones are held whole.
  for (let at = 3 * SIZE + FLAGS; at < bytes.length; at += SIZE) bytes[at] &= ~SYN
  const file = fileOf(pcapOf(bytes, 2))
  const [above, part, near, most] = [4, 12, 24, 48].map((size, n) => size + ((data[n] ?? 0) % size))
  const packets = []
  const told = {
    begin: NOBODY,
    flow: NOBODY,
    plainFlow: NOBODY,
    row: ({ packet }) => packets.push(packet),
    plainRow: (kind, numbers) => packets.push(rowOf(kind, numbers).packet),
    rowLike: (_, { packet }) => packets.push(packet),
  }
  let whole
  try {
    whole = await analyze([file])
    await annotated(
      [file],
      { maxFlows: 1000, long: { above, part, near, most } },
      told,
      data.length % 3 === 0 ? 0 : 100,
    )
  } catch (error) {
    if (error instanceof CaptureError) return
    throw error
  }
  const all = whole.flows.flatMap(({ rows }) => rows.map(({ packet }) => packet)).sort((a, b) => a - b)
  must(packets.join() === all.join(), 'long: each packet once, in order', [packets, all])
}
