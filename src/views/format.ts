/**
 * `--format`: one flow, or the table of flows, in the notation of another tool.
 *
 * In: a report, the flows that were asked for or null for the table, a format. Out: pieces of text.
 * Each notation is loaded only when it is asked for.
 */
import type { Flow, Report } from '../report.js'
import { adviseOn, describeFinding } from '../text/finding.js'
import { describeRow } from '../text/row.js'
import type { Drawing } from './diagrams/steps.js'

export const FORMATS = ['mermaid', 'plantuml', 'markdown', 'csv', 'json'] as const
export type Format = (typeof FORMATS)[number]

/** Formats of which a file holds one drawing. */
export const ONE_DRAWING: ReadonlySet<Format> = new Set<Format>(['mermaid', 'plantuml'])

const lines = (all: readonly string[]): string[] => all.map((line) => `${line}\n`)

export const formatted = async (
  format: Format,
  report: Report,
  flows: readonly Flow[] | null,
  drawing: Drawing,
): Promise<Iterable<string>> => {
  switch (format) {
    case 'mermaid':
    case 'plantuml':
      return lines(await diagram(format, report, flows, drawing))
    case 'markdown': {
      const { flowMarkdown, flowsMarkdown } = await import('./markdown/index.js')
      if (flows === null) return lines(flowsMarkdown(report, drawing))
      return lines(
        flows.flatMap((flow, n) => [...(n === 0 ? [] : ['']), ...flowMarkdown(report, flow, drawing)]),
      )
    }
    case 'csv': {
      const { csvLines } = await import('./tables/csv.js')
      const { flowsTable, packetsTable } = await import('./tables/tables.js')
      const table = flows === null ? flowsTable : packetsTable
      return csvLines(table(report, flows ?? report.flows, drawing.language))
    }
    case 'json':
      return [`${JSON.stringify(document(report, flows, drawing), null, 2)}\n`]
  }
}

const diagram = async (
  format: 'mermaid' | 'plantuml',
  report: Report,
  flows: readonly Flow[] | null,
  drawing: Drawing,
): Promise<string[]> => {
  const { flowDiagram, flowsDiagram } = await import('./diagrams/steps.js')
  const drawn =
    flows?.[0] === undefined ? flowsDiagram(report.flows, drawing) : flowDiagram(flows[0], drawing, report)
  if (format === 'mermaid') return (await import('./diagrams/mermaid.js')).mermaidLines(drawn, drawing)
  return (await import('./diagrams/plantuml.js')).plantumlLines(drawn, drawing)
}

/** The same names as the lines of `--json`, in one document. */
const document = (report: Report, flows: readonly Flow[] | null, { language }: Drawing) => {
  const { schema, version, captures, stack, epoch } = report
  const chosen = flows ?? report.flows
  const findings = report.findings.filter(
    ({ flow, flows: all }) =>
      flows === null ||
      (flow === null && all.length === 0) ||
      chosen.some((one) => one.flow === flow || all.includes(one.flow)),
  )
  return {
    type: 'bothends',
    schema,
    version,
    captures,
    stack,
    epoch,
    flows: chosen.map(({ rows, icmp, spans, timers, ...flow }) =>
      flows === null
        ? flow
        : {
            ...flow,
            spans,
            timers,
            icmp,
            rows: rows.map((row) => ({
              ...row,
              events: row.notes.map(({ code }) => code),
              text: describeRow(row, language),
            })),
          },
    ),
    findings: findings.map((finding) => ({
      ...finding,
      text: describeFinding(finding, language),
      advice: adviseOn(finding, language),
    })),
  }
}
