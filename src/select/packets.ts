/**
 * The part of tcpdump's filter language (pcap-filter(7)) that names connections:
 *
 *   [src|dst] host A   [src|dst] net N[/len] [mask not supported]   [src|dst] port P   [src|dst] portrange P-Q
 *   tcp   ip   ip6   and or not && || ! ( )   and a bare address for `host`
 *
 * A host may be given without `host`, and after `and`/`or` the words before may be left out: `port 80 or 443`.
 * In: the text. Out: a test of a connection: a connection is taken when a packet of it would be. Throws FilterError.
 */
import type { Flow } from '../report.js'
import { type AddressTest, addressTest, networkTest } from './address.js'
import { parseLogic, type Test } from './logic.js'
import { Cursor, FilterError, tokens } from './tokens.js'

type Which = 'src' | 'dst' | 'either'
type Kind = 'host' | 'net' | 'port' | 'portrange'

/** One direction of a connection: what a packet's header would say. */
export interface Direction {
  readonly src: { readonly address: string; readonly port: number }
  readonly dst: { readonly address: string; readonly port: number }
}

const STARTS = ['host', 'net', 'port', 'portrange', 'src', 'dst', 'tcp', 'ip', 'ip6', 'not', '(']

export function packetFilter(text: string): Test<Flow> {
  const test = directionFilter(text)
  return ({ client, server, rows }) =>
    (rows.some(({ from }) => from === 'client') && test({ src: client, dst: server })) ||
    (rows.some(({ from }) => from === 'server') && test({ src: server, dst: client })) ||
    (rows.length === 0 && test({ src: client, dst: server }))
}

export function directionFilter(text: string): Test<Direction> {
  const cursor = new Cursor(tokens(text), text.length)
  if (cursor.peek() === undefined) return () => true
  let before: { which: Which; kind: Kind } = { which: 'either', kind: 'host' }

  const primary = (): Test<Direction> => {
    if (cursor.take('tcp') !== undefined) {
      // `tcp port 80` is `tcp and port 80`.
      return ['src', 'dst', 'port', 'portrange'].includes(cursor.peek()?.toLowerCase() ?? '')
        ? primary()
        : () => true
    }
    const family = cursor.take('ip', 'ip6')
    if (family !== undefined) {
      const isSix = family === 'ip6'
      const own: Test<Direction> = ({ src }) => src.address.includes(':') === isSix
      const more = ['src', 'dst', 'host', 'net'].includes(cursor.peek()?.toLowerCase() ?? '')
        ? primary()
        : null
      return more === null ? own : (direction) => own(direction) && more(direction)
    }
    const which = cursor.take('src', 'dst') as Which | undefined
    const kind = cursor.take('host', 'net', 'port', 'portrange') as Kind | undefined
    if (which !== undefined || kind !== undefined) before = { which: which ?? 'either', kind: kind ?? 'host' }
    return value(before)
  }

  const value = ({ which, kind }: { which: Which; kind: Kind }): Test<Direction> => {
    const token = cursor.next(STARTS)
    const bad = (expected: readonly string[]): never => {
      throw new FilterError(token.at, token.text, expected)
    }
    if (kind === 'port' || kind === 'portrange') {
      const range = portRange(token.text, kind) ?? bad(['0-65535'])
      return ends(which, ({ port }) => port >= range[0] && port <= range[1])
    }
    const test: AddressTest =
      (kind === 'net' ? networkTest(token.text) : addressTest(token.text)) ?? bad(STARTS)
    return ends(which, ({ address }) => test(address))
  }
  return parseLogic(cursor, primary, true)
}

const ends =
  (which: Which, test: Test<Direction['src']>): Test<Direction> =>
  ({ src, dst }) =>
    (which !== 'dst' && test(src)) || (which !== 'src' && test(dst))

function portRange(text: string, kind: Kind): readonly [number, number] | null {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text)
  if (match === null || (kind === 'port' && match[2] !== undefined)) return null
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])]
  return from <= to && to <= 65_535 ? [from, to] : null
}
