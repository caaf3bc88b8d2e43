/** The words of files and diagrams that others open, apart from the rest because few runs need them. In: a language. Out: their type, and a loader. */
import type { LanguageCode, ProblemWords } from './table.js'

export interface WrittenWords {
  /** Above all packets of an annotated capture: how to read the comments. */
  readonly key: (version: string, file: string) => string
  readonly moreFindings: (findings: number) => string
  /** In a diagram that would be too long. */
  readonly notDrawn: (lines: number) => string
  readonly oneFlow: (flow: number) => string
  /** Columns of the Markdown tables that the ladder has no heading for. */
  readonly columns: Readonly<Record<'packet' | 'segment' | 'what', string>>
  readonly capture: string
  readonly problems: {
    readonly needsOutput: string
    readonly needsFolder: string
    readonly oneCapture: string
    readonly exists: (file: string) => string
    readonly isInput: (file: string) => string
    readonly notRegular: (file: string) => string
    readonly system: ProblemWords['system']
    readonly cannotWrite: (file: string, why: string) => string
    readonly noFlows: (format: string) => string
    readonly needsFlow: (format: string) => string
    readonly notHere: (option: string, command: string) => string
    readonly linkType: (linkType: number) => string
  }
  readonly remarks: {
    readonly withoutPlace: (packets: number) => string
    readonly leftOut: (blocks: number) => string
  }
}

export const loadWritten = async (code: LanguageCode): Promise<WrittenWords> =>
  code === 'zh' ? (await import('./zh/written.js')).written : (await import('./en/written.js')).written
