/**
 * Notes on recordings of real Linux connections (our own, see README.md beside them): what the kernel knew, and what
 * tshark says where it is right. Expected values are read from the kernel's record of each recording by hand.
 */
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../../src/analyze.js'
import type { Note, PacketRow } from '../../../src/report.js'

const rowsOf = async (name: string): Promise<readonly PacketRow[]> => {
  const report = await analyze([fileURLToPath(new URL(`captures/${name}.pcap`, import.meta.url))])
  return report.flows.flatMap((flow) => flow.rows)
}

/** Notes of one code, by packet. */
async function said<C extends Note['code']>(name: string, ...codes: readonly C[]) {
  const rows = await rowsOf(name)
  return Object.fromEntries(
    rows.flatMap(({ packet, notes }) => {
      const those = notes.filter((note): note is Extract<Note, { code: C }> =>
        codes.some((c) => c === note.code),
      )
      return those.length === 0 ? [] : [[packet, those]]
    }),
  )
}

const packets = async (name: string, code: Note['code']) => Object.keys(await said(name, code)).map(Number)

describe('window', () => {
  const name = 'zero-window-and-probes'
  it('is shut until packet 16 opens it, 2.371 s after packet 9', async () => {
    const shut = await said(name, 'zero-window')
    expect(Object.keys(shut)).toEqual(['9', '11', '13', '15'])
    expect(shut[9]?.[0]?.seconds).toBeCloseTo(2.37118, 5)
    expect(await said(name, 'window-update')).toEqual({ 16: [{ code: 'window-update', bytes: 2896 }] })
  })
  it('is probed by Linux in the form of a keep-alive, which tshark takes for one', async () => {
    expect(await said(name, 'zero-window-probe')).toEqual({
      10: [{ code: 'zero-window-probe', nth: 1 }],
      12: [{ code: 'zero-window-probe', nth: 2 }],
      14: [{ code: 'zero-window-probe', nth: 3 }],
    })
    expect(await said(name, 'zero-window-probe-ack')).toEqual({
      11: [{ code: 'zero-window-probe-ack', answers: 10 }],
      13: [{ code: 'zero-window-probe-ack', answers: 12 }],
      15: [{ code: 'zero-window-probe-ack', answers: 14 }],
    })
    expect(await packets(name, 'keep-alive')).toEqual([])
  })
  it('is full at the packets that tshark names', async () => {
    expect(await packets(name, 'window-full')).toEqual([5, 7, 18])
  })
})

describe('probes', () => {
  it('counts keep-alives from one after each answer', async () => {
    expect(await said('keepalive-ok', 'keep-alive', 'keep-alive-ack')).toEqual({
      6: [{ code: 'keep-alive', nth: 1 }],
      7: [{ code: 'keep-alive-ack', answers: 6 }],
      8: [{ code: 'keep-alive', nth: 1 }],
      9: [{ code: 'keep-alive-ack', answers: 8 }],
      10: [{ code: 'keep-alive', nth: 1 }],
      11: [{ code: 'keep-alive-ack', answers: 10 }],
    })
  })
  it('may be all that a capture has of an idle connection, which is open: nothing was closed, no byte is missing', async () => {
    const rows = await rowsOf('starts-in-keepalive')
    expect(rows.flatMap(({ client, server }) => [client.state, server.state])).toEqual(
      Array<string>(12).fill('ESTABLISHED'),
    )
    expect(rows.map(({ notes }) => notes.map(({ code }) => code))).toEqual([
      ['state-unknown-before', 'keep-alive'],
      [],
      ['keep-alive'],
      ['keep-alive-ack'],
      ['keep-alive'],
      ['keep-alive-ack'],
    ])
  })
  it('counts on when one is lost', async () => {
    expect(await said('keepalive-probe-lost', 'keep-alive')).toMatchObject({
      6: [{ nth: 1 }],
      7: [{ nth: 2 }],
    })
    expect(await said('keepalive-probe-lost', 'keep-alive-ack')).toMatchObject({ 8: [{ answers: 7 }] })
  })
  it('names what a challenge ACK answers', async () => {
    expect(await said('challenge-ack-wrong-rst', 'challenge-ack')).toEqual({
      9: [{ code: 'challenge-ack', answers: 8 }],
    })
    expect(await said('forged-syn-established', 'challenge-ack')).toEqual({
      7: [{ code: 'challenge-ack', answers: 6 }],
    })
  })
})

