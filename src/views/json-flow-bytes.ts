/**
 * A flow's line of `flows --json` as octets: of very many that differ in their numbers only one is worded, the others
 * are its form with numbers of their own.
 *
 * In: a flow. Out: the members that `views/json.ts` names, behind what is there, without the line's end: a test compares
 * the two.
 */
import {
  BYTES,
  CLIENT,
  CLIENT_PORT,
  COMMUNITY,
  END,
  END_AT,
  FLOW,
  FLOW_NUMBERS,
  isNumbered,
  MOST_REASONS,
  PACKETS,
  REASON,
  SERVER,
  SERVER_PORT,
  START,
  START_AT,
} from '../numbered.js'
import type { Flow } from '../report.js'
import type { JsonBytes } from './json-bytes.js'
import { flowMembers } from './json-flow.js'
import { type Form, fill, formOf, HOW, type Mark } from './json-form.js'

/** Behind the last member. */
export const FLOW_END = new TextEncoder().encode('}\n')

/** What stands for a number: with quotes where it is a member's value, without where it is part of a text. */
const at = (which: number): string => `@${which}@`
const mark = (which: number, how: Mark['how'], text = `"${at(which)}"`): Mark => ({ text, which, how })
const MARKS = [
  ...[FLOW, CLIENT_PORT, SERVER_PORT, PACKETS, BYTES].map((which) => mark(which, HOW.plain)),
  ...Array.from({ length: MOST_REASONS }, (_, n) => mark(REASON + n, HOW.plain)),
  ...[START_AT, END_AT].map((which) => mark(which, HOW.seconds)),
  ...[START, END].map((which) => mark(which, HOW.time, at(which))),
  mark(COMMUNITY, HOW.base64, at(COMMUNITY)),
]
/** How addresses are written: words, or texts by these places. */
const ADDRESSES = {
  4: [mark(CLIENT, HOW.address, at(CLIENT)), mark(SERVER, HOW.address, at(SERVER))],
  6: [mark(0, HOW.text, at(CLIENT)), mark(1, HOW.text, at(SERVER))],
} as const
const textsOf = ({ client, server }: Flow): readonly string[] => [client.address, server.address]
const NONE: readonly never[] = []

export class FlowBytes {
  readonly #numbers = new Float64Array(FLOW_NUMBERS)
  /** By what flows have in common. */
  readonly #forms = new Map<unknown, Form>()

  put(json: JsonBytes, flow: Flow): void {
    const sort = isNumbered(flow) ? flow.numbers(this.#numbers) : null
    if (sort === null || !isNumbered(flow)) {
      json.raw(withoutEnd(flowMembers(flow)))
      return
    }
    let form = this.#forms.get(sort)
    if (form === undefined) {
      form = formOf(withoutEnd(marked(flow)), [...MARKS, ...ADDRESSES[flow.version]])
      this.#forms.set(sort, form)
    }
    fill(json, form, this.#numbers, 0, flow.version === 4 ? NONE : textsOf(flow))
  }
}

const withoutEnd = (members: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(members).slice(0, -1)

/** Its members, with marks for numbers. */
function marked(flow: Flow): Record<string, unknown> {
  const { client, server, capturedNear } = flow
  const { where, reason } = capturedNear
  let place = REASON
  const marks = Object.entries(reason).map(([name, value]): [string, unknown] =>
    typeof value === 'string' ? [name, value] : [name, at(place++)],
  )
  return {
    ...flowMembers(flow),
    flow: at(FLOW),
    client: { ...client, address: at(CLIENT), port: at(CLIENT_PORT) },
    server: { ...server, address: at(SERVER), port: at(SERVER_PORT) },
    start: at(START),
    end: at(END),
    startAt: at(START_AT),
    endAt: at(END_AT),
    packets: at(PACKETS),
    bytes: at(BYTES),
    communityId: `1:${at(COMMUNITY)}`,
    capturedNear: { where, reason: Object.fromEntries(marks) },
  }
}
