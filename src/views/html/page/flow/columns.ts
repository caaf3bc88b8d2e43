/** How the ladder's width is shared out. In: a width in pixels. Out: columns. */
import type { Side } from '../../../../report.js'

export interface Columns {
  readonly width: number
  /** Middle of each lifeline. */
  readonly client: number
  readonly server: number
  readonly band: number
  /** Room beside a lifeline for the name of its state. */
  readonly lane: number
  readonly gutter: number
  /** Where the frame numbers end. */
  readonly number: number
  readonly narrow: boolean
  /** Sequence numbers fit on the arrows. */
  readonly wide: boolean
}

/** Pixels of a character in the gutter. */
const CHARACTER = 6.8

/** `number` and `time`: how many characters the longest of each takes; on a narrow screen they stand on two lines. */
export const columnsOf = (width: number, number: number, time: number): Columns => {
  const narrow = width < 560
  const gutter = narrow
    ? 6 + CHARACTER * Math.max(number, time - 2, 6)
    : 26 + CHARACTER * (Math.max(number, 4) + time)
  const lane = narrow ? 76 : 96
  const band = narrow ? 8 : 10
  return {
    width,
    gutter,
    number: 8 + CHARACTER * Math.max(number, 4),
    narrow,
    lane,
    band,
    client: gutter + lane + band / 2,
    server: width - lane - band / 2 - 2,
    wide: width >= 580,
  }
}

export const xOf = (columns: Columns, side: Side): number => columns[side]
/** +1 to the right: away from the other lifeline for the server, and for the client to the left. */
export const outward = (side: Side): 1 | -1 => (side === 'client' ? -1 : 1)