describe('loss', () => {
  it('tells the copy that the wire made from a retransmission, and late from lost', async () => {
    const name = 'duplicate-and-reordered-segments'
    expect(await said(name, 'old-duplicate')).toEqual({ 11: [{ code: 'old-duplicate', of: 6 }] })
    expect(await said(name, 'out-of-order')).toEqual({ 12: [{ code: 'out-of-order', behind: 9 }] })
    for (const code of ['retransmission', 'fast-retransmission', 'spurious-retransmission'] as const) {
      expect(await packets(name, code)).toEqual([])
    }
    expect(await packets(name, 'previous-segment-missing')).toEqual([])
  })
  it('counts duplicate ACKs as tshark does', async () => {
    expect(await said('duplicate-and-reordered-segments', 'duplicate-ack')).toMatchObject({
      16: [{ nth: 1, of: 15 }],
      17: [{ nth: 2, of: 15 }],
      18: [{ nth: 3, of: 15 }],
    })
  })
  it('calls the first resend of the last segment a tail loss probe', async () => {
    expect(await said('tail-loss-probe', 'retransmission')).toEqual({
      13: [{ code: 'retransmission', of: 9, why: 'probe' }],
    })
    expect(await said('tail-loss-probe', 'not-received')).toMatchObject({
      9: [{ side: 'client', shownBy: 14 }],
    })
  })
  it('calls it no probe on a host that sends none (tcp_early_retrans)', async () => {
    const file = fileURLToPath(new URL('captures/tail-loss-probe.pcap', import.meta.url))
    const why = async (value: string) => {
      const { flows } = await analyze([file], { sysctl: { server: { 'net.ipv4.tcp_early_retrans': value } } })
      const { notes = [] } = flows[0]?.rows.find(({ packet }) => packet === 13) ?? {}
      return notes.flatMap((note) => (note.code === 'retransmission' ? [note.why] : []))
    }
    expect(await why('3')).toEqual(['probe'])
    expect(await why('0')).toEqual(['timeout'])
  })
  it('knows that data whose ACK was lost had arrived', async () => {
    expect(await said('data-ack-lost', 'spurious-retransmission')).toMatchObject({ 8: [{ of: 6 }] })
    expect(await said('data-ack-lost', 'not-received')).toMatchObject({ 7: [{ side: 'client', shownBy: 8 }] })
  })
  it('drops forged data that lies outside the window, and what follows is no retransmission', async () => {
    expect(await packets('forged-data-outside', 'outside-window')).toEqual([6])
    expect(await packets('forged-data-outside', 'previous-segment-missing')).toEqual([])
    expect(await packets('forged-data-outside', 'retransmission')).toEqual([])
  })
})

