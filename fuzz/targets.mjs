/**
 * What is fuzzed: a target, the kind of its inputs, how often it has its turn, and words that mean something to it.
 *
 * In: nothing. Out: the targets. Each module exports `fuzz(bytes)`, which throws when a promise is broken: the form that
 * Jazzer.js takes too. Kinds are folders of corpus/.
 */
import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('corpus/', import.meta.url)
/** `unit`: octets of one segment. `first`: so many inputs of the corpus to begin with, where each takes long. */
const target = (name, kind, turns, { words = [], unit = 1, first = Number.POSITIVE_INFINITY } = {}) => ({
  ...{ name, kind, turns, words, unit, first },
})

const FILTER =
  'and or not ( ) host net port portrange src dst tcp ip ip6 && || ! 10.0.0.1 2001:db8::/32 80 0-65535'
const WHERE =
  'address state state.ever verdict errno call finding severity duration packets bytes start closed side event = != < >= client. 200ms TIME_WAIT ECONNRESET'
const SYSCTL =
  'net.ipv4.tcp_fin_timeout tcp_syn_retries tcp_syncookies tcp_retries2 tcp_keepalive_time = 0 -1 1e9 NaN #'
const TIMES = '#1 1600000000.5 2020-09-13T12:26:40Z 1s 500ms'
const OPTIONS =
  '--flow --json --format --stack --sysctl --fail-on --lang --names --absolute --all --ascii --color -t --why --where --load-state --save-state --at --host -o --every --force --output explain finding state annotate flows netstat write export report SAMPLE DATA OUT MINE FOLDER - 0 1 csv mermaid parquet html json zh en linux rfc9293 client=SAMPLE port 80 #2 e ud always problem note -h -V --'
const MACHINE =
  '"conversations": "segments": "forgotten": "icmp": null [] {} -1 1e308 "__proto__": "captures":'
const HTTP =
  'GET HEAD POST / /news Host: 127.0.0.1:PORT HTTP/1.1 HTTP/1.0 ../ /secret /%2e%2e/secret //served.pcap file:///secret OPTIONS * CONNECT TRACE POST Content-Length: 99999999 Range: bytes=0-1 Expect: 100-continue Upgrade: Transfer-Encoding: chunked'

const split = (text) => text.split(' ')

/** Of 222 turns. */
export const TARGETS = [
  target('capture', 'capture', 56),
  target('segments', 'segments', 40, { unit: 6 }),
  target('plain', 'segments', 40, { unit: 6 }),
  target('long', 'segments', 20, { unit: 6 }),
  target('annotated', 'capture', 20),
  target('follow', 'capture', 16),
  target('words', 'words', 20, { words: split(`${FILTER} ${WHERE} ${SYSCTL} ${TIMES}`) }),
  target('state', 'state', 6, { words: split(MACHINE) }),
  target('requests', 'requests', 1, { words: split(HTTP) }),
  target('served', 'requests', 1, { words: split(HTTP) }),
  target('drawn', 'capture', 1, { first: 30 }),
  target('command', 'command', 1, { words: split(OPTIONS) }),
]

export const targetOf = async ({ name }) => (await import(`./targets/${name}.mjs`)).fuzz

export const KINDS = [...new Set(TARGETS.map(({ kind }) => kind))]

/** The inputs of a kind that belong to the project. */
export const corpusOf = (kind) => {
  const place = new URL(`${kind}/`, folder)
  return readdirSync(place)
    .sort()
    .map((name) => ({ name, bytes: readFileSync(new URL(name, place)) }))
}
