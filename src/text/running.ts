/** The words of long runs, apart from the rest because few runs need them. In: a language. Out: their type, and a loader. */
import type { LanguageCode } from './table.js'

export interface RunningWords {
  /** Columns of the progress bar. */
  readonly task: Readonly<Record<'reading' | 'replaying', string>>
  readonly rate: Readonly<Record<'reading' | 'replaying', (amount: string) => string>>
  /** `time`: 1:05. */
  readonly left: (time: string) => string
  readonly interrupted: (packets: number, flows: number) => string
  /** A line of a sysctl file says what no kernel accepts; the nearest that it accepts is reckoned with. */
  readonly beyondKernel: (file: string, setting: string, least: number, most: number) => string
  /** So much was given, and the process was ended all the same. */
  readonly outOfMemory: (mebibytes: number) => string
  readonly passedOver: (line: string) => string
  /** So many files of folders, the first of them named. */
  readonly noCaptures: (files: number, named: readonly string[]) => string
  readonly follow: Readonly<Record<'truncated' | 'rotated', (file: string) => string>>
  /** Below what was followed: so many connections had to be let go. */
  readonly letGo: (flows: number) => string
  /** Beside a row that is printed again. */
  readonly revised: string
  /** Above the rows of a connection. */
  readonly begins: (flow: number, client: string, server: string) => string
  readonly state: {
    readonly notState: (file: string) => string
    readonly otherVersion: (file: string, version: number, known: number) => string
    readonly damaged: (file: string) => string
    readonly occupied: (file: string) => string
    readonly notSaved: (file: string) => string
  }
  readonly oneToFollow: string
}

export const loadRunning = async (code: LanguageCode): Promise<RunningWords> =>
  code === 'zh' ? (await import('./zh/running.js')).running : (await import('./en/running.js')).running
