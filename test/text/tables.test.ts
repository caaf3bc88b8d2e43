import { describe, expect, it } from 'vitest'
import type { Note } from '../../src/notes.js'
import { RULES } from '../../src/rfc9293/machine.js'
import { RFC9293 } from '../../src/rfc9293/stack.js'
import { help as englishHelp } from '../../src/text/en/help.js'
import { en } from '../../src/text/en/index.js'
import { page as englishPage } from '../../src/text/en/page.js'
import { say } from '../../src/text/note.js'
import { ORIGINS } from '../../src/text/origin.js'
import { citation } from '../../src/text/rule.js'
import type { Language, Voice } from '../../src/text/table.js'
import { help as chineseHelp } from '../../src/text/zh/help.js'
import { zh } from '../../src/text/zh/index.js'
import { page as chinesePage } from '../../src/text/zh/page.js'

const voice: Voice = { from: 'client', state: (state) => state }

/** Every code at least once, every null and every boolean both ways. */
const NOTES: readonly Note[] = [
  { code: 'syn-retransmission', nth: 2, budget: 6, givesUpAt: 133.4, first: 1 },
  { code: 'syn-retransmission', nth: 2, budget: null, givesUpAt: null, first: 1 },
  { code: 'syn-ack-retransmission', nth: 1, budget: 5, first: 2, answers: null },
  { code: 'syn-ack-retransmission', nth: 3, budget: null, first: 2, answers: null },
  { code: 'syn-ack-retransmission', nth: 1, budget: 5, first: 2, answers: 3 },
  { code: 'syn-cookie', answers: 1 },
  { code: 'fast-open', bytes: 20, accepted: null },
  { code: 'fast-open', bytes: 20, accepted: true },
  { code: 'fast-open', bytes: 1, accepted: false },
  { code: 'fast-open-cookie', request: true },
  { code: 'fast-open-cookie', request: false },
  { code: 'simultaneous-open', with: 2 },
  { code: 'port-reuse', previousFlow: 0, inTimeWait: true },
  { code: 'port-reuse', previousFlow: 0, inTimeWait: false },
  { code: 'retransmission', of: 4, why: 'timeout' },
  { code: 'retransmission', of: null, why: 'probe' },
  { code: 'retransmission', of: null, why: 'unknown' },
  { code: 'fast-retransmission', of: 4, duplicateAcks: 3 },
  { code: 'fast-retransmission', of: null, duplicateAcks: 3 },
  { code: 'spurious-retransmission', of: 4, shownBy: 9 },
  { code: 'spurious-retransmission', of: null, shownBy: null },
  { code: 'out-of-order', behind: 4 },
  { code: 'out-of-order', behind: null },
  { code: 'duplicate-ack', nth: 1, of: 4 },
  { code: 'zero-window', seconds: 2.5 },
  { code: 'zero-window', seconds: null },
  { code: 'zero-window-probe', nth: 1 },
  { code: 'zero-window-probe-ack', answers: 4 },
  { code: 'zero-window-probe-ack', answers: null },
  { code: 'window-update', bytes: 65536 },
  { code: 'window-full', bytes: 65536 },
  { code: 'keep-alive', nth: 1 },
  { code: 'keep-alive-ack', answers: 4 },
  { code: 'challenge-ack', answers: 4 },
  { code: 'challenge-ack', answers: null },
  { code: 'previous-segment-missing', bytes: 1448, kind: 'lost' },
  { code: 'previous-segment-missing', bytes: 1448, kind: 'not-captured' },
  { code: 'previous-segment-missing', bytes: 1448, kind: 'unknown' },
  { code: 'ack-of-unseen', bytes: 1448 },
  { code: 'capture-duplicate', of: 4 },
  { code: 'old-duplicate', of: 4 },
  { code: 'old-duplicate', of: null },
  { code: 'outside-window' },
  ...(
    [
      'refused',
      'no-socket',
      'abort',
      'keep-alive-timeout',
      'unread-data',
      'bad-ack',
      'forged',
      'unknown',
    ] as const
  ).map((form): Note => ({ code: 'reset', form, answers: 4, taken: false })),
  { code: 'reset', form: 'abort', answers: null, taken: null },
  { code: 'fin-retransmission', of: 4 },
  { code: 'simultaneous-close', with: 4 },
  { code: 'data-after-close', bytes: 10 },
  { code: 'time-wait-until', side: 'client', until: 60.5 },
  { code: 'not-received', side: 'server', shownBy: 4, lost: true },
  { code: 'not-received', side: 'server', shownBy: null, lost: false },
  ...(['accept-queue-full', 'deferred-accept', 'old-timestamp', 'no-socket'] as const).map(
    (why): Note => ({ code: 'thrown-away', side: 'server', shownBy: 4, why }),
  ),
  { code: 'crossing', with: 4 },
  ...(['gave-up', 'orphan', 'crash', 'close', 'cookie', 'time-wait-over', 'unknown'] as const).map(
    (why): Note => ({ code: 'hidden-change', side: 'server', from: 'SYN_RECEIVED', to: 'CLOSED', why }),
  ),
  { code: 'state-unknown-before' },
  { code: 'icmp-error', name: 'host-unreachable', router: '203.0.113.1', fatal: true },
  { code: 'icmp-error', name: 'time-exceeded', router: '203.0.113.1', fatal: false },
  { code: 'near-fast-answers', side: 'client', milliseconds: 0.0213, other: 31.52 },
  { code: 'near-fast-answers', side: 'client', milliseconds: 0.0213, other: null },
  { code: 'near-large-frames', side: 'client', bytes: 65160 },
  { code: 'near-partial-checksums', side: 'server', packets: 7 },
  { code: 'near-ttl', side: 'server', ttl: 64 },
  { code: 'near-between', client: 3, server: 5 },
  { code: 'near-both', client: 3, server: 5 },
  { code: 'near-both', client: null, server: 5 },
  { code: 'near-at-most', client: 43, server: 50 },
  { code: 'unanswered', shownBy: 7 },
  { code: 'unanswered', shownBy: null },
  { code: 'near-unknown' },
]

