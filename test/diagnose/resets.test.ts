/** Who sent a RST, and what can be known of it; the recordings tell who really did. */
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { rule } from '../../src/diagnose/reset.js'
import { CAUSES } from '../../src/findings.js'
import { en } from '../../src/text/en/index.js'
import { adviseOn, sentenceOf } from '../../src/text/finding.js'
import { zh } from '../../src/text/zh/index.js'
import { flow } from '../infer/connection.js'
import { foundIn, trace } from './samples.js'

const codes = (causes: readonly { readonly code: string }[]): string[] => causes.map(({ code }) => code)

describe('a bare RST that answers what came for a closed socket', () => {
  it.each(['client', 'middle'])(
    'is nobody else’s, even where both ends send one at once: %s',
    async (point) => {
      const findings = await foundIn(`late-fin-draws-reset.${point}.pcap`)
      expect(findings.map(({ id }) => id)).not.toContain('reset-injected')
    },
  )

  it('of an end whose abort was lost is an abort', async () => {
    const [reset] = await foundIn('rst-lost-then-data.middle.pcap')
    expect(reset).toMatchObject({ id: 'reset', side: 'client', args: { why: 'abort' } })
  })
})

describe('a RST that asks for nothing to explain it', () => {
  it('is no half-open connection: nothing was open to be answered', async () => {
    const findings = await foundIn('forged-rst-both.client.pcap')
    expect(findings.map(({ id }) => id)).toEqual(['reset'])
    expect(findings[0]).toMatchObject({ args: { why: 'unknown' } })
    expect(codes(findings[0]?.causes ?? [])).toContain('middlebox')
  })
})

it('on one machine both ends have one address: which of them did it is told', async () => {
  const [reset] = (await foundIn('rst-lost-then-data.middle.pcap')).filter(({ id }) => id === 'reset')
  if (reset?.id !== 'reset') throw new Error('no reset')
  const here = { ...reset, args: { ...reset.args, host: '127.0.0.1', peer: '127.0.0.1' } }
  expect(sentenceOf(here, en)).toContain('127.0.0.1 (client) reset the connection with 127.0.0.1 (server)')
  expect(sentenceOf(reset, en)).not.toContain('(client)')
})

describe('what a packet’s note says of a RST and what is found of it', () => {
  const forms = async (file: string) => {
    const { flows, findings } = await trace(file)
    const notes = flows.flatMap(({ rows }) => rows.flatMap((row) => row.notes.map((note) => ({ row, note }))))
    return {
      forms: notes.flatMap(({ row, note }) => (note.code === 'reset' ? [[row.packet, note.form]] : [])),
      states: flows[0]?.rows.map((row) => row.client.state) ?? [],
      findings: findings.filter(({ id }) => !id.startsWith('capture-')),
    }
  }

  it('agree where nothing drew it: no host says that it has no socket', async () => {
    const { forms: told, findings } = await forms('forged-rst-both.middle.pcap')
    expect(findings).toMatchObject([{ id: 'reset-injected', args: { shown: 'both-ends' } }])
    expect(told).toEqual([
      [6, 'unknown'],
      [7, 'unknown'],
    ])
  })

  it('agree where an abort overtook the data before it: it is the client’s own, which is gone from there on', async () => {
    const { forms: told, findings, states } = await forms('rst-overtakes-data.server.pcap')
    expect(findings).toMatchObject([{ id: 'reset', side: 'client', args: { why: 'abort' } }])
    expect(told).toEqual([
      [6, 'abort'],
      [10, 'no-socket'],
      [11, 'no-socket'],
    ])
    // As the kernel had it; #8 was sent before #6.
    expect(states.slice(5)).toEqual(['CLOSED', 'CLOSED', 'ESTABLISHED', 'CLOSED', 'CLOSED', 'CLOSED'])
  })
})

