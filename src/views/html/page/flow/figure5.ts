/**
 * The state diagram of RFC 9293, figure 5: where its boxes and arrows stand.
 *
 * In: nothing. Out: boxes and edges in a drawing of 352 by 384 units, in the figure's layout and with its words.
 */
import type { State } from '../../../../report.js'

export const WIDTH = 352
export const HEIGHT = 384
export const BOX = { width: 92, height: 26 } as const

export interface Box {
  readonly state: State
  readonly x: number
  readonly y: number
}

const [LEFT, MIDDLE, RIGHT] = [50, 160, 270]

/** By their centres. CLOSED stands twice, as in the figure: before a connection and after it. */
export const BOXES: readonly Box[] = [
  { state: 'CLOSED', x: MIDDLE, y: 17 },
  { state: 'LISTEN', x: MIDDLE, y: 75 },
  { state: 'SYN_RECEIVED', x: LEFT, y: 134 },
  { state: 'SYN_SENT', x: RIGHT, y: 134 },
  { state: 'ESTABLISHED', x: MIDDLE, y: 190 },
  { state: 'FIN_WAIT_1', x: LEFT, y: 240 },
  { state: 'CLOSE_WAIT', x: RIGHT, y: 240 },
  { state: 'FIN_WAIT_2', x: LEFT, y: 300 },
  { state: 'CLOSING', x: MIDDLE, y: 300 },
  { state: 'LAST_ACK', x: RIGHT, y: 300 },
  { state: 'TIME_WAIT', x: MIDDLE, y: 358 },
  { state: 'CLOSED', x: RIGHT, y: 358 },
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
  readonly label: { readonly x: number; readonly y: number; readonly anchor: 'start' | 'middle' | 'end' }
}

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
): Edge => ({ from, to, event, action, path, by, label: { x, y, anchor } })

export const EDGES: readonly Edge[] = [
  edge('CLOSED', 'LISTEN', 'passive OPEN', 'create TCB', 'M150 30V62', 146, 44, 'end'),
  edge('LISTEN', 'CLOSED', 'CLOSE', 'delete TCB', 'M170 62V30', 174, 44, 'start'),
  edge('CLOSED', 'SYN_SENT', 'active OPEN', 'snd SYN', 'M206 12C262 12 298 50 298 121', 276, 34, 'start'),
  edge('SYN_SENT', 'CLOSED', 'CLOSE', 'delete TCB', 'M262 121C262 66 236 24 206 22', 250, 66, 'end', [
    '3.10.4',
  ]),
  edge('LISTEN', 'SYN_RECEIVED', 'rcv SYN', 'snd SYN,ACK', 'M140 88C136 118 120 127 96 127', 128, 103, 'end'),
  edge('LISTEN', 'SYN_SENT', 'SEND', 'snd SYN', 'M180 88C184 118 200 127 224 127', 192, 103, 'start'),
  edge('SYN_SENT', 'SYN_RECEIVED', 'rcv SYN', 'snd SYN,ACK', 'M224 134H96', 160, 131),
  edge('SYN_RECEIVED', 'LISTEN', 'rcv RST', '', 'M30 121C30 84 70 75 114 75', 60, 76, 'end', [
    '3.10.7.4/2-reset',
  ]),
  edge(
    'SYN_RECEIVED',
    'ESTABLISHED',
    'rcv ACK of SYN',
    '',
    'M96 141C126 141 140 150 142 177',
    116,
    157,
    'end',
  ),
  edge(
    'SYN_SENT',
    'ESTABLISHED',
    'rcv SYN,ACK',
    'snd ACK',
    'M224 141C194 141 180 150 178 177',
    196,
    157,
    'start',
  ),
  edge('SYN_RECEIVED', 'FIN_WAIT_1', 'CLOSE', 'snd FIN', 'M30 147V227', 34, 188, 'start'),
  edge('ESTABLISHED', 'FIN_WAIT_1', 'CLOSE', 'snd FIN', 'M142 203C140 228 126 236 96 236', 118, 217, 'end'),
  edge(
    'ESTABLISHED',
    'CLOSE_WAIT',
    'rcv FIN',
    'snd ACK',
    'M178 203C180 228 194 236 224 236',
    204,
    217,
    'start',
  ),
  edge('FIN_WAIT_1', 'FIN_WAIT_2', 'rcv ACK of FIN', '', 'M34 253V287', 38, 272, 'start'),
  edge('FIN_WAIT_1', 'CLOSING', 'rcv FIN', 'snd ACK', 'M96 246C136 246 152 256 154 287', 150, 258, 'start'),
  edge('FIN_WAIT_2', 'TIME_WAIT', 'rcv FIN', 'snd ACK', 'M38 313C38 346 60 358 114 358', 58, 336, 'start'),
  edge('CLOSING', 'TIME_WAIT', 'rcv ACK of FIN', '', 'M160 313V345', 164, 331, 'start'),
  edge('CLOSE_WAIT', 'LAST_ACK', 'CLOSE', 'snd FIN', 'M270 253V287', 274, 272, 'start'),
  edge('LAST_ACK', 'CLOSED', 'rcv ACK of FIN', '', 'M270 313V345', 274, 331, 'start', ['3.10.7.4/5-ack']),
  edge('TIME_WAIT', 'CLOSED', '2MSL', 'delete TCB', 'M206 358H224', 215, 380, 'middle', ['3.10.8']),
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
  return found ?? { state, x: MIDDLE, y: 17 }
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
