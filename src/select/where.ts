/**
 * `--where`: which connections to show, by what is known of them. docs/where.md describes it.
 *
 *   [client.|server.] address|port|state|state.ever|certainty|errno|call   verdict   closed   finding   severity   side
 *   event   duration   start   packets   bytes   flow   incarnation      = != < <= > >=      and or not ( )
 *
 * A field without a side holds when it holds for either. `address = 10.0.0.0/8` is a network. Durations: `1.5`, `200ms`,
 * `2m`. In: the text, the findings. Out: a test of a connection. Throws FilterError.
 */
import { type Finding, type Flow, SIDES, type Side, STATES, type State } from '../report.js'
import { networkTest } from './address.js'
import { parseLogic, type Test } from './logic.js'
import { Cursor, FilterError, tokens } from './tokens.js'
import { VOCABULARY } from './vocabulary.js'

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>='
const EQUALITY: readonly Operator[] = ['=', '!=']
/** Of numbers and times. */
const OPERATORS: readonly Operator[] = [...EQUALITY, '<', '<=', '>', '>=']

/** What a field has to say about a flow: any of these. */
type Values<T> = (flow: Flow) => readonly T[]

interface Subject {
  readonly findings: ReadonlyMap<number, readonly Finding[]>
}

type Field =
  | {
      readonly kind: 'word'
      readonly known: readonly string[]
      readonly values: (subject: Subject) => Values<string>
    }
  | { readonly kind: 'number'; readonly values: Values<number> }
  | { readonly kind: 'seconds'; readonly values: Values<number> }
  | { readonly kind: 'address'; readonly values: Values<string> }
  | { readonly kind: 'state'; readonly values: Values<string> }

const word = (known: readonly string[], values: Values<string>): Field => ({
  kind: 'word',
  known,
  values: () => values,
})
const number = (values: Values<number>): Field => ({ kind: 'number', values })

const ofSides = (sides: readonly Side[]): Readonly<Record<string, Field>> => ({
  address: { kind: 'address', values: (flow) => sides.map((side) => flow[side].address) },
  port: number((flow) => sides.map((side) => flow[side].port)),
  state: { kind: 'state', values: (flow) => sides.map((side) => flow[side].state) },
  'state.ever': {
    kind: 'state',
    values: (flow) => sides.flatMap((side) => flow.spans[side].map(({ state }) => state)),
  },
  certainty: word(VOCABULARY.certainty, (flow) => sides.map((side) => flow[side].certainty)),
  errno: word(VOCABULARY.errno, (flow) =>
    flow.calls.flatMap(({ side, errno }) => (sides.includes(side) ? [errno] : [])),
  ),
  call: word(VOCABULARY.call, (flow) =>
    flow.calls.flatMap(({ side, call }) => (sides.includes(side) ? [call] : [])),
  ),
})

const prefixed = (side: Side): [string, Field][] =>
  Object.entries(ofSides([side])).map(([name, field]) => [`${side}.${name}`, field])

export const FIELDS: Readonly<Record<string, Field>> = {
  ...ofSides(SIDES),
  ...Object.fromEntries([...prefixed('client'), ...prefixed('server')]),
  verdict: word(VOCABULARY.verdict, ({ verdict }) => [verdict]),
  closed: word(VOCABULARY.closed, ({ closedFirst }) => (closedFirst === null ? [] : [closedFirst])),
  side: {
    kind: 'word',
    known: VOCABULARY.side,
    values:
      ({ findings }) =>
      ({ flow }) =>
        (findings.get(flow) ?? []).flatMap(({ side }) => side ?? []),
  },
  finding: {
    kind: 'word',
    known: VOCABULARY.finding,
    values:
      ({ findings }) =>
      ({ flow }) =>
        (findings.get(flow) ?? []).map(({ id }) => id),
  },
  severity: {
    kind: 'word',
    known: VOCABULARY.severity,
    values:
      ({ findings }) =>
      ({ flow }) =>
        (findings.get(flow) ?? []).map(({ severity }) => severity),
  },
  event: word(VOCABULARY.event, ({ rows }) => [
    ...new Set(rows.flatMap(({ notes }) => notes.map(({ code }) => code))),
  ]),
  duration: { kind: 'seconds', values: ({ startAt, endAt }) => [endAt - startAt] },
  start: { kind: 'seconds', values: ({ startAt }) => [startAt] },
  packets: number(({ packets }) => [packets]),
  bytes: number(({ bytes }) => [bytes]),
  flow: number(({ flow }) => [flow]),
  incarnation: number(({ incarnation }) => [incarnation]),
}

