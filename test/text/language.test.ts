import { expect, it } from 'vitest'
import { moment, nth, seconds } from '../../src/text/amount.js'
import { chooseLanguage } from '../../src/text/language.js'
import { speller } from '../../src/text/states.js'

it.each([
  [undefined, {}, 'en'],
  [undefined, { LANG: 'zh_CN.UTF-8' }, 'zh'],
  [undefined, { LANG: 'zh_TW.UTF-8' }, 'zh'],
  [undefined, { LANG: 'zh-Hant-HK' }, 'zh'],
  [undefined, { LANG: 'de_DE.UTF-8' }, 'en'],
  [undefined, { LANG: 'zha_XX' }, 'en'],
  [undefined, { LC_ALL: 'C', LC_MESSAGES: 'zh_CN', LANG: 'zh_CN' }, 'en'],
  [undefined, { LC_ALL: '', LC_MESSAGES: 'zh_CN', LANG: 'en_US' }, 'zh'],
  ['en', { LANG: 'zh_CN' }, 'en'],
  ['zh', { LANG: 'en_US' }, 'zh'],
] as const)('--lang %s with %j is %s', (asked, env, expected) => {
  expect(chooseLanguage(asked, env)).toBe(expected)
})

it('spells states as Linux netstat, the RFC and ss do', () => {
  expect(speller('netstat')('SYN_RECEIVED')).toBe('SYN_RECV')
  expect(speller('netstat')('FIN_WAIT_2')).toBe('FIN_WAIT2')
  expect(speller('rfc')('FIN_WAIT_2')).toBe('FIN-WAIT-2')
  expect(speller('ss')('ESTABLISHED')).toBe('ESTAB')
  expect(speller()('SYN_RECEIVED')).toBe('SYN_RECEIVED')
})

it('writes amounts with a unit', () => {
  expect([63, 133.4, 2.04, 0.2, 0.000015, 0, Number.NaN].map(seconds)).toEqual([
    '63 s',
    '133 s',
    '2.04 s',
    '200 ms',
    '15 us',
    '0 s',
    '?',
  ])
  expect([1, 2, 3, 4, 11, 12, 13, 21, 111].map(nth)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '13th',
    '21st',
    '111th',
  ])
  expect(moment(60.0804)).toBe('60.08 s')
})
