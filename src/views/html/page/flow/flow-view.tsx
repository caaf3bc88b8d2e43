/** The page for one connection: what it is, its ladder, both state diagrams, netstat, and the replay that moves them all. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Flow, SIDES } from '../../../../report.js'
import { isAbout } from '../../../about-flow.js'
import { endpoint } from '../../../endpoint.js'
import { useOutgrows } from '../measure.js'
import { Findings } from '../overview/findings.js'
import { data, gapsOf, report, words } from '../store.js'
import { Detail } from './detail.js'
import { Diagram } from './diagram.js'
import { Head } from './head.js'
import { useKeys } from './keys.js'
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
  const story = useMemo(() => storyOf(flow, report, gapsOf.get(flow.flow) ?? []), [flow])
  const replay = useMemo(() => replayOf(story), [story])
  const [scale, setScale] = useState<Scale>('squeezed')
  const [folded, setFolded] = useState(story.events.length > LONG)
  useEffect(() => () => replay.dispose(), [replay])
  useKeys(replay)
  const ladder = useRef<HTMLElement>(null)
  const held = useOutgrows(ladder)
  const about = report.findings.filter(isAbout(flow.flow))
  return (
    <div class="flow">
      <Head flow={flow} />
      {about.length > 0 && <Findings findings={about} within={flow.flow} />}
      <div class="columns">
        <section class="card ladder-card" aria-labelledby="packets" ref={ladder}>
          <div class="card-head">
            <h2 id="packets">{words.value.ladder.heading}</h2>
            <Choices scale={scale} setScale={setScale} folded={folded} setFolded={setFolded} story={story} />
          </div>
          <Gaps story={story} />
          <Ladder story={story} replay={replay} scale={scale} folded={folded} />
          <Legend />
        </section>
        <div class={held ? 'beside held' : 'beside'}>
          <Diagrams story={story} replay={replay} />
          <Detail story={story} index={replay.position.value} quiet={replay.playing.value} />
          <Netstat story={story} index={replay.position.value} />
        </div>
      </div>
      <ReplayBar story={story} replay={replay} />
    </div>
  )
}

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
  const command = `bothends --flow ${story.flow.flow} --all ${data.typed}`
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
        {SIDES.map((side) => (
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
