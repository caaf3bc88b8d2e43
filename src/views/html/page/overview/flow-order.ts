/** Sorting and filtering the table of connections. In: flows, what was typed. Out: flows. */
import type { Flow } from '../../../../report.js'
import { VERDICTS } from '../../../../report.js'
import type { Language } from '../../../../text/table.js'
import { sizeOf } from '../../../copies.js'
import { endpoint } from '../../../endpoint.js'
import { nameOf, spell } from '../store.js'

export const COLUMNS = [
  'flow',
  'verdict',
  'client',
  'server',
  'clientState',
  'serverState',
  'packets',
  'bytes',
  'start',
  'seconds',
] as const
export type ColumnName = (typeof COLUMNS)[number]

type Key = (flow: Flow) => string | number
const KEYS: Readonly<Record<ColumnName, Key>> = {
  flow: ({ flow }) => flow,
  client: ({ client }) => endpoint(client),
  server: ({ server }) => endpoint(server),
  clientState: ({ client }) => client.state,
  serverState: ({ server }) => server.state,
  verdict: ({ verdict }) => VERDICTS.indexOf(verdict),
  packets: (flow) => sizeOf(flow).packets,
  bytes: (flow) => sizeOf(flow).bytes,
  start: ({ startAt }) => startAt,
  seconds: ({ startAt, endAt }) => endAt - startAt,
}

export const sorted = (
  flows: readonly Flow[],
  column: ColumnName,
  down: boolean,
  language: Language,
): readonly Flow[] => {
  const key = KEYS[column]
  // 10.0.0.2 stands before 10.0.0.10.
  const order = new Intl.Collator(language.code, { numeric: true })
  const compare = (a: Flow, b: Flow): number => {
    const [one, two] = [key(a), key(b)]
    return typeof one === 'number' && typeof two === 'number'
      ? one - two
      : order.compare(String(one), String(two))
  }
  return flows.toSorted((a, b) => (down ? -compare(a, b) : compare(a, b)) || a.flow - b.flow)
}

/** Every word that was typed must occur; words are looked for in all languages' terms and in every spelling of a state. */
export const matches = (flow: Flow, text: string, language: Language): boolean => {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return true
  const { client, server, verdict } = flow
  const hay = [
    endpoint(client),
    endpoint(server),
    nameOf(client.address) ?? '',
    nameOf(server.address) ?? '',
    client.state,
    server.state,
    spell(client.state),
    spell(server.state),
    verdict,
    language.verdictNames[verdict],
    flow.communityId,
    `#${flow.flow}`,
  ]
    .join('\n')
    .toLowerCase()
  return wanted.every((word) => hay.includes(word))
}
