/**
 * Names of captures, and behind them a filter in tcpdump's language: `bothends a.pcap b.pcap host 10.0.0.1 and port 80`.
 *
 * In: the command's arguments, whether a file of that name exists. Out: the two apart. The filter begins at the first
 * argument that is no file and begins like a filter.
 */
import { isIP } from 'node:net'
import { safe } from '../text/safe.js'

export const FILTER_STARTS: ReadonlySet<string> = new Set([
  ...['host', 'net', 'port', 'portrange', 'src', 'dst', 'tcp', 'udp', 'icmp', 'ip', 'ip6', 'not', '!', '('],
])

export interface Arguments {
  readonly captures: readonly string[]
  /** '' for none. */
  readonly filter: string
}

export const splitArguments = (all: readonly string[], exists: (name: string) => boolean): Arguments => {
  const begin = all.findIndex((argument, index) => index > 0 && beginsFilter(argument) && !exists(argument))
  return begin < 0
    ? { captures: all, filter: '' }
    : { captures: all.slice(0, begin), filter: all.slice(begin).join(' ') }
}

const beginsFilter = (argument: string): boolean => {
  const [word = ''] = argument.trim().split(/\s+/)
  return FILTER_STARTS.has(word.toLowerCase()) || /^[(!]/.test(word) || isIP(word) !== 0
}

interface Typed extends Arguments {
  readonly where?: string
  readonly loadState?: string
  readonly stack?: string
  readonly sysctl?: readonly string[]
  readonly maxFlows?: string
}

/** What to type to see the same connections again, in the same states and under the same numbers, with its quotation marks. */
export const typedAgain = ({ captures, filter, ...options }: Typed): string =>
  [
    ...given('--stack', options.stack),
    ...(options.sysctl ?? []).flatMap((file) => given('--sysctl', file)),
    ...given('--max-flows', options.maxFlows),
    ...given('--where', options.where),
    ...given('--load-state', options.loadState),
    ...captures,
  ]
    .map((word) => quoted(word, PLAIN))
    .concat(filter === '' ? [] : quoted(filter, PLAIN_WORDS))
    .map(safe)
    .join(' ')

const given = (option: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [option, value]

const PLAIN = /^[\p{L}\p{N}_./:@%+=,-]+$/u
const PLAIN_WORDS = /^[\p{L}\p{N}_./:@%+=, -]+$/u

/** As a shell needs it. */
const quoted = (text: string, plain: RegExp): string =>
  plain.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
