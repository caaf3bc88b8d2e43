/** What the diagrams' tests are drawn with: English, states as in the JSON. */
import type { Flow, StateSpan } from '../../../src/report.js'
import { en } from '../../../src/text/en/index.js'
import { written as words } from '../../../src/text/en/written.js'
import type { Drawing } from '../../../src/views/diagrams/steps.js'

export const drawing: Drawing = {
  language: en,
  spell: (state) => state,
  absolute: false,
  all: false,
  words,
}

/** Everything that one of the notations could take for its own. */
export const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'a; participant X',
  'a #35; b #59; c &amp; d',
  '%%{init: {"theme":"x"}}%%',
  '$$\\int$$',
  '**b** //i// __u__ --s-- ""m"" ~~w~~ ==h==',
  '[[http://example.org link]] <img:/etc/passwd> <&star> <U+0041>',
  '%getenv("HOME") %date() !include /etc/passwd',
  '"quoted" `code` \\n \\ | end',
  '中文，和标点。',
]

/** A flow over two captures: its packets behind the `first` count from 1 again. */
export const overTwo = (flow: Flow, first: number): Flow => {
  const isLater = (packet: number | null): packet is number => packet !== null && packet > first
  const spans = (all: readonly StateSpan[]): StateSpan[] =>
    all.map((span) => (isLater(span.packet) ? { ...span, packet: span.packet - first, capture: 1 } : span))
  return {
    ...flow,
    rows: flow.rows.map((row) =>
      isLater(row.packet) ? { ...row, packet: row.packet - first, capture: 1 } : row,
    ),
    spans: { client: spans(flow.spans.client), server: spans(flow.spans.server) },
  }
}
