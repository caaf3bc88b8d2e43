/**
 * A flow's line of `flows --json` as octets, member by member: with millions of flows no list of names is gone through.
 *
 * In: a flow. Out: the members that `views/json.ts` names, behind what is there, without the line's end: a test compares
 * the two.
 */
import type { Certainty, Flow, FlowEnd, State } from '../report.js'
import type { JsonBytes } from './json-bytes.js'

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
/** Behind the last member. */
export const FLOW_END = octets('}\n')
const FLOW = octets('{"type":"flow","flow":')
const OUTER = octets(',"outer":')
const CLIENT = octets(',"client":{"address":')
const SERVER = octets(',"server":{"address":')
const PORT = octets(',"port":')
const END = octets(',"end":')
const START_AT = octets(',"startAt":')
const END_AT = octets(',"endAt":')
const PACKETS = octets(',"packets":')
const BYTES = octets(',"bytes":')
const COMMUNITY_ID = octets(',"communityId":')
const INCARNATION = octets(',"incarnation":')
const IN_MIDDLE = octets(',"beginsInMiddle":true')
const AT_BEGINNING = octets(',"beginsInMiddle":false')
const CALLS = octets(',"calls":')
const NO_CALLS = octets(',"calls":[]')
const CLOSE_OBJECT = 0x7d

/** Members that hold few different words, by the words: each text is made once. */
function worded<A, B>(text: (a: A, b: B) => string): (a: A, b: B) => Uint8Array {
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

type Place = Flow['capturedNear']
const standing = worded(
  (state: State, certainty: Certainty) => `,"state":"${state}","certainty":"${certainty}"}`,
)
const rolesThenStart = worded((roles: Flow['roles'], _: null) => `,"roles":"${roles}","start":`)
const nearBecause = worded(
  (where: Place['where'], code: Place['reason']['code']) =>
    `,"capturedNear":{"where":"${where}","reason":{"code":"${code}"`,
)
const ending = worded(
  (closedFirst: Flow['closedFirst'], verdict: Flow['verdict']) =>
    `,"closedFirst":${JSON.stringify(closedFirst)},"verdict":"${verdict}"`,
)

export function putFlow(json: JsonBytes, flow: Flow): void {
  json.octets(FLOW)
  json.number(flow.flow)
  json.octets(OUTER)
  json.string(flow.outer)
  putEnd(json, CLIENT, flow.client)
  putEnd(json, SERVER, flow.server)
  json.octets(rolesThenStart(flow.roles, null))
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
  json.octets(flow.beginsInMiddle ? IN_MIDDLE : AT_BEGINNING)
  putPlace(json, flow.capturedNear)
  putCalls(json, flow.calls)
  json.octets(ending(flow.closedFirst, flow.verdict))
}

function putEnd(json: JsonBytes, begin: Uint8Array, end: FlowEnd): void {
  json.octets(begin)
  json.string(end.address)
  json.octets(PORT)
  json.number(end.port)
  json.octets(standing(end.state, end.certainty))
}

function putPlace(json: JsonBytes, { where, reason }: Place): void {
  json.octets(nearBecause(where, reason.code))
  for (const [name, value] of Object.entries(reason)) if (name !== 'code') json.member(name, value)
  json.octet(CLOSE_OBJECT)
  json.octet(CLOSE_OBJECT)
}

function putCalls(json: JsonBytes, calls: Flow['calls']): void {
  if (calls.length === 0) {
    json.octets(NO_CALLS)
    return
  }
  json.octets(CALLS)
  json.value(calls)
}
