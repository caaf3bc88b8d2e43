/**
 * The state diagram of RFC 9293, figure 5: where its boxes and arrows stand.
 *
 * In: nothing. Out: boxes and edges in a drawing of 280 by 376 units, in the figure's layout and with its words. Two of them
 * stand side by side on a laptop, so a unit is about a pixel: words are as large as they can be, and break into lines.
 */
import type { State } from '../../../../report.js'

export const WIDTH = 280
export const HEIGHT = 376
export const BOX = { width: 80, height: 22 } as const
/** Units between two lines of words. */
export const WORD_LINE = 10.5

export interface Box {
  readonly state: State
  readonly x: number
  readonly y: number
}

const [LEFT, MIDDLE, RIGHT] = [41, 140, 239]

/** By their centres. CLOSED stands twice, as in the figure: before a connection and after it. */
export const BOXES: readonly Box[] = [
  { state: 'CLOSED', x: MIDDLE, y: 14 },
  { state: 'LISTEN', x: MIDDLE, y: 72 },
  { state: 'SYN_RECEIVED', x: LEFT, y: 132 },
  { state: 'SYN_SENT', x: RIGHT, y: 132 },
  { state: 'ESTABLISHED', x: MIDDLE, y: 190 },
  { state: 'FIN_WAIT_1', x: LEFT, y: 242 },
  { state: 'CLOSE_WAIT', x: RIGHT, y: 242 },
  { state: 'FIN_WAIT_2', x: LEFT, y: 302 },
  { state: 'CLOSING', x: MIDDLE, y: 302 },
  { state: 'LAST_ACK', x: RIGHT, y: 302 },
  { state: 'TIME_WAIT', x: MIDDLE, y: 362 },
  { state: 'CLOSED', x: RIGHT, y: 362 },
]

export interface Edge {
  readonly from: State
  readonly to: State
  /** What happens, over what the end does about it: the figure's words. */
  readonly event: string
  readonly action: string
  /** Beginnings of the rules that take it, where others lead from the same state to the same state. */
  readonly by: readonly string[]
  readonly path: string
  /** Where the first of its lines stands. */
  readonly label: {
    readonly lines: readonly string[]
    readonly x: number
    readonly y: number
    readonly anchor: 'start' | 'middle' | 'end'
  }
}

/** `event`: a bar stands where its words break. */
const edge = (
  from: State,
  to: State,
  event: string,
  action: string,
  path: string,
  x: number,
  y: number,
  anchor: Edge['label']['anchor'] = 'middle',
  by: readonly string[] = [],
): Edge => {
  const lines = event.split('|')
  return { from, to, event: lines.join(' '), action, path, by, label: { lines, x, y, anchor } }
}

