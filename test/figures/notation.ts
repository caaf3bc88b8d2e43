/**
 * The notation of RFC 9293 figures 6 to 13, as section 3.5 explains it: "Right arrows (-->) indicate departure of a TCP
 * segment from TCP Peer A to TCP Peer B or arrival of a segment at B from A. Left arrows (<--) indicate the reverse.
 * Ellipses (...) indicate a segment that is still in the network (delayed). Comments appear in parentheses."
 *
 * In: the text of a figure. Out: its lines.
 */
import type { MachineSegment } from '../../src/rfc9293/event.js'
import { STATES, type State } from '../../src/rfc9293/state.js'
import { seg } from '../rfc9293/build.js'

export type Peer = 'A' | 'B'

/** What stands in one peer's column: a state after the line, a comment that is an event, or nothing. */
export interface Column {
  readonly state: State | null
  readonly comment: string | null
}

export interface Line {
  readonly text: string
  readonly columns: Readonly<Record<Peer, Column>>
  readonly segment: MachineSegment | null
  readonly from: Peer | null
  readonly departs: boolean
  readonly arrives: boolean
}

export interface Figure {
  readonly number: number
  readonly title: string
  readonly lines: readonly Line[]
}

/** The letters that figure 11 uses for numbers. */
const SYMBOLS: Readonly<Record<string, number>> = { X: 5000, Z: 1000 }

/** The octets that a bare <DATA> stands for. */
const SOME_DATA = 20

/** The column in which peer B's text begins, when a line has no segment. */
const MIDDLE = 36

export const parseFigures = (text: string): readonly Figure[] =>
  text
    .split(/\n(?=Figure \d+: )/)
    .filter((part) => part.startsWith('Figure'))
    .map((part) => {
      const [heading = '', ...lines] = part.split('\n').filter((line) => line.trim() !== '')
      const [, number, title = ''] = /^Figure (\d+): (.*)$/.exec(heading) ?? []
      return {
        number: Number(number),
        title,
        lines: lines.filter((line) => !line.includes('TCP Peer A')).map(parseLine),
      }
    })

const WITH_SEGMENT =
  /^(?: *\d+\.)?(?<a>.*?)(?<left>-->|<--|\.\.\.) +(?<segment>(?:<[^<>-]+>)+) *(?<right>-->|<--|\.\.\.)(?<b>.*)$/

const parseLine = (text: string): Line => {
  const groups = WITH_SEGMENT.exec(text)?.groups
  if (groups === undefined) {
    const unnumbered = text.replace(/^( *)(\d+\.)/, (_, space: string, number: string) =>
      ' '.repeat(space.length + number.length),
    )
    const columns = { A: column(unnumbered.slice(0, MIDDLE)), B: column(unnumbered.slice(MIDDLE)) }
    return { text, columns, segment: null, from: null, departs: false, arrives: false }
  }
  const { a = '', left, segment = '', right, b = '' } = groups
  const fromA = left === '-->' || right === '-->'
  return {
    text,
    columns: { A: column(a), B: column(b) },
    segment: parseSegment(segment),
    from: fromA ? 'A' : 'B',
    departs: (fromA ? left : right) !== '...',
    arrives: (fromA ? right : left) !== '...',
  }
}

const column = (text: string): Column => {
  const word = text.trim()
  if (/abort!!/i.test(word)) return { state: 'CLOSED', comment: null }
  if (word === '(return to LISTEN!)') return { state: 'LISTEN', comment: null }
  if (word.startsWith('(')) return { state: null, comment: word.slice(1, -1) }
  const state = STATES.find((name) => name === word.replaceAll('-', '_'))
  if (state === undefined && word !== '') throw new Error(`not a state: ${word}`)
  return { state: state ?? null, comment: null }
}

const parseSegment = (text: string): MachineSegment => {
  const field = (name: string) => new RegExp(`<${name}(?:=([^>]*))?>`).exec(text)
  const flags = (field('CTL')?.[1] ?? '').split(',').map((name) => name.charAt(0))
  const data = field('DATA')
  return seg(flags.join(''), {
    seq: value(field('SEQ')?.[1]),
    ack: value(field('ACK')?.[1] ?? '0'),
    len: data === null ? 0 : data[1] === undefined ? SOME_DATA : Number(data[1]),
    wnd: 100,
  })
}

/** `300`, `Z`, `Z+1`. */
const value = (text = ''): number =>
  text
    .split('+')
    .map((term) => SYMBOLS[term] ?? Number(term))
    .reduce((sum, term) => sum + term, 0)
