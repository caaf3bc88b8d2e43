/**
 * The state diagram, drawn from the rows: what figure 5 of RFC 9293 draws, and a table of what it leaves out.
 *
 * In: `RULES`. Out: the edges; a Mermaid state diagram of the orderly ones; a Markdown table of all.
 */
import { type Row, RULES, type RuleId } from './machine.js'
import { STATES, type State } from './state.js'

/** One way from a state to another, and the rules that take it. */
export interface Edge {
  readonly from: State
  readonly to: State
  readonly rules: readonly RuleId[]
}

/** Every edge that some row draws, in the order of the states. */
export const edges = (): readonly Edge[] => edgesOf(RULES)

const edgesOf = (rows: typeof RULES): readonly Edge[] =>
  STATES.flatMap((from) =>
    STATES.map((to) => ({
      from,
      to,
      rules: rows
        .filter((row) => row.to === to && row.in.some((state) => state === from))
        .map(({ id }) => id),
    })),
  ).filter(({ rules }) => rules.length > 0)

/** What breaks a connection off; from nearly every state, so that figure 5 leaves it out "for legibility" (note 3). */
const breaksOff = ({ id }: Row): boolean =>
  /^3\.10\.5|^3\.9\.2\.2|^3\.10\.8\/user|reset|orphan/.test(id) && !id.startsWith('3.10.7.4/4-syn')

/** Words of figure 5 for the section of a rule. */
const WORDS: readonly (readonly [prefix: string, word: string])[] = [
  ['3.10.1', 'OPEN'],
  ['3.10.2', 'SEND'],
  ['3.10.4', 'CLOSE'],
  ['3.10.7.2/3', 'rcv SYN'],
  ['3.10.7.3/4-syn/ack', 'rcv SYN,ACK'],
  ['3.10.7.3/4-syn', 'rcv SYN'],
  ['3.10.7.4/1', 'rcv SYN'],
  ['3.10.7.4/4', 'rcv SYN'],
  ['3.10.7.4/5', 'rcv ACK'],
  ['3.10.7.4/8', 'rcv FIN'],
  ['3.10.8', '2MSL'],
]

const RESET_TO_LISTEN: RuleId = '3.10.7.4/2-reset/syn-received/passive'

/** Mermaid: `FROM --> TO: event (section)`, one line an edge. */
export const diagram = (): string => {
  const rows = RULES.filter((row) => !breaksOff(row) || row.id === RESET_TO_LISTEN)
  const lines = edgesOf(rows).map(({ from, to, rules }) => `    ${from} --> ${to}: ${label(rules)}`)
  return ['stateDiagram-v2', '    [*] --> CLOSED', ...lines].join('\n')
}

const label = (rules: readonly RuleId[]): string =>
  [
    ...new Set(
      rules.map((rule) => {
        const section = RULES.find(({ id }) => id === rule)?.section ?? ''
        const word = WORDS.find(([prefix]) => rule.startsWith(prefix))?.[1] ?? 'rcv RST'
        return `${word} (${section})`
      }),
    ),
  ].join(', ')

/** Markdown: every edge with the rules that take it. */
export const edgeTable = (): string =>
  [
    '| from | to | rules |',
    '| --- | --- | --- |',
    ...edges().map(
      ({ from, to, rules }) => `| ${from} | ${to} | ${rules.map((rule) => `\`${rule}\``).join('<br>')} |`,
    ),
  ].join('\n')

/** The part of `docs/state-machine.md` that is drawn from the rows. */
export const generatedPage = (): string => `\`\`\`mermaid\n${diagram()}\n\`\`\`\n\n${edgeTable()}\n`