export const EDGES: readonly Edge[] = [
  edge('CLOSED', 'LISTEN', 'passive OPEN', 'create TCB', 'M131 25V61', 127, 46, 'end'),
  edge('LISTEN', 'CLOSED', 'CLOSE', 'delete TCB', 'M149 61V25', 153, 46, 'start'),
  edge('CLOSED', 'SYN_SENT', 'active|OPEN', 'snd SYN', 'M180 10C228 10 260 46 260 121', 248, 30, 'start'),
  edge('SYN_SENT', 'CLOSED', 'CLOSE', 'delete TCB', 'M232 121C232 62 216 22 180 19', 219, 66, 'end', [
    '3.10.4',
  ]),
  edge('LISTEN', 'SYN_RECEIVED', 'rcv SYN', 'snd SYN,ACK', 'M122 83C119 112 108 126 81 126', 106, 104, 'end'),
  edge('LISTEN', 'SYN_SENT', 'SEND', 'snd SYN', 'M158 83C161 112 172 126 199 126', 170, 104, 'start'),
  edge('SYN_SENT', 'SYN_RECEIVED', 'rcv SYN', 'snd SYN,ACK', 'M199 133H81', 140, 129),
  edge('SYN_RECEIVED', 'LISTEN', 'rcv RST', '', 'M24 121C24 84 56 71 100 71', 44, 72, 'end', [
    '3.10.7.4/2-reset',
  ]),
  edge(
    'SYN_RECEIVED',
    'ESTABLISHED',
    'rcv ACK|of SYN',
    '',
    'M81 139C110 139 122 150 124 179',
    106,
    157,
    'end',
  ),
  edge(
    'SYN_SENT',
    'ESTABLISHED',
    'rcv|SYN,ACK',
    'snd ACK',
    'M199 139C170 139 158 150 156 179',
    174,
    157,
    'start',
  ),
  edge('SYN_RECEIVED', 'FIN_WAIT_1', 'CLOSE', 'snd FIN', 'M24 143V231', 28, 190, 'start'),
  edge('ESTABLISHED', 'FIN_WAIT_1', 'CLOSE', 'snd FIN', 'M124 201C122 228 110 238 81 238', 107, 219, 'end'),
  edge(
    'ESTABLISHED',
    'CLOSE_WAIT',
    'rcv FIN',
    'snd ACK',
    'M156 201C158 228 170 238 199 238',
    173,
    219,
    'start',
  ),
  edge('FIN_WAIT_1', 'FIN_WAIT_2', 'rcv ACK|of FIN', '', 'M24 253V291', 28, 269, 'start'),
  edge('FIN_WAIT_1', 'CLOSING', 'rcv FIN', 'snd ACK', 'M81 246C116 246 130 258 132 291', 129, 259, 'start'),
  edge('FIN_WAIT_2', 'TIME_WAIT', 'rcv FIN', 'snd ACK', 'M24 313C24 346 56 362 100 362', 38, 336, 'start'),
  edge('CLOSING', 'TIME_WAIT', 'rcv ACK|of FIN', '', 'M132 313V351', 136, 329, 'start'),
  edge('CLOSE_WAIT', 'LAST_ACK', 'CLOSE', 'snd FIN', 'M232 253V291', 236, 275, 'start'),
  edge('LAST_ACK', 'CLOSED', 'rcv ACK|of FIN', '', 'M232 313V351', 236, 329, 'start', ['3.10.7.4/5-ack']),
  edge('TIME_WAIT', 'CLOSED', '2MSL', 'delete TCB', 'M180 362H199', 190, 347, 'middle', ['3.10.8']),
]

/** The figure's edge that a change took, or undefined: "an RST can cause a transition" is not drawn there (note 3). */
export const edgeOf = (was: State, state: State, rules: readonly string[]): Edge | undefined =>
  EDGES.find(
    ({ from, to, by }) =>
      from === was &&
      to === state &&
      (by.length === 0 || rules.some((rule) => by.some((beginning) => rule.startsWith(beginning)))),
  )

/** The box that shows a state: CLOSED is the upper one until there has been a connection. */
export const boxOf = (state: State, ended: boolean): Box => {
  const found = ended
    ? BOXES.findLast((box) => box.state === state)
    : BOXES.find((box) => box.state === state)
  return found ?? { state, x: MIDDLE, y: 14 }
}

/** An edge that the figure leaves out "for legibility": resets, time-outs, and two steps taken at once. */
export const bypass = (from: Box, to: Box): string => {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = Math.max(1, Math.hypot(dx, dy))
  const bend = Math.min(46, length / 4)
  const mx = (from.x + to.x) / 2 - (dy / length) * bend
  const my = (from.y + to.y) / 2 + (dx / length) * bend
  const [start, end] = [rim(from, mx, my), rim(to, mx, my)]
  return `M${start.x} ${start.y}Q${round(mx)} ${round(my)} ${end.x} ${end.y}`
}

/** Where the line from a box to a point leaves the box. */
const rim = (box: Box, x: number, y: number): { x: number; y: number } => {
  const [dx, dy] = [x - box.x, y - box.y]
  const scale = Math.min(
    BOX.width / 2 / Math.max(1e-6, Math.abs(dx)),
    BOX.height / 2 / Math.max(1e-6, Math.abs(dy)),
  )
  return { x: round(box.x + dx * scale), y: round(box.y + dy * scale) }
}

const round = (value: number): number => Math.round(value * 10) / 10