describe('handshake', () => {
  it('counts SYNs and says when they end', async () => {
    const again = await said('connect-timeout', 'syn-retransmission')
    expect(Object.values(again).map(([note]) => note?.nth)).toEqual([1, 2, 3, 4, 5])
    // 11 SYNs a second apart at first, then doubling: 0 1 2 3 4 5 7 11 19 35 67 s, given up 64 s later.
    expect(again[2]?.[0]).toMatchObject({ budget: 10, first: 1 })
    expect(again[2]?.[0]?.givesUpAt).toBeCloseTo(131.02, 1)
  })
  it('knows a doubled SYN from one sent again', async () => {
    expect(await said('syn-doubled', 'old-duplicate')).toMatchObject({ 2: [{ of: 1 }] })
    expect(await packets('syn-doubled', 'syn-retransmission')).toEqual([])
  })
  it('sees both ends open at once; a first SYN+ACK is none again', async () => {
    expect(await said('simultaneous-open', 'simultaneous-open')).toMatchObject({ 2: [{ with: 1 }] })
    expect(await packets('simultaneous-open', 'syn-ack-retransmission')).toEqual([])
  })
  it('reads Fast Open', async () => {
    expect(await said('fast-open', 'fast-open', 'fast-open-cookie')).toEqual({
      1: [{ code: 'fast-open-cookie', request: true }],
      2: [{ code: 'fast-open-cookie', request: false }],
      11: [{ code: 'fast-open', bytes: 21, accepted: true }],
    })
  })
  it('says whose ports are used again, and that TIME_WAIT had not ended', async () => {
    expect(await said('time-wait-port-reuse', 'port-reuse')).toEqual({
      10: [{ code: 'port-reuse', previousFlow: 0, inTimeWait: true }],
    })
  })
  it('says that the capture begins in the middle', async () => {
    expect(await packets('mid-stream-capture', 'state-unknown-before')).toEqual([1])
  })
})

describe('the end', () => {
  it('reads refusals', async () => {
    expect(await said('connect-refused', 'reset')).toMatchObject({ 2: [{ form: 'refused', answers: 1 }] })
  })
  it('reads a RST that nobody took', async () => {
    expect(await said('challenge-ack-wrong-rst', 'reset')).toMatchObject({
      8: [{ form: 'forged', taken: false }],
    })
  })
  it('says of what was refused for its numbers that it was not taken, in every way', async () => {
    // truth.json of both: the forged packet was delivered, and changed nothing.
    const forged = (await rowsOf('challenge-ack-wrong-rst'))[7]
    expect(forged).toMatchObject({ received: false, client: { rules: ['3.10.7.4/2-reset/challenge'] } })
    const outside = (await rowsOf('forged-data-outside')).filter(({ notes }) =>
      notes.some(({ code }) => code === 'outside-window'),
    )
    expect(outside.map(({ received }) => received)).toEqual([false])
  })
  it('reads a RST from a host that has no socket any more', async () => {
    const name = 'keepalive-rebooted-peer'
    expect(await said(name, 'reset')).toMatchObject({ 7: [{ form: 'no-socket', answers: 6 }] })
    expect(await said(name, 'hidden-change')).toMatchObject({
      6: [{ side: 'server', from: 'ESTABLISHED', to: 'CLOSED', why: 'crash' }],
    })
    expect(await said(name, 'thrown-away')).toMatchObject({ 6: [{ side: 'server', why: 'no-socket' }] })
  })
  it('reads data for an end that was closed', async () => {
    expect(await said('orphan-fin-wait2-data', 'data-after-close')).toMatchObject({ 8: [{ bytes: 40 }] })
    expect(await said('orphan-fin-wait2-data', 'reset')).toMatchObject({
      9: [{ form: 'unread-data', answers: 8 }],
    })
  })
  it('sees FINs cross', async () => {
    expect(await said('simultaneous-close', 'simultaneous-close')).toMatchObject({ 9: [{ with: 8 }] })
    expect(await said('simultaneous-close', 'crossing')).toMatchObject({ 8: [{ with: 9 }] })
  })
  it('counts TIME_WAIT anew from a FIN that came again', async () => {
    expect(await said('last-ack-lost', 'fin-retransmission')).toMatchObject({ 10: [{ of: 8 }] })
    const until = await said('last-ack-lost', 'time-wait-until')
    expect(until[8]?.[0]?.until).toBeCloseTo(60.63, 1)
    expect(until[10]?.[0]?.until).toBeCloseTo(60.88, 1)
  })
})
