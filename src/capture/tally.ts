/**
 * What has been found so far: the counts, the first damage, and the one record object that is handed out.
 *
 * In: what a reader finds. Out: calls of the sink, and at the end the summary.
 */
import type { Beyond, Fault } from '../faults.js'
import { CaptureError, type CaptureInterface, type CaptureRecord, type RecordSink } from './record.js'

/** The usual `comments`: one array for all records without any. */
export const NO_COMMENTS: readonly string[] = Object.freeze([])

const NO_INTERFACE: CaptureInterface = {
  id: -1,
  linkType: -1,
  linkTypeAt: 0,
  snapLength: 0,
  fcsLength: 0,
}

export class Tally {
  damage: CaptureError | null = null
  /** The record that every call of the sink gets; `number` counts the records. */
  readonly record: CaptureRecord = {
    number: 0,
    offset: -1,
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    wireLength: 0,
    seconds: 0,
    nanoseconds: 0,
    iface: NO_INTERFACE,
    flags: 0,
    drops: 0,
    comments: NO_COMMENTS,
  }

  constructor(
    readonly file: string,
    readonly sink: RecordSink,
    /** Stop at the first damage instead of looking for the next sound record. */
    readonly strict: boolean,
  ) {}

  /** Tells of damage; the first is kept for the summary. */
  damaged(fault: Fault, byte: number | null, beyond?: Beyond): void {
    this.broke(new CaptureError(this.file, fault, byte, beyond))
  }

  /** The same, for an error that is there already. */
  broke(error: CaptureError): void {
    this.damage ??= error
    this.sink.damage?.(error)
  }
}
