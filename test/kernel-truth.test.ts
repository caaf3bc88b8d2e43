/**
 * Every sample against what the kernels of both hosts said: states after each packet, which packets were taken, errno.
 *
 * What cannot be known from the capture is listed below, each with its reason; a line too many there fails as well.
 */
import { describe, expect, test } from 'vitest'
import { analyze, type Report, type Side, type State } from '../src/index.js'
import { readme, SAMPLES, sampleFile, type Truth, truthOf } from './samples/truth.js'

interface Unknowable {
  readonly because: string
  /** As `differences()` words them. */
  readonly lines: readonly string[]
  /** The ends that must not be told as `seen` there: not to know is no fault, to claim it is. */
  readonly notSeen?: readonly { readonly packet: number; readonly side: Side }[]
}

const UNKNOWABLE: Readonly<Record<string, Unknowable>> = {
  'final-ack-lost-then-data.pcap': {
    because:
      'The data brings the lost ACK within 0.25 s: no SYN+ACK was due, and the same packets follow either way.',
    lines: ['#3 server is SYN_RECEIVED, not ESTABLISHED'],
    notSeen: [{ packet: 3, side: 'server' }],
  },
  'defer-accept.pcap': {
    because: 'TCP_DEFER_ACCEPT throws the ACK away in silence; the request comes before a SYN+ACK would.',
    lines: ['#3 server is SYN_RECEIVED, not ESTABLISHED'],
    notSeen: [{ packet: 3, side: 'server' }],
  },
}

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
    const unknowable = UNKNOWABLE[capture]
    expect(differences(truth, report)).toEqual(unknowable?.lines ?? [])
    for (const { packet, side } of unknowable?.notSeen ?? []) {
      const row = report.flows.flatMap(({ rows }) => rows).find((each) => each.packet === packet)
      expect(row?.[side].certainty, `#${packet} ${side}`).not.toBe('seen')
    }
  })
})

test('samples/README.md says of each sample what the kernels said', () => {
  const rows = readme().match(/^\| \[[^\n]*\|$/gm) ?? []
  const told = new Map(
    rows
      .map((row) => row.split('|').map((cell) => cell.trim()))
      .map((cells) => [/\[(.*?)\]/.exec(cells[1] ?? '')?.[1], cells]),
  )
  expect([...told.keys()].sort()).toEqual([...SAMPLES].sort())
  for (const capture of SAMPLES) {
    const truth = truthOf(capture)
    const last = truth.packets.at(-1)
    const errors = new Set(truth.calls.map(({ side, call, errno }) => `${side} ${call}() ${errno}`))
    const said = [`client ${last?.client}, server ${last?.server}`, ...errors].join('; ')
    expect([capture, ...(told.get(capture)?.slice(4, 6) ?? [])]).toEqual([capture, truth.capturedAt, said])
  }
})
