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

/** Pixels of a character on an arrow. */
const ON_ARROW = 7

/** How many characters the longest of each takes; number and time stand on two lines on a narrow screen. */
export interface Longest {
  readonly number: number
  readonly time: number
  /** What stands on an arrow, with sequence numbers. */
  readonly label: number
}

export const columnsOf = (width: number, { number, time, label }: Longest): Columns => {
  const narrow = width < 560
  const gutter = narrow
    ? 6 + CHARACTER * Math.max(number, time - 2, 6)
    : 26 + CHARACTER * (Math.max(number, 4) + time)
  const lane = narrow ? 76 : 96
  const band = narrow ? 8 : 10
  const [client, server] = [gutter + lane + band / 2, width - lane - band / 2 - 2]
  return {
    width,
    gutter,
    number: 8 + CHARACTER * Math.max(number, 4),
    narrow,
    lane,
    band,
    client,
    server,
    wide: server - client >= ON_ARROW * label + 24,
  }
}

export const xOf = (columns: Columns, side: Side): number => columns[side]
/** +1 to the right: away from the other lifeline for the server, and for the client to the left. */
export const outward = (side: Side): 1 | -1 => (side === 'client' ? -1 : 1)
