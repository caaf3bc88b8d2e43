/**
 * A flow's line of `flows --json` as octets, member by member: with millions of flows no list of names is gone through.
 *
 * In: a flow. Out: the members that `views/json.ts` names, behind what is there, without the line's last brace: a test
 * compares the two.
 */
import type { AnyRule, Certainty, Flow, FlowEnd, State, StateSpan, TimerSpan } from '../report.js'
import type { JsonBytes } from './json-bytes.js'

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const FLOW = octets('{"type":"flow","flow":')
const OUTER = octets(',"outer":')
const CLIENT = octets(',"client":{"address":')
const SERVER = octets(',"server":{"address":')
const PORT = octets(',"port":')
const STATE = octets(',"state":')
const CERTAINTY = octets(',"certainty":')
const ROLES = octets('},"roles":')
const START = octets(',"start":')
const END = octets(',"end":')
const START_AT = octets(',"startAt":')
const END_AT = octets(',"endAt":')
const PACKETS = octets(',"packets":')
const BYTES = octets(',"bytes":')
const COMMUNITY_ID = octets(',"communityId":')
const INCARNATION = octets(',"incarnation":')
const BEGINS_IN_MIDDLE = octets(',"beginsInMiddle":')
const CAPTURED_NEAR = octets(',"capturedNear":')
const CALLS = octets(',"calls":')
const CLOSED_FIRST = octets(',"closedFirst":')
const VERDICT = octets(',"verdict":')
const SPANS = octets(',"spans":{"client":')
const OF_SERVER = octets(',"server":')
const CAPTURE = octets(',"capture":')
const TO = octets(',"to":')
const TIMERS = octets('},"timers":')
const EXPIRES = octets(',"expires":')
const STOPPED = octets(',"stopped":')
const COMMA = 0x2c
const [OPEN_LIST, CLOSE_LIST] = [0x5b, 0x5d]
const CLOSE_OBJECT = 0x7d

export function putFlow(json: JsonBytes, flow: Flow): void {
  json.octets(FLOW)
  json.number(flow.flow)
  json.octets(OUTER)
  json.string(flow.outer)
  putEnd(json, CLIENT, flow.client)
  json.octet(CLOSE_OBJECT)
  putEnd(json, SERVER, flow.server)
  json.octets(ROLES)
  json.string(flow.roles)
  json.octets(START)
  json.string(flow.start)
  json.octets(END)
  json.string(flow.end)
  json.octets(START_AT)
  json.seconds(flow.startAt)
  json.octets(END_AT)
  json.seconds(flow.endAt)
  json.octets(PACKETS)
  json.number(flow.packets)
  json.octets(BYTES)
  json.number(flow.bytes)
  json.octets(COMMUNITY_ID)
  json.string(flow.communityId)
  json.octets(INCARNATION)
  json.number(flow.incarnation)
  json.octets(BEGINS_IN_MIDDLE)
  json.value(flow.beginsInMiddle)
  json.octets(CAPTURED_NEAR)
  json.value(flow.capturedNear)
  json.octets(CALLS)
  json.value(flow.calls)
  json.octets(CLOSED_FIRST)
  json.value(flow.closedFirst)
  json.octets(VERDICT)
  json.string(flow.verdict)
}

function putEnd(json: JsonBytes, begin: Uint8Array, end: FlowEnd): void {
  json.octets(begin)
  json.string(end.address)
  json.octets(PORT)
  json.number(end.port)
  json.octets(STATE)
  json.string(end.state)
  json.octets(CERTAINTY)
  json.string(end.certainty)
}

/** What `annotate --json` adds: the states of both ends, and their timers. */
export function putHistory(json: JsonBytes, { spans, timers }: Pick<Flow, 'spans' | 'timers'>): void {
  json.octets(SPANS)
  putAll(json, spans.client, putSpan)
  json.octets(OF_SERVER)
  putAll(json, spans.server, putSpan)
  json.octets(TIMERS)
  putAll(json, timers, putTimer)
}

function putAll<T>(json: JsonBytes, list: readonly T[], put: (json: JsonBytes, item: T) => void): void {
  json.octet(OPEN_LIST)
  for (let n = 0; n < list.length; n++) {
    if (n > 0) json.octet(COMMA)
    put(json, list[n] as T)
  }
  json.octet(CLOSE_LIST)
}

function putSpan(
  json: JsonBytes,
  { state, from, to, certainty, cause, packet, capture, rules }: StateSpan,
): void {
  json.octets(beginningOf(state))
  json.seconds(from)
  json.octets(TO)
  json.seconds(to)
  json.octets(causeOf(certainty, cause))
  json.value(packet)
  if (capture !== undefined) {
    json.octets(CAPTURE)
    json.number(capture)
  }
  json.octets(rulesOf(rules))
}

function putTimer(json: JsonBytes, { side, name, from, expires, stopped }: TimerSpan): void {
  json.octets(timerOf(side, name))
  json.seconds(from)
  json.octets(EXPIRES)
  json.seconds(expires)
  json.octets(STOPPED)
  json.seconds(stopped)
  json.octet(CLOSE_OBJECT)
}

/** Few texts, each written very often, by the words that make them. */
function kept<A extends string, B extends string>(text: (a: A, b: B) => string): (a: A, b: B) => Uint8Array {
  const known = new Map<A, Map<B, Uint8Array>>()
  return (a, b) => {
    const before = known.get(a)?.get(b)
    if (before !== undefined) return before
    const made = octets(text(a, b))
    const inner = known.get(a) ?? new Map<B, Uint8Array>()
    known.set(a, inner.set(b, made))
    return made
  }
}

const beginnings = kept((state: State, _: '') => `{"state":"${state}","from":`)
const beginningOf = (state: State): Uint8Array => beginnings(state, '')
const causeOf = kept(
  (certainty: Certainty, cause: StateSpan['cause']) =>
    `,"certainty":"${certainty}","cause":"${cause}","packet":`,
)
const timerOf = kept(
  (side: TimerSpan['side'], name: TimerSpan['name']) => `{"side":"${side}","name":"${name}","from":`,
)
const NO_RULES = octets(',"rules":[]}')
const oneRule = kept((rule: AnyRule, _: '') => `,"rules":["${rule}"]}`)
const twoRules = kept((one: AnyRule, other: AnyRule) => `,"rules":["${one}","${other}"]}`)

function rulesOf(rules: readonly AnyRule[]): Uint8Array {
  const [one, other] = rules
  if (one === undefined) return NO_RULES
  if (rules.length === 1) return oneRule(one, '')
  if (rules.length === 2 && other !== undefined) return twoRules(one, other)
  return octets(`,"rules":${JSON.stringify(rules)}}`)
}
