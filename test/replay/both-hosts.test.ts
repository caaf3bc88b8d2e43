/** A connection captured at both hosts: two captures know what neither of them does. */
import { expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'

const CAPTURES = ['client', 'server'].map((host) => `test/replay/both-hosts/${host}.pcap`)

/** After each packet of the client's capture, then of the server's, what the kernels said. */
const KERNELS = [
  'SYN_SENT SYN_RECEIVED',
  'ESTABLISHED SYN_RECEIVED',
  // The final ACK was lost: the client's capture alone can't know that, since its data brings the same ACK in time.
  'ESTABLISHED SYN_RECEIVED',
  'ESTABLISHED ESTABLISHED',
  'ESTABLISHED ESTABLISHED',
  'FIN_WAIT_1 CLOSE_WAIT',
  'FIN_WAIT_2 CLOSE_WAIT',
  'TIME_WAIT LAST_ACK',
  'TIME_WAIT CLOSED',
  'SYN_SENT SYN_RECEIVED',
  'ESTABLISHED SYN_RECEIVED',
  'ESTABLISHED ESTABLISHED',
  'ESTABLISHED ESTABLISHED',
  'FIN_WAIT_1 CLOSE_WAIT',
  'FIN_WAIT_2 CLOSE_WAIT',
  'TIME_WAIT LAST_ACK',
  'TIME_WAIT CLOSED',
]

it('says what both kernels said', async () => {
  const { flows } = await analyze(CAPTURES)
  expect(flows).toHaveLength(1)
  const rows = (flows[0]?.rows ?? []).toSorted((a, b) => a.capture - b.capture || a.packet - b.packet)
  expect(rows.map(({ client, server }) => `${client.state} ${server.state}`)).toEqual(KERNELS)
  expect(rows[2]).toMatchObject({
    received: false,
    notes: [{ code: 'not-received', side: 'server', shownBy: null, lost: true }],
  })
})

it('which capture comes first does not matter', async () => {
  const { flows } = await analyze(CAPTURES.toReversed())
  const rows = (flows[0]?.rows ?? []).toSorted((a, b) => b.capture - a.capture || a.packet - b.packet)
  expect(rows.map(({ client, server }) => `${client.state} ${server.state}`)).toEqual(KERNELS)
})

it('one of them alone takes the final ACK for received', async () => {
  const { flows } = await analyze(CAPTURES.slice(0, 1))
  expect(flows[0]?.rows[2]?.server.state).toBe('ESTABLISHED')
})

it('each end changes when its own capture has the packet, not half a round trip off', async () => {
  const [client, server] = ['client', 'server'].map(
    (host) => `samples/both-hosts/half-open-server-gives-up.${host}.pcap`,
  ) as [string, string]
  const { flows } = await analyze([client, server])
  // tcpdump -ttt of both: SYN sent 0 and there 0.025579, SYN+ACK there 0.051142, RST there 7.716210.
  const begins = (side: 'client' | 'server') =>
    flows[0]?.spans[side].map(({ state, from }) => [state, from === null ? null : Number(from.toFixed(6))])
  expect(begins('client')).toEqual([
    ['CLOSED', null],
    ['SYN_SENT', 0],
    ['ESTABLISHED', 0.051142],
    ['CLOSED', 7.71621],
  ])
  expect(begins('server')?.slice(0, 2)).toEqual([
    ['LISTEN', null],
    ['SYN_RECEIVED', 0.025579],
  ])
})
