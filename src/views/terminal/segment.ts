/**
 * A segment in the notation of the RFC's figures: `<SEQ=100><ACK=301><CTL=SYN,ACK>`, with `<LEN=5>` for data.
 *
 * In: a row. Out: the same in forms of falling length, so that a ladder can choose one that fits for all its rows.
 */
import type { PacketRow } from '../../report.js'
import { flagNames } from '../../text/amount.js'

export interface Numbers {
  /** Sequence numbers as on the wire, not from 0. */
  readonly absolute: boolean
}

/** What of a row is written. */
type Written = Pick<PacketRow, 'flags' | 'seq' | 'ack' | 'relativeSeq' | 'relativeAck' | 'len'>
type Form = (seq: number, ack: number | null, row: Written) => string

/** Longest first. Where room is short, letters stand for the flags; at last the brackets go. */
export const FORMS: readonly Form[] = [
  (seq, ack, { flags, len }) =>
    `<SEQ=${seq}>${ack === null ? '' : `<ACK=${ack}>`}<CTL=${flagNames(flags)}>${len > 0 ? `<LEN=${len}>` : ''}`,
  (seq, ack, { flags, len }) =>
    `<SEQ=${seq}>${ack === null ? '' : `<ACK=${ack}>`}<${flagNames(flags)}>${len > 0 ? `<${len}>` : ''}`,
  (seq, ack, { flags, len }) =>
    `<SEQ=${seq}>${ack === null ? '' : `<ACK=${ack}>`}<${letters(flags)}>${len > 0 ? `<${len}>` : ''}`,
  (seq, ack, { flags, len }) =>
    `SEQ=${seq}${ack === null ? '' : ` ACK=${ack}`} ${letters(flags)}${len > 0 ? ` ${len}` : ''}`,
  (seq, ack, { flags, len }) =>
    `${seq}${ack === null ? '' : ` ${ack}`} ${letters(flags)}${len > 0 ? ` ${len}` : ''}`,
]

const letters = (flags: string): string =>
  flagNames(flags)
    .split(',')
    .map((name) => name.slice(0, 1))
    .join('')

export const segmentText = (row: Written, form: number, { absolute }: Numbers): string => {
  const write = FORMS[form] ?? FORMS[FORMS.length - 1]
  return write?.(absolute ? row.seq : row.relativeSeq, absolute ? row.ack : row.relativeAck, row) ?? ''
}

/** The longest form in which no row is wider than `width`; the shortest when none fits. */
export const formThatFits = (rows: readonly Written[], width: number, numbers: Numbers): number => {
  const form = FORMS.findIndex((_, n) => rows.every((row) => segmentText(row, n, numbers).length <= width))
  return form === -1 ? FORMS.length - 1 : form
}
