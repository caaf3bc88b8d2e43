/**
 * Packets that stand in two captures: they are told where they were captured first, and counted once.
 *
 * In: a flow of the report. Out: which rows say again what one of another capture says; how many packets and bytes there were.
 * JSON and tables have every row, as it was captured.
 */
import type { Flow, PacketRow } from '../report.js'

/** The note names the capture of the packet it is a copy of only where that is another one. */
export const isToldElsewhere = ({ notes }: PacketRow): boolean =>
  notes.some((note) => note.code === 'capture-duplicate' && 'ofCapture' in note)

/** Of what was told once. Bytes of payload. */
export function sizeOf({ packets, bytes, rows }: Flow): { readonly packets: number; readonly bytes: number } {
  // Not all of its rows are there: as it was captured.
  const again = rows.length < packets ? [] : rows.filter(isToldElsewhere)
  return {
    packets: packets - again.length,
    bytes: again.reduce((left, { len }) => left - len, bytes),
  }
}