/** A survey of a large capture does not know these: they need every packet of all connections. */
const NEEDS_PACKETS: ReadonlySet<string> = new Set([
  'event',
  'state.ever',
  'client.state.ever',
  'server.state.ever',
])
export const needsPackets = (text: string): boolean =>
  tokens(text).some((token) => NEEDS_PACKETS.has(token.text.toLowerCase()))

export function whereFilter(text: string, findings: readonly Finding[] = []): Test<Flow> {
  const cursor = new Cursor(tokens(text), text.length)
  if (cursor.peek() === undefined) return () => true
  const byFlow = new Map<number, Finding[]>()
  for (const finding of findings) {
    for (const flow of finding.flows) {
      const list = byFlow.get(flow)
      if (list === undefined) byFlow.set(flow, [finding])
      else list.push(finding)
    }
  }
  return parseLogic(cursor, () => comparison(cursor, { findings: byFlow }), false)
}

function comparison(cursor: Cursor, subject: Subject): Test<Flow> {
  const names = Object.keys(FIELDS)
  const name = cursor.next(names)
  const key = name.text.toLowerCase()
  const field = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined
  if (field === undefined) throw new FilterError(name.at, name.text, names)
  const operators = field.kind === 'number' || field.kind === 'seconds' ? OPERATORS : EQUALITY
  const taken = cursor.take(...operators, '==')
  if (taken === undefined) cursor.fail(operators)
  const operator = (taken === '==' ? '=' : taken) as Operator
  const value = cursor.next([])
  const wrong = (expected: readonly string[]): never => {
    throw new FilterError(value.at, value.text, expected)
  }
  if (field.kind === 'number' || field.kind === 'seconds') {
    const wanted =
      (field.kind === 'seconds' ? seconds(value.text) : plain(value.text)) ??
      wrong(field.kind === 'seconds' ? ['2.5', '200ms', '2m'] : ['80'])
    return (flow) => field.values(flow).some((have) => compare(have, operator, wanted))
  }
  // `!=` holds when none of the values is the one: `state != TIME_WAIT` means neither side.
  const turned = (test: Test<Flow>): Test<Flow> => (operator === '=' ? test : (flow) => !test(flow))
  if (field.kind === 'address') {
    const test = networkTest(value.text) ?? wrong(['192.0.2.10', '198.51.100.0/24'])
    return turned((flow) => field.values(flow).some(test))
  }
  if (field.kind === 'state') {
    const wanted = stateNamed(value.text) ?? wrong(STATES)
    return turned((flow) => field.values(flow).includes(wanted))
  }
  const wanted = value.text.toLowerCase()
  if (!field.known.some((known) => known.toLowerCase() === wanted)) wrong(field.known)
  const values = field.values(subject)
  return turned((flow) => values(flow).some((have) => have.toLowerCase() === wanted))
}

const compare = (have: number, operator: Operator, wanted: number): boolean => {
  switch (operator) {
    case '=':
      return have === wanted
    case '!=':
      return have !== wanted
    case '<':
      return have < wanted
    case '<=':
      return have <= wanted
    case '>':
      return have > wanted
    default:
      return have >= wanted
  }
}

const plain = (text: string): number | null => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : null)

const UNITS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 }
const seconds = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|m|h)?$/i.exec(text)
  return match === null ? null : Number(match[1]) * (UNITS[(match[2] ?? 's').toLowerCase()] ?? 1)
}

/** Spellings of netstat, ss and others, without case, hyphens and underscores. */
const OTHER_NAMES: Readonly<Record<string, State>> = {
  SYNRECV: 'SYN_RECEIVED',
  SYNRCVD: 'SYN_RECEIVED',
  ESTAB: 'ESTABLISHED',
  CLOSE: 'CLOSED',
  UNCONN: 'CLOSED',
  LISTENING: 'LISTEN',
}

/** `TIME_WAIT`, `time-wait`, `FIN_WAIT1`, `syn-recv`, `ESTAB`. */
export const stateNamed = (text: string): State | null => {
  const bare = text.toUpperCase().replace(/[-_]/g, '')
  return (
    STATES.find((state) => state.replaceAll('_', '') === bare) ??
    (Object.hasOwn(OTHER_NAMES, bare) ? (OTHER_NAMES[bare] ?? null) : null)
  )
}
