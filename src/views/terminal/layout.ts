/**
 * Where the ladder's columns stand: `#`, time, client, arrow, segment, arrow, server, words.
 *
 * In: the texts of all lines. Out: widths that hold them in the terminal, decided once for the whole ladder.
 */
export interface Layout {
  readonly number: number
  readonly time: number
  readonly state: number
  /** Of the segment alone. */
  readonly segment: number
  /** Column at which the client's state begins. */
  readonly left: number
  /** Column at which the segment begins. */
  readonly middle: number
  /** Columns up to the end of the server's state. */
  readonly total: number
  /** Index into the forms of segment.ts. */
  readonly form: number
  /** Column at which words beside a packet begin; 0: they go below. */
  readonly words: number
}

export const ARROW = 3
/** Beside the packets, words need so much room; with less they go below. */
const WORDS_BESIDE = 28
/** What keeps a title readable when a capture has only bare ACKs. */
const LEAST_SEGMENT = 22

export interface Wants {
  readonly number: number
  readonly time: number
  readonly state: number
}

/** How wide a segment may be in `width` columns. */
export const roomForSegment = (width: number, { number, time, state }: Wants): number =>
  width - (number + 1 + time + 2 + state + 1 + ARROW + 1 + 1 + ARROW + 1 + state)

export const layoutFor = (width: number, wants: Wants, segment: number, form: number): Layout => {
  const left = wants.number + 1 + wants.time + 2
  const middle = left + wants.state + 1 + ARROW + 1
  const held = Math.max(LEAST_SEGMENT, Math.min(segment, roomForSegment(width, wants)))
  const total = middle + held + 1 + ARROW + 1 + wants.state
  return {
    ...wants,
    form,
    segment: held,
    left,
    middle,
    total,
    words: width - total - 2 >= WORDS_BESIDE ? total + 2 : 0,
  }
}
