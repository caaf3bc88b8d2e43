/** The page for one connection: what it is, its ladder, both state diagrams, netstat, and the replay that moves them all. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Flow } from '../../../../report.js'
import { VERDICTS } from '../../../../report.js'
import { moment, seconds } from '../../../../text/amount.js'
import { say } from '../../../../text/note.js'
import { Findings } from '../overview/findings.js'
import { endpoint } from '../overview/flow-order.js'
import { linkTo, OVERVIEW } from '../route.js'
import { data, fileNames, language, report, shown, spell, words } from '../store.js'
import { Detail } from './detail.js'
import { Diagram } from './diagram.js'
import { Ladder } from './ladder.js'
import type { Scale } from './layout.js'
import { Legend } from './legend.js'
import { Netstat } from './netstat.js'
import { type Replay, replayOf } from './replay.js'
import { ReplayBar } from './replay-bar.js'
import { endsAt, type Story, storyOf } from './story.js'

/** From so many events on, quiet stretches are folded unless the reader unfolds them. */
const LONG = 80

export const FlowView = ({ flow }: { flow: Flow }) => {
  const story = useMemo(() => storyOf(flow), [flow])
  const replay = useMemo(() => replayOf(story), [story])
  const [scale, setScale] = useState<Scale>('squeezed')
  const [folded, setFolded] = useState(story.events.length > LONG)
  useEffect(() => () => replay.dispose(), [replay])
  useKeys(replay)
  const about = report.findings.filter(
    (finding) => finding.flow === flow.flow || finding.flows.includes(flow.flow),
  )
  return (
    <div class="flow">
      <Head flow={flow} />
      {about.length > 0 && <Findings findings={about} within={flow.flow} />}
      <div class="columns">
        <section class="card ladder-card" aria-labelledby="packets">
          <div class="card-head">
            <h2 id="packets">{words.value.ladder.heading}</h2>
            <Choices scale={scale} setScale={setScale} folded={folded} setFolded={setFolded} story={story} />
          </div>
          <Gaps story={story} />
          <Ladder story={story} replay={replay} scale={scale} folded={folded} />
          <Legend />
        </section>
        <div class="beside">
          <Diagrams story={story} replay={replay} />
          <Detail story={story} index={replay.position.value} quiet={replay.playing.value} />
          <Netstat story={story} index={replay.position.value} />
        </div>
      </div>
      <ReplayBar story={story} replay={replay} />
    </div>
  )
}

const Head = ({ flow }: { flow: Flow }) => {
  const { ladder, verdicts, errnos, clauseGap } = language.value
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
          ladder.call(call, errnos[call.errno], call.packet === null ? ladder.byTimer : `#${call.packet}`),
        ] as const,
    ),
    [
      ladder.labels.captured,
      flow.capturedNear.where === 'unknown' ? where : ladder.captured(where, captured),
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
            ladder.size(flow.packets, flow.bytes),
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
  (['client', 'server'] as const).flatMap((side) =>
    flow.spans[side].flatMap(({ state, from, to }, index, spans) =>
      to !== null && to > report.endAt && (from ?? 0) <= report.endAt && spans[index + 1]?.cause === 'timer'
        ? [language.value.ladder.runs(side, spell(state), moment(to))]
        : [],
    ),
  )

interface ChoicesProps {
  readonly scale: Scale
  readonly setScale: (scale: Scale) => void
  readonly folded: boolean
  readonly setFolded: (folded: boolean) => void
  readonly story: Story
}

const Choices = ({ scale, setScale, folded, setFolded, story }: ChoicesProps) => {
  const text = words.value.ladder
  return (
    <div class="choices">
      <fieldset class="switch" title={text.squeezedHint}>
        <legend>{text.scale}</legend>
        {(['squeezed', 'linear'] as const).map((name) => (
          <button key={name} type="button" aria-pressed={scale === name} onClick={() => setScale(name)}>
            {text[name]}
          </button>
        ))}
      </fieldset>
      {story.events.length > 12 && (
        <label class="check">
          <input
            type="checkbox"
            checked={folded}
            onChange={(event) => setFolded(event.currentTarget.checked)}
          />
          {text.fold}
        </label>
      )}
    </div>
  )
}

const Gaps = ({ story }: { story: Story }) => {
  const gaps = [...story.gaps.values()]
  const [first, last] = [gaps[0], gaps[gaps.length - 1]]
  if (first === undefined || last === undefined) return null
  const count = gaps.reduce((sum, gap) => sum + gap.count, 0)
  const command = `bothends --flow ${story.flow.flow} --all ${fileNames}`
  return <p class="aside warn">{words.value.ladder.leftOut(count, first.first, last.last, command)}</p>
}

const Diagrams = ({ story, replay }: { story: Story; replay: Replay }) => {
  const index = replay.position.value
  const ends = endsAt(story, index)
  const { flow } = story
  return (
    <section class="card diagrams" aria-labelledby="diagrams">
      <h2 id="diagrams">
        {words.value.diagram.heading}
        <span class="tally">{words.value.diagram.source}</span>
      </h2>
      <div class="pair">
        {(['client', 'server'] as const).map((side) => (
          <Diagram
            key={side}
            side={side}
            end={ends[side]}
            host={endpoint(flow[side])}
            ended={hasBeen(story, side, index)}
          />
        ))}
      </div>
    </section>
  )
}

/** That end has been in a state other than CLOSED and LISTEN by then. */
const hasBeen = (story: Story, side: 'client' | 'server', index: number): boolean =>
  story.events
    .slice(0, index + 1)
    .some(
      (event) =>
        ![event[side].state, event[side].was].every((state) => state === 'CLOSED' || state === 'LISTEN'),
    )

const FORM = 'input, select, textarea, [contenteditable]'
const PRESSED = 'button, a, summary'

/** Space plays, arrows step, Home and End jump: wherever the key is not needed by what has the focus. */
const useKeys = (replay: Replay): void => {
  useEffect(() => {
    const keys: Readonly<Record<string, () => void>> = {
      ' ': replay.toggle,
      ArrowRight: () => replay.step(1),
      ArrowLeft: () => replay.step(-1),
      Home: () => replay.go(-1),
      End: () => replay.go(replay.last),
    }
    const pressed = (event: KeyboardEvent): void => {
      const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined
      const target = event.target instanceof Element ? event.target : null
      if (act === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
      // The slider and the choices have these keys for themselves; a button has the space bar.
      if (target?.closest(FORM) || (event.key === ' ' && target?.closest(PRESSED))) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [replay])
}