const SPOILT = /undefined|NaN|null|Infinity|\[object|function|=>/
const HAN = /\p{Script=Han}/u

describe.each([
  ['en', en],
  ['zh', zh],
] as const)('%s', (code, language: Language) => {
  it('has a whole sentence for every note', () => {
    for (const note of NOTES) {
      const sentence = say(language.notes, note, voice)
      expect(sentence, note.code).toMatch(code === 'en' ? /^["A-Z0-9].*[.]$/ : /。$/)
      expect(sentence, note.code).not.toMatch(SPOILT)
      expect(sentence, note.code).not.toMatch(/ {2}|\.\.|。。|，，/)
      expect(HAN.test(sentence), `${note.code}: ${sentence}`).toBe(code === 'zh')
    }
  })

  it('is tested with every note there is', () => {
    expect(new Set(NOTES.map((note) => note.code))).toEqual(new Set(Object.keys(language.notes)))
  })

  it('keeps the ladder short', () => {
    for (const note of NOTES) {
      const words = say(language.short, note, voice)
      expect(words, note.code).not.toMatch(SPOILT)
      expect(words, note.code).not.toMatch(/[.。]$/)
      expect(words.length, `${note.code}: ${words}`).toBeLessThanOrEqual(75)
    }
  })

  it('has a clause for every rule of the machine', () => {
    for (const { id } of RULES) {
      expect(language.rules[id], id).toMatch(/\S/)
      expect(language.rules[id], id).not.toMatch(/[.。]$/)
      expect(HAN.test(language.rules[id]), id).toBe(code === 'zh')
    }
  })

  it('says nothing for a code of a newer version', () => {
    expect(say(language.notes, { code: 'no-such-note' } as unknown as Note, voice)).toBe('')
  })
})

it('quotes no capture text raw', () => {
  const hostile = { code: 'icmp-error', name: 'a\u001b[31m', router: '\u202e1', fatal: true } as const
  expect(say(en.notes, hostile, voice)).toContain('\\u{1b}[31m')
  expect(say(en.notes, hostile, voice)).toContain('\\u{202e}')
})

describe('a rule that does not follow the section it stands in', () => {
  const has = (row: (typeof RULES)[number], stack: object): boolean =>
    Object.entries(row.stack ?? {}).every(([name, value]) => Reflect.get(stack, name) === value)

  it('is told with what it follows, in the words of the language', () => {
    const oldSyn = '3.10.7.4/1-sequence/syn-received/old-syn'
    expect(citation(oldSyn, en)).toBe('Linux, not RFC 9293 3.10.7.4 step 1')
    expect(citation(oldSyn, zh)).toBe('Linux，而非 RFC 9293 3.10.7.4 第 1 步')
    expect(citation('3.10.7.4/7-text/orphan', en)).toBe('RFC 9293 3.6.1 SHLD-3')
    expect(citation('3.10.7.4/1-sequence/time-wait/fin-again', en)).toBe('RFC 9293 3.10.7.4 step 8')
    expect(citation('3.10.7.4/2-reset/time-wait/ignored', en)).toBe(
      'RFC 1337 3, not RFC 9293 3.10.7.4 step 2',
    )
  })
  it.each(RULES.filter((row) => row.stack !== undefined && !has(row, RFC9293)))(
    '$id is no rule of RFC 9293 as it stands: its section is never cited alone',
    ({ id }) => expect(ORIGINS).toHaveProperty([id]),
  )
  it('is every one whose source is not its own section', () => {
    // These name what says the same as the section, or more of it.
    const agreeing =
      /^(3\.10\.7\.4\/(1-sequence\/zero-window|2-reset\/challenge|4-syn\/challenge|5-ack\/too-old|7-text\/(held|gap-filled)|8-fin\/fin-wait-1\/our-fin))$/
    const told = RULES.filter(({ source, id }) => source !== undefined && !agreeing.test(id)).map(
      ({ id }) => id,
    )
    expect(Object.keys(ORIGINS).toSorted()).toEqual(told.toSorted())
  })
})

it('cites the section and the step, in the words of the language', () => {
  expect(citation('3.10.7.4/5-ack/fin-wait-1/our-fin', en)).toBe('RFC 9293 3.10.7.4 step 5')
  expect(citation('3.10.7.4/5-ack/fin-wait-1/our-fin', zh)).toBe('RFC 9293 3.10.7.4 第 5 步')
  expect(citation('3.10.1/active', zh)).toBe('RFC 9293 3.10.1')
  expect(citation('infer/gone', en)).toBe('')
})

it('calls the ladder by one name in Chinese: 时序图, as the README does', () => {
  expect(chineseHelp.about).toContain('时序图')
  expect(JSON.stringify(chineseHelp)).not.toContain('梯形图')
})

it('says what made the page in one breath', () => {
  expect(englishPage.printed('1.2.3')).toBe('Made by bothends 1.2.3')
  expect(chinesePage.printed('1.2.3')).toBe('由 bothends 1.2.3 生成')
})

it('has the same help in both languages', () => {
  expect(Object.keys(chineseHelp.options)).toEqual(Object.keys(englishHelp.options))
  expect(chineseHelp.examples.map(([line]) => line)).toEqual(englishHelp.examples.map(([line]) => line))
})

it('writes large numbers in the page as everywhere else: their digits alone', () => {
  for (const page of [englishPage, chinesePage]) {
    expect(page.capture(200_022, 1_200_000, 90_000)).toMatch(/200022.*1200000.*90000/)
  }
})
