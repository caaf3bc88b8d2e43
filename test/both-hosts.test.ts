/**
 * Captures of both hosts, read together. What is expected is what the kernels recorded: in `half-open-server-gives-up` every
 * ACK of the client was lost behind its own capture; in `accept-queue-overflow` they came, and the server dropped them
 * (TCP_LISTEN_OVERFLOW in the recording).
 */
import { expect, it } from 'vitest'
import { analyze } from '../src/analyze.js'
import { en } from '../src/text/en/index.js'
import { speller } from '../src/text/states.js'
import { flowPage, listPage } from '../src/views/terminal/index.js'
import { lookFor } from '../src/views/terminal/look.js'
import type { View } from '../src/views/terminal/view.js'

const both = (name: string) =>
  analyze(['client', 'server'].map((host) => `samples/both-hosts/${name}.${host}.pcap`))

const view: View = {
  language: en,
  spell: speller('netstat'),
  look: lookFor({ colour: 'never', ascii: false }, { COLUMNS: '80', LANG: 'C.UTF-8' }, {}),
  absolute: false,
  clock: 'r',
  all: false,
  why: false,
}

const causesOf = async (name: string) => {
  const { findings } = await both(name)
  return findings.find(({ id }) => id === 'handshake-not-completed')?.causes.map((cause) => cause.code)
}

it('the final ACK was lost where the server did not capture it, and was thrown away where it did', async () => {
  expect(await causesOf('half-open-server-gives-up')).toEqual(['lost-ack', 'dropping-firewall'])
  expect(await causesOf('accept-queue-overflow')).toEqual(['full-accept-queue', 'dropping-firewall'])
})

it('they were taken at both hosts, 50 ms from each other', async () => {
  const { flows, findings } = await both('half-open-server-gives-up')
  const near = flows[0]?.capturedNear
  expect(near?.where).toBe('both')
  // The network between the hosts takes 25 ms each way.
  if (near?.reason.code !== 'near-both') throw new Error('no reason')
  const there = (near.reason.client ?? 0) + (near.reason.server ?? 0)
  expect(there).toBeGreaterThan(50)
  expect(there).toBeLessThan(53)
  expect(findings.find(({ id }) => id === 'capture-point')?.args).toEqual({ flows: 1, where: 'both' })
})

it('counts each packet once in the tables of flows, as above the ladder', async () => {
  const report = await both('accept-queue-overflow')
  const [, , third] = report.flows
  if (third === undefined) throw new Error('no flow')
  expect(third.packets).toBe(18)
  expect(flowPage(report, third, view)[0]).toMatch(/^flow 2; 9 packets/)
  const wide: View = {
    ...view,
    look: lookFor({ colour: 'never', ascii: false }, { COLUMNS: '160', LANG: 'C.UTF-8' }, {}),
  }
  const lines = listPage(report, wide, 'trace.pcap')
  expect(lines.find((line) => / {2}half-open$/.test(line))).toMatch(/:80 +9 +9\.203 /)
})

it('draws each packet once, where it was captured first', async () => {
  const report = await both('half-open-server-gives-up')
  const [flow] = report.flows
  if (flow === undefined) throw new Error('no flow')
  const drawn = (all: boolean): string => flowPage(report, flow, { ...view, all }).join('\n')
  // 9 packets were sent, 6 of them came to the other host.
  expect(flow.packets).toBe(15)
  expect(drawn(false)).toContain('9 packets, 14 bytes of data')
  expect(drawn(false)).not.toContain('captured twice')
  expect(drawn(true).match(/captured twice/g)).toHaveLength(6)
})

it('a packet captured twice changes a state once', async () => {
  const report = await both('half-open-server-gives-up')
  const [flow] = report.flows
  if (flow === undefined) throw new Error('no flow')
  const copies = flow.rows.filter(({ notes }) => notes.some(({ code }) => code === 'capture-duplicate'))
  expect(copies).toHaveLength(6)
  for (const { client, server } of copies) {
    expect([client.was, server.was]).toEqual([client.state, server.state])
    expect([...client.rules, ...server.rules]).toEqual([])
  }
  const all = flowPage(report, flow, { ...view, all: true }).filter((line) => line.includes('<SEQ=0><SYN>'))
  expect(all.map((line) => line.replace(/^ +1 [\d.]+ +/, ''))).toEqual([
    'SYN_SENT*    --> <SEQ=0><SYN>                --> SYN_RECV*',
    'SYN_SENT     --> <SEQ=0><SYN>                --> SYN_RECV',
  ])
})
