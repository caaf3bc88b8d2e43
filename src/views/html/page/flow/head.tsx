/** What a connection is and how it went: its ends, verdict, and what the sockets' owners saw. */
import type { Flow } from '../../../../report.js'
import { VERDICTS } from '../../../../report.js'
import { moment, seconds } from '../../../../text/amount.js'
import { say } from '../../../../text/note.js'
import { evidenceOf } from '../../../call.js'
import { sizeOf } from '../../../copies.js'
import { endpoint } from '../../../endpoint.js'
import { laterOf } from '../../../later.js'
import { linkTo, OVERVIEW } from '../route.js'
import { data, language, report, shown, spell, words } from '../store.js'

export const Head = ({ flow }: { flow: Flow }) => {
  const { ladder, verdicts, errnos, clauseGap } = language.value
  const { packets, bytes } = sizeOf(flow)
  const place = report.flows.indexOf(flow)
  const [previous, next] = [report.flows[place - 1], report.flows[place + 1]]
  const captured = say(language.value.notes, flow.capturedNear.reason, { from: 'client', state: spell })
  const where = ladder.capturedNear[flow.capturedNear.where]
  const facts: (readonly [string, string])[] = [
    ...(flow.closedFirst === null
      ? []
      : [[ladder.labels.closedFirst, ladder.closedFirst[flow.closedFirst]] as const]),
    ...flow.calls.map(
      (call) =>
        [
          ladder.labels.calls,
          ladder.call(call, errnos[call.errno], evidenceOf(call, flow, language.value, report, moment)),
        ] as const,
    ),
    [
      ladder.labels.captured,
      flow.capturedNear.reason.code === 'near-unknown' ? where : ladder.captured(where, captured),
    ],
    [words.value.flow.community, shown(flow.communityId)],
  ]
  return (
    <header class="flow-head">
      <nav>
        {data.allFlows > 1 && <a href={OVERVIEW}>‹ {words.value.back}</a>}
        {previous !== undefined && (
          <a href={linkTo(previous.flow)} title={words.value.flow.previous}>
            <span aria-hidden="true">←</span>
            <span class="hidden">{words.value.flow.previous}</span> {previous.flow}
          </a>
        )}
        {next !== undefined && (
          <a href={linkTo(next.flow)} title={words.value.flow.next}>
            <span class="hidden">{words.value.flow.next}</span> {next.flow} <span aria-hidden="true">→</span>
          </a>
        )}
      </nav>
      <h1>
        <span class="faint">{ladder.title(flow.flow)}</span> <span class="mono">{endpoint(flow.client)}</span>{' '}
        <span aria-hidden="true">⇄</span> <span class="mono">{endpoint(flow.server)}</span>
      </h1>
      <p class="verdict-line">
        <b class={`verdict ${toneOf(flow)}`}>{verdicts[flow.verdict]}</b>
        <span>
          {[
            ladder.size(packets, bytes),
            `${words.value.flow.duration} ${seconds(flow.endAt - flow.startAt)}`,
            `${flow.start.slice(0, 10)} ${flow.start.slice(11, 19)} UTC`,
            ...(flow.incarnation > 0 ? [ladder.incarnation(flow.incarnation)] : []),
            ...(flow.beginsInMiddle ? [ladder.beginsInMiddle] : []),
            ...(flow.outer === '' ? [] : [`${ladder.tunnel} ${shown(flow.outer)}`]),
          ].join(clauseGap)}
        </span>
      </p>
      <dl class="facts">
        {facts.map(([name, value], index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {stillRunning(flow).map((line) => (
          <div key={line}>
            <dt>{ladder.labels.later}</dt>
            <dd>{line}</dd>
          </div>
        ))}
      </dl>
    </header>
  )
}

/** How loud the verdict is; the words say it, the tone only helps. */
const toneOf = ({ verdict }: Flow): string => {
  const rank = VERDICTS.indexOf(verdict)
  return rank <= VERDICTS.indexOf('not-closed')
    ? 'bad'
    : rank <= VERDICTS.indexOf('opening')
      ? 'open'
      : 'good'
}

const stillRunning = (flow: Flow): string[] =>
  laterOf(flow, report).map(({ side, state, until, givesUp }) => {
    const { ladder } = language.value
    return (givesUp ? ladder.givesUp : ladder.runs)(side, spell(state), moment(until))
  })
