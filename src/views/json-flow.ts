/**
 * A flow's line of `flows --json` as octets, member by member: with millions of flows no list of names is gone through.
 *
 * In: a flow. Out: the members that `views/json.ts` names, behind what is there, without the line's end: a test compares
 * the two.
 */
import type { Flow, FlowEnd } from '../report.js'
import type { JsonBytes } from './json-bytes.js'

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
/** Behind the last member. */
export const FLOW_END = octets('}\n')
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
