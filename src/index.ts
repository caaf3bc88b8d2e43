/**
 * The library: what `import { ... } from 'bothends'` offers. Named exports only.
 *
 * In: captures. Out: a {@link Report}, plain JSON, and its sentences in English or Chinese.
 */
export { type AnalyzeOptions, analyze } from './analyze.js'
export { CaptureError } from './capture/record.js'
export type { Fault, PlacedFault } from './faults.js'
export { CAUSES, FINDING_IDS } from './findings.js'
export type { Settings } from './infer/settings.js'
export type {
  AnyRule,
  CaptureInfo,
  CauseCode,
  Certainty,
  EndState,
  Errno,
  Finding,
  FindingArguments,
  FindingId,
  Flow,
  FlowEnd,
  IcmpRow,
  InferredRule,
  Likelihood,
  Note,
  NoteCode,
  PacketRow,
  Report,
  Severity,
  Side,
  SocketCall,
  State,
  StateSpan,
  TimerSpan,
  Verdict,
} from './report.js'
export { VERDICTS } from './report.js'
export { describeFinding } from './text/finding.js'
export { loadLanguage } from './text/language.js'
export { describeRow } from './text/row.js'
export type { Language, LanguageCode } from './text/table.js'
export { VERSION } from './version.js'
