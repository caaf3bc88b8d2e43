/**
 * Every sample against what the kernels of both hosts said: states after each packet, which packets were taken, errno.
 *
 * What cannot be known from the capture is listed below, each with its reason; a line too many there fails as well.
 */
import { describe, expect, test } from 'vitest'
import { analyze, type Report, type State } from '../src/index.js'
import { SAMPLES, sampleFile, type Truth, truthOf } from './samples/truth.js'

/** A sample's differences, as `differences()` words them. */
const UNKNOWABLE: Readonly<Record<string, { readonly because: string; readonly lines: readonly string[] }>> = {}

/** No socket exists for the connection: a capture cannot show whether a listener does. */
const noListener = (state: State): State => (state === 'LISTEN' ? 'CLOSED' : state)

/** Reasons of the kernel that mean that its TCP never took the packet; others are part of taking it. */
const NOT_TAKEN: ReadonlySet<string> = new Set(['TCP_LISTEN_OVERFLOW', 'NETFILTER_DROP'])

const differences = (truth: Truth, report: Report): string[] => {
  const rows = new Map(report.flows.flatMap((flow) => flow.rows.map((row) => [row.packet, row] as const)))
  const found: string[] = []
  for (const said of truth.packets) {
    if (said.ambiguous || said.hidden || said.copy || said.icmp) continue
    const row = rows.get(said.packet)
    if (row === undefined) {
      found.push(`#${said.packet} is missing`)
      continue
    }
    expect([row.from, row.flags], `#${said.packet}`).toEqual([said.from, said.flags])
    for (const side of ['client', 'server'] as const) {
      if (noListener(row[side].state) !== noListener(said[side]))
        found.push(`#${said.packet} ${side} is ${said[side]}, not ${row[side].state}`)
    }
    const refused = said.kernelDrop !== undefined && NOT_TAKEN.has(said.kernelDrop)
    if (row.received === null || said.forged || (said.kernelDrop !== undefined && !refused)) continue
    const taken = said.delivered && !refused
    if (row.received !== taken) found.push(`#${said.packet} was ${taken ? 'taken' : 'not taken'}`)
  }
  const calls = report.flows.flatMap((flow) => flow.calls)
  for (const { side, call, errno } of truth.calls) {
    if (!calls.some((said) => said.side === side && said.errno === errno))
      found.push(`${side} ${call} returned ${errno}`)
  }
  return found
}

const settings = (values: Readonly<Record<string, string | number>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))

describe.each(SAMPLES)('%s', (capture) => {
  const truth = truthOf(capture)

  test('as the kernels said, by their own settings', async () => {
    const sysctl = { client: settings(truth.sysctl.client), server: settings(truth.sysctl.server) }
    const report = await analyze([sampleFile(capture)], { sysctl })
    expect(differences(truth, report)).toEqual(UNKNOWABLE[capture]?.lines ?? [])
  })
})
