/**
 * The short cut through large captures says what the full replay says: segments of four connections, or any bytes that
 * begin as a capture does.
 */
import { isDeepStrictEqual } from 'node:util'
import { analyze, CaptureError } from '../../dist/index.js'
import { survey } from '../../dist/survey.js'
import { SAID } from '../../dist/views/json-flow.js'
import { fileOf } from '../beside.mjs'
import { must } from '../outputs.mjs'
import { pcapOf } from './segments.mjs'

/** Magic numbers of pcap, pcapng and the compressions: what else would begin so is no segment. */
const MAGIC = new Set([0xa1b2c3d4, 0xd4c3b2a1, 0x0a0d0d0a, 0x4d3cb2a1, 0xa1b23c4d, 0x28b52ffd, 0x04224d18])
const isCapture = (data) =>
  data.length >= 24 && (MAGIC.has(data.readUInt32BE(0)) || data.readUInt16BE(0) === 0x1f8b)

export const fuzz = async (data) => {
  const file = fileOf(isCapture(data) ? data : pcapOf(data, 4))
  const options = { stack: data.length % 4 === 0 ? 'rfc9293' : 'linux' }
  const whole = await outcome(() => analyze([file], options))
  const short = await outcome(() => survey([file], options, 0))
  if (whole instanceof CaptureError || short instanceof CaptureError) {
    must(whole.message === short.message, 'plain: the same error', [whole.message, short.message])
    return
  }
  const { flows: many, ...rest } = whole
  const { flows: plain, ...other } = short
  for (const [key, value] of Object.entries(rest))
    must(isDeepStrictEqual(value, other[key]), `plain: the same ${key}`, [value, other[key]])
  must(many.length === plain.length, 'plain: as many flows', [many.length, plain.length])
  for (const [n, flow] of many.entries())
    for (const name of SAID)
      must(isDeepStrictEqual(flow[name], plain[n][name]), `plain: the same ${name}`, [
        n,
        flow[name],
        plain[n][name],
      ])
}

const outcome = async (work) => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CaptureError) return error
    throw error
  }
}
