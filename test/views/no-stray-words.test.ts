/** A language of nothing but `@`: whatever else is readable in a view was not written in text/. */
import { expect, it } from 'vitest'
import { en } from '../../src/text/en/index.js'
import type { Language } from '../../src/text/table.js'
import { netstatPage } from '../../src/views/netstat/index.js'
import { flowPage, listPage } from '../../src/views/terminal/index.js'
import { lookFor } from '../../src/views/terminal/look.js'
import { report } from './made.js'
import { crossing, long, normal, overflow, unreachable } from './stories.js'

const wordless = (value: unknown): unknown => {
  if (typeof value === 'string') return '@'
  if (typeof value === 'function') return () => '@'
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wordless(inner)]))
}
const language = wordless(en) as Language

/** What is the same in every language: states, fields, units, protocol names, and what the capture itself brought. */
const UNIVERSAL =
  /\b(?:CLOSED|LISTEN|SYN_SENT|SYN_RECV|SYN_RECEIVED|ESTABLISHED|FIN_WAIT_?[12]|CLOSE_WAIT|CLOSING|LAST_ACK|TIME_WAIT|SEQ|ACK|CTL|LEN|SYN|FIN|RST|PSH|UTC|ICMP|host-unreachable|db8|aaaa|bbbb|cccc|dddd|eeee)\b|[.·-]{2}x|--[>x]|<--|x--/g
/** netstat's own column titles. */
const NETSTAT = /Proto Recv-Q Send-Q Local Address|Foreign Address|State|Timer|timewait|tcp6?|off|\bon\b/g

const view = {
  language,
  spell: (state: string) => state,
  look: lookFor({ colour: 'never', ascii: false }, { COLUMNS: '140', LANG: 'C.UTF-8' }, {}),
  absolute: false,
  clock: 'r',
  all: false,
  why: true,
} as const

it('finds no words in the ladder', () => {
  for (const flow of [normal, overflow, crossing, unreachable, long])
    expect(
      flowPage(report([flow]), flow, view)
        .join('\n')
        .replace(UNIVERSAL, ''),
    ).not.toMatch(/\p{L}{2}/u)
})

it('finds no words in the list', () => {
  const page = listPage(report([normal, overflow, unreachable]), view, '')
  expect(page.join('\n').replace(UNIVERSAL, '')).not.toMatch(/\p{L}{2}/u)
})

it('finds only the words of netstat in netstat', () => {
  const asked = {
    moments: [{ asked: '#8', at: 0.08, packet: 8 }],
    host: null,
    every: null,
    timers: true,
    spell: view.spell,
    strong: (text: string) => text,
    faint: (text: string) => text,
  }
  const page = netstatPage(report([normal]), asked, language)
  expect(page.join('\n').replace(UNIVERSAL, '').replace(NETSTAT, '')).not.toMatch(/\p{L}{2}/u)
})
