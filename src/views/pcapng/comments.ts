/**
 * What an annotated capture says: a line for every packet of a flow, and the findings for the section.
 *
 * In: a report, a language. Out: texts of `opt_comment`. The beginning of a packet's line is for programs and the
 * same in every language; docs/export.md describes it.
 */
import { basename } from 'node:path'
import type { EndState, IcmpRow, PacketRow, Report } from '../../report.js'
import { describeFinding } from '../../text/finding.js'
import { describeIcmp, describeRow } from '../../text/row.js'
import { safe } from '../../text/safe.js'
import type { Language } from '../../text/table.js'
import type { WrittenWords } from '../../text/written.js'

/** More than this nobody reads in a file's properties, and a block has its bounds. */
const MOST_FINDINGS = 1000

type Commented = { readonly flow: number } & ({ readonly row: PacketRow } | { readonly icmp: IcmpRow })

const TAKEN = new Map<boolean | null, string>([
  [true, 'yes'],
  [false, 'no'],
  [null, 'unknown'],
])

const spelled = ({ state, certainty }: EndState): string => state + (certainty === 'assumed' ? '?' : '')

const line = (commented: Commented, language: Language): string => {
  const { flow } = commented
  if ('icmp' in commented) {
    const { icmp } = commented
    return `bothends: icmp flow=${flow} packet=${icmp.packet} to=${icmp.to} | ${describeIcmp(icmp, language)}`
  }
  const { row } = commented
  const states = `C=${spelled(row.client)} S=${spelled(row.server)}`
  const facts = `flow=${flow} packet=${row.packet} from=${row.from} received=${TAKEN.get(row.received)}`
  return `bothends: ${states} ${facts} | ${describeRow(row, language)}`
}

export interface Comments {
  /** The packet belongs to a flow that was chosen. */
  readonly has: (packet: number) => boolean
  /** Its line; '' for a packet of no chosen flow. */
  readonly of: (packet: number) => string
  /** What is said once, above all packets. */
  readonly section: readonly string[]
}

/** `flows`: the numbers of those to speak about; null: all of them. Only packets of the report's first capture. */
export const commentsOf = (
  report: Report,
  flows: ReadonlySet<number> | null,
  language: Language,
  words: WrittenWords,
): Comments => {
  const chosen = (flow: number): boolean => flows === null || flows.has(flow)
  const placed = new Map<number, Commented>()
  for (const { flow, rows, icmp } of report.flows) {
    if (!chosen(flow)) continue
    for (const row of rows) if (row.capture === 0) placed.set(row.packet, { flow, row })
    for (const row of icmp) if (row.capture === 0) placed.set(row.packet, { flow, icmp: row })
  }
  return {
    has: (packet) => placed.has(packet),
    of: (packet) => {
      const commented = placed.get(packet)
      return commented === undefined ? '' : line(commented, language)
    },
    section: sectionComments(report, chosen, language, words),
  }
}

const sectionComments = (
  report: Report,
  chosen: (flow: number) => boolean,
  language: Language,
  words: WrittenWords,
): readonly string[] => {
  // The folder is nobody's business who gets the file.
  const file = basename(report.captures[0]?.file ?? '')
  const findings = report.findings.filter(
    ({ flow, flows }) =>
      (flow === null && flows.length === 0) || [flow, ...flows].some((n) => n !== null && chosen(n)),
  )
  const more = findings.length - MOST_FINDINGS
  return [
    `bothends: ${words.key(report.version, safe(file))}`,
    ...findings.slice(0, MOST_FINDINGS).map((finding) => {
      const flow = finding.flow === null ? '' : ` flow=${finding.flow}`
      return `bothends: ${finding.severity} ${finding.id}${flow} | ${describeFinding(finding, language)}`
    }),
    ...(more > 0 ? [`bothends: ${words.moreFindings(more)}`] : []),
  ]
}
