/** Above the ladder: whose columns these are, and both ends before the first packet. In: a flow. Out: lines. */
import type { EndState, Flow } from '../../report.js'
import { safe } from '../../text/safe.js'
import { sizeOf } from '../copies.js'
import { endpoint } from '../endpoint.js'
import { marks } from './arrows.js'
import type { Layout } from './layout.js'
import type { View } from './view.js'
import { padEnd, padStart, widthOf, wrap } from './width.js'

export const headingLines = (
  flow: Flow,
  view: View,
  layout: Layout,
  ends: { readonly client: EndState; readonly server: EndState },
): string[] => {
  const { language, look } = view
  const start = (end: EndState): string => view.spell(end.state) + marks(end).join('')
  const indent = ' '.repeat(layout.left)
  const gap = ' '.repeat(layout.total - layout.left - 2 * layout.state)
  return [
    ...titleLines(flow, view),
    ...owners(flow, view, layout).map((line) => indent + line),
    `${look.faint(`${padStart('#', layout.number)} ${padStart(language.ladder.time, layout.time)}`)}  ${padEnd(
      start(ends.client),
      layout.state,
    )}${gap}${start(ends.server)}`.trimEnd(),
  ]
}

const titleLines = (flow: Flow, { language, look }: View): string[] => {
  const words = language.ladder
  const { packets, bytes } = sizeOf(flow)
  const facts = [
    words.title(flow.flow),
    words.size(packets, bytes),
    ...(flow.start === '' ? [] : [`${flow.start.slice(0, 10)} ${flow.start.slice(11, 19)} UTC`]),
    ...(flow.incarnation > 0 ? [words.incarnation(flow.incarnation)] : []),
    ...(flow.beginsInMiddle ? [words.beginsInMiddle] : []),
    ...(flow.outer === '' ? [] : [`${words.tunnel} ${safe(flow.outer)}`]),
  ]
  return [...wrap(facts.join(language.clauseGap), look.width).map(look.strong), '']
}

/** The client's name over its column, the server's ending where its column ends; on two lines when they are long. */
const owners = (flow: Flow, { language, look }: View, layout: Layout): string[] => {
  const client = endpoint(flow.client) + language.aside(language.side.client)
  const server = endpoint(flow.server) + language.aside(language.side.server)
  const room = layout.total - layout.left
  const serverAt = room - layout.state
  const most = look.width - layout.left - widthOf(server)
  // Over its own column when it fits there, else ending with the column, else as far left as the client lets it.
  const start = serverAt <= most ? serverAt : Math.max(room - widthOf(server), widthOf(client) + 2)
  if (start <= most && widthOf(client) + 2 <= start) return [look.strong(padEnd(client, start) + server)]
  return [look.strong(client), look.strong(padStart(server, room))]
}