describe('a connection that only one side believes in', () => {
  it.each(['lost-fin-found-out-late.client.pcap', 'forged-rst-exact.client.pcap'])(
    'may have lost its FIN, or was reset on one side only: %s',
    async (file) => {
      const [found] = await foundIn(file)
      expect(found).toMatchObject({ id: 'half-open', side: 'server' })
      const causes = found?.causes ?? []
      expect(codes(causes).slice(0, 2)).toEqual(['lost-close', 'one-side-reset'])
      // Nothing in it speaks for a restart.
      expect(causes.filter(({ likelihood }) => likelihood !== 'possible')).toEqual([])
    },
  )

  it('knows when the other end gave up', async () => {
    const [found] = await foundIn('filter-drops-data-forever.middle.pcap')
    expect(found).toMatchObject({
      id: 'half-open',
      causes: [{ code: 'gave-up', likelihood: 'likely' }, {}, {}, {}, {}],
    })
  })
})

describe('a RST in somebody’s name', () => {
  it('that did no harm is a warning, and no more is said than is known', async () => {
    const [found] = await foundIn('samples/findings/reset-injected/shows.pcap')
    expect(found).toMatchObject({
      id: 'reset-injected',
      severity: 'warning',
      args: { shown: 'goes-on', taken: false },
    })
    if (found === undefined) return
    expect(sentenceOf(found, en)).toMatch(/ is most likely forged: its supposed sender goes on /)
  })
})

it('an abort right after the handshake is no health, and no warning either', async () => {
  const findings = await foundIn('final-ack-lost-then-rst.middle.pcap')
  expect(findings).toMatchObject([
    { id: 'reset', severity: 'note', args: { why: 'abort', errno: 'ECONNRESET' } },
  ])
})

describe('where its supposed sender has a capture of its own', () => {
  const both = (name: string, folder: string) =>
    analyze(['client', 'server'].map((host) => `${folder}/${name}.${host}.pcap`))

  // A firewall had forgotten five idle connections, and answered for the server; ss showed them ESTABLISHED there until the
  // end. The server's own capture has nothing more of them, but goes on: another connection follows.
  it('a firewall’s RST ends one side only, and what drew it never came', async () => {
    const { findings, flows } = await both('firewall-forgets-then-resets', 'test/diagnose/traces')
    expect(findings[0]).toMatchObject({ id: 'reset-injected', args: { shown: 'never-left', flows: 5 } })
    expect(flows.slice(0, 5).map(({ client, server }) => [client.state, server.state])).toEqual(
      Array.from({ length: 5 }, () => ['CLOSED', 'ESTABLISHED']),
    )
    expect(flows[0]?.rows.at(-2)).toMatchObject({ len: 27, received: false })
  })

  it('what a firewall swallows is known not to have come, though nobody answers any more', async () => {
    const { flows } = await both('firewall-forgets-then-drops', 'test/diagnose/traces')
    const request = flows[0]?.rows.filter(({ at, from }) => from === 'client' && at > 10) ?? []
    expect(request.length).toBeGreaterThan(5)
    expect(request.every(({ received }) => received === false)).toBe(true)
  })

  it('a RST that stands only in the other one is not that end’s', async () => {
    // Both RSTs were made half-way (the recording says so); from one point each looks like a device's only perhaps.
    const { findings, flows } = await both('forged-rst-both', 'test/diagnose/traces')
    expect(findings[0]).toMatchObject({
      id: 'reset-injected',
      side: 'client',
      certainty: 'implied',
      args: { shown: 'never-left', taken: true },
    })
    const [, last] = flows[0]?.rows.filter(({ flags }) => flags === 'R') ?? []
    // The client's own capture ends with the other one, 4 ms later: too soon to say that nothing else would come.
    expect(last?.notes).toMatchObject([{ code: 'reset' }])
  })

  it('one that stands in it is: no device is suspected', async () => {
    const { findings, flows } = await both('half-open-server-gives-up', 'samples/both-hosts')
    const notes = flows.flatMap(({ rows }) => rows.flatMap((row) => row.notes))
    expect(notes.filter(({ code }) => code === 'reset')).toMatchObject([{ form: 'no-socket', left: true }])
    expect(findings.flatMap(({ causes }) => codes(causes))).not.toContain('middlebox')
  })
})

