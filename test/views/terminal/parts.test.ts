import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isUnheard } from '../../../src/views/arrival.js'
import { arrows, type Mark } from '../../../src/views/terminal/arrows.js'
import { clockText, isoAt } from '../../../src/views/terminal/clock.js'
import { lookFor, wantsAscii, wantsColour } from '../../../src/views/terminal/look.js'
import { segmentText } from '../../../src/views/terminal/segment.js'
import { cut, padEnd, widthOf, wrap } from '../../../src/views/terminal/width.js'
import { rows } from '../made.js'

describe('width', () => {
  it('counts Chinese twice and marks not at all', () => {
    expect(widthOf('半连接 a')).toBe(8)
    expect(widthOf('e\u0301')).toBe(1)
    expect(padEnd('流', 4)).toBe('流  ')
    expect(cut('服务端状态', 5, '…')).toBe('服务…')
  })

  it('wraps without losing a character or a column', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('a', 'word', '服务端', '，', '#4', '（', '“', '：“词”（a b）。', 'x'.repeat(30)),
        ),
        fc.integer({ min: 4, max: 40 }),
        (words, width) => {
          const text = words.join(' ')
          const lines = wrap(text, width)
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(Math.max(width, 8))
        },
      ),
    )
  })
})

it('Chinese lines neither begin with a closing mark nor end with an opening one', () => {
  const text =
    '服务端由 LISTEN 变为 SYN_RECV：“监听”套接字收到 SYN（RFC 9293 3.10.7.2 step 3），成为半连接（见 #2）。'
  for (let width = 12; width < 100; width++)
    for (const line of wrap(text, width)) {
      expect(line).not.toMatch(/^[，。；：、）！？”》]/)
      expect(line).not.toMatch(/[（“《]$/)
      expect(widthOf(line)).toBeLessThanOrEqual(width)
    }
})

describe('time column', () => {
  const moment = { time: '2026-01-02T03:04:05.250000123Z', at: 1.5 }
  it.each([
    ['r', '1.500000'],
    ['d', '0.500000'],
    ['u', '03:04:05.250000'],
    ['ud', '2026-01-02 03:04:05.250000'],
    ['e', '1767323045.250000'],
  ] as const)('-t %s', (clock, text) => {
    expect(clockText(moment, clock, { time: '', at: 1 })).toBe(text)
  })

  it('carries nanoseconds over', () => {
    expect(isoAt(1_767_323_045, 999_999_999, 0.000000001)).toBe('2026-01-02T03:04:06.000000000Z')
    expect(isoAt(1_767_323_045, 250_000_000, -0.5)).toBe('2026-01-02T03:04:04.750000000Z')
    expect(isoAt(1e15, 0, 0)).toBe('')
  })
})

describe('look', () => {
  const tty = { isTTY: true }
  it.each([
    ['auto', {}, tty, true],
    ['auto', {}, {}, false],
    ['auto', { NO_COLOR: '1' }, tty, false],
    ['auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, tty, false],
    ['auto', { NO_COLOR: '' }, tty, true],
    ['auto', { FORCE_COLOR: '1' }, {}, true],
    ['auto', { CLICOLOR_FORCE: '1' }, {}, true],
    ['auto', { FORCE_COLOR: '0' }, tty, false],
    ['auto', { TERM: 'dumb' }, tty, false],
    ['always', { NO_COLOR: '1' }, {}, true],
    ['never', { FORCE_COLOR: '1' }, tty, false],
  ] as const)('colour %s with %j on %j: %s', (choice, env, screen, expected) => {
    expect(wantsColour(choice, env, screen)).toBe(expected)
  })

  it.each([
    [true, {}, true],
    [false, {}, false],
    [false, { LANG: 'en_US.UTF-8' }, false],
    [false, { LANG: 'C' }, true],
    [false, { LC_ALL: 'zh_CN.GBK', LANG: 'en_US.UTF-8' }, true],
    [false, { TERM: 'linux', LANG: 'en_US.UTF-8' }, true],
  ] as const)('--ascii %s with %j: %s', (asked, env, expected) => {
    expect(wantsAscii(asked, env)).toBe(expected)
  })
})

it('writes segments as the figures of the RFC, and shorter where there is no room', () => {
  const [row] = rows([
    {
      at: 0,
      from: 'client',
      flags: 'PA',
      seq: 1,
      ack: 301,
      len: 5,
      client: 'ESTABLISHED',
      server: 'ESTABLISHED',
    },
  ])
  if (row === undefined) throw new Error('no row')
  expect([0, 1, 2, 3, 4].map((form) => segmentText(row, form, { absolute: false }))).toEqual([
    '<SEQ=1><ACK=301><CTL=PSH,ACK><LEN=5>',
    '<SEQ=1><ACK=301><PSH,ACK><5>',
    '<SEQ=1><ACK=301><PA><5>',
    'SEQ=1 ACK=301 PA 5',
    '1 301 PA 5',
  ])
})

describe('arrows', () => {
  const SILENT = { client: 'SYN_SENT', server: 'LISTEN' } as const
  const OPEN = { client: 'ESTABLISHED', server: 'ESTABLISHED' } as const
  const AGAIN = [{ code: 'retransmission', of: 1, why: 'timeout' }] as const
  const base = { at: 0, from: 'client' as const, received: null }
  it.each([
    ['a SYN without an answer', { ...base, flags: 'S', ...SILENT }, true],
    ['a SYN that was taken', { ...base, flags: 'S', ...SILENT, server: ['LISTEN', 'SYN_RECEIVED'] }, false],
    ['a SYN that got an answer', { ...base, flags: 'S', ...SILENT, received: true }, false],
    ['data again, without an answer', { ...base, flags: 'PA', len: 9, ...OPEN, notes: AGAIN }, true],
    ['data for the first time', { ...base, flags: 'PA', len: 9, ...OPEN }, false],
    ['an ACK, which nothing acknowledges', { ...base, flags: 'A', ...OPEN }, false],
  ] as const)('%s', (_what, spec, unheard) => {
    const [row] = rows([spec])
    if (row === undefined) throw new Error('no row')
    expect(isUnheard(row)).toBe(unheard)
    const used = new Set<Mark>()
    const { glyphs } = lookFor({ colour: 'never', ascii: false }, {}, { isTTY: false, columns: 80 })
    const drawn = arrows({ kind: 'packet', at: 0, row, client: row.client, server: row.server }, glyphs, used)
    expect([drawn.left, drawn.right]).toEqual(['-->', unheard ? '··?' : '-->'])
    expect(used.has('unheard')).toBe(unheard)
  })
})