describe('advice', () => {
  const advised = async (file: string): Promise<string> => {
    const [reset] = (await foundIn(file)).filter(({ id }) => id === 'reset')
    if (reset === undefined) throw new Error('no reset')
    return adviseOn(reset, en)
  }

  it('fits the likeliest cause', async () => {
    // The server closed while the client still sent; the server had not read what came (samples/truth).
    expect(await advised('samples/rst-data-after-close.pcap')).toContain('shutdown(SHUT_WR)')
    expect(await advised('samples/rst-close-with-unread-data.pcap')).toContain('TcpExtTCPAbortOnClose')
    expect(await advised('samples/rst-linger0.pcap')).toContain('leave SO_LINGER alone')
    expect(await advised('forged-rst-both.client.pcap')).toContain('Find the device')
  })

  it('speaks of causes that the finding can have', () => {
    for (const language of [en, zh])
      for (const [id, byCause] of Object.entries(language.adviceByCause)) {
        const known: readonly string[] = CAUSES[id as keyof typeof CAUSES]
        for (const cause of Object.keys(byCause)) expect(known).toContain(cause)
      }
  })
})

describe('a time-out that ends a connection', () => {
  const OPEN = `
    c>s 0.000 S  0
    s>c 0.001 SA 0 1
    c>s 0.002 A  1 1
    c>s 0.003 PA 1 1 27
    s>c 0.004 A  1 28`
  const ANSWER = `
    s>c 0.010 PA 1 28 43
    c>s 0.011 A  28 44`
  const found = (text: string) => {
    const flows = [flow(OPEN + text)]
    const [finding] = rule.find({ flows } as unknown as Parameters<typeof rule.find>[0])
    if (finding?.id !== 'reset') throw new Error('no reset')
    const { why, idle } = finding.args
    return {
      why,
      idle: Number(idle.toFixed(2)),
      causes: codes(finding.causes),
      said: sentenceOf(finding, en),
    }
  }

  it('of a client that waited 2 s, and closed 3 s before its answer came', () => {
    const reset = found(`
      c>s 2.004 FA 28 1
      s>c 2.044 A  1 29
      s>c 5.004 PA 1 29 43
      c>s 5.005 R  29`)
    expect(reset).toMatchObject({ why: 'data-after-close', idle: 2 })
    expect(reset.causes).toEqual(['late-answer', 'early-close'])
    expect(reset.said).toContain('Before it closed, nothing had come from either side for 2 s.')
  })
  it('of a client that waited 2 s and aborted', () => {
    const reset = found('\n c>s 2.004 RA 28 1')
    expect(reset).toMatchObject({ why: 'abort', idle: 2 })
    expect(reset.causes[0]).toBe('late-answer')
  })
  it('of a server, or a load balancer, that nobody asked for 60 s', () => {
    const reset = found(`${ANSWER}
      s>c 60.011 RA 44 28`)
    expect(reset.causes[0]).toBe('idle-time-out')
    expect(reset.said).toContain('in ESTABLISHED after 60 s of silence: the application aborted')
  })
  it('is none of these when its answer had come, and it aborts at once', () => {
    const reset = found(`${ANSWER}
      c>s 0.012 RA 28 44`)
    expect(reset).toMatchObject({
      idle: 0,
      causes: ['application-abort', 'unread-data', 'killed-process', 'middlebox'],
    })
    expect(reset.said).not.toContain('silence')
  })
  it('of a server whose client asked again 20 ms after its FIN: nobody was just sending', () => {
    const reset = found(`${ANSWER}
      s>c 1.011 FA 44 28
      c>s 1.031 PA 28 45 27
      s>c 1.032 R  45`)
    expect(reset.causes[0]).toBe('stale-connection')
  })
})
