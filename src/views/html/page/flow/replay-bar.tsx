/** The controls of the replay. Buttons with names, a slider, a choice of speed; the states stay in sight above them. */
import { moment, seconds } from '../../../../text/amount.js'
import { StateName } from '../states.js'
import { language, words } from '../store.js'
import { type Replay, SPEEDS } from './replay.js'
import { endsAt, packetOf, type Story } from './story.js'

const ICONS = {
  first: 'M5 4h2.4v12H5zM16 4v12L8 10z',
  previous: 'M14.5 4v12L5.5 10z',
  play: 'M6 3.5v13L16.5 10z',
  pause: 'M5.5 4h3.4v12H5.5zM11.1 4h3.4v12h-3.4z',
  next: 'M5.5 4v12l9-6z',
  last: 'M12.6 4H15v12h-2.4zM4 4v12l8-6z',
} as const

export const ReplayBar = ({ story, replay }: { story: Story; replay: Replay }) => {
  const text = words.value.replay
  const index = replay.position.value
  const event = story.events[index]
  const packet = packetOf(event)
  const at = story.times[index]
  const ends = endsAt(story, index)
  const squeezed = replay.squeezed.value
  const when = at === undefined ? text.start : moment(at)
  return (
    <section class="replay" aria-label={text.heading}>
      <div class="replay-in">
        <fieldset class="buttons">
          <legend class="hidden">{text.heading}</legend>
          <Icon name="first" label={text.first} act={() => replay.go(-1)} />
          <Icon name="previous" label={text.previous} act={() => replay.step(-1)} />
          <Icon
            name={replay.playing.value ? 'pause' : 'play'}
            label={replay.playing.value ? text.pause : text.play}
            act={replay.toggle}
            main
          />
          <Icon name="next" label={text.next} act={() => replay.step(1)} />
          <Icon name="last" label={text.last} act={() => replay.go(replay.last)} />
        </fieldset>
        <input
          class="scrub"
          type="range"
          min={-1}
          max={replay.last}
          value={index}
          aria-label={text.position}
          aria-valuetext={text.value(index + 1, replay.last + 1, when)}
          onInput={(input) => replay.go(Number(input.currentTarget.value))}
        />
        <p class="where">
          <b class="mono">{packet === null ? '' : `#${packet}`}</b> <span class="mono">{when}</span>
          <span class="squeezed" role="status">
            {squeezed === null ? '' : text.squeezed(seconds(squeezed.real), seconds(squeezed.shown))}
          </span>
        </p>
        <label class="speed" title={`${text.timing} ${text.keys}`}>
          <span class="hidden">{text.speed}</span>
          <select
            value={String(replay.speed.value)}
            onChange={(input) => {
              replay.speed.value = Number(input.currentTarget.value)
            }}
          >
            {SPEEDS.map((speed) => (
              <option key={speed} value={String(speed)}>
                {speed}×
              </option>
            ))}
          </select>
        </label>
        <p class="both">
          {(['client', 'server'] as const).map((side) => (
            <span key={side} class="one">
              <span class="faint">{language.value.side[side]}</span>{' '}
              <StateName state={ends[side].state} certainty={ends[side].certainty} />
            </span>
          ))}
        </p>
      </div>
    </section>
  )
}

interface IconProps {
  readonly name: keyof typeof ICONS
  readonly label: string
  readonly act: () => void
  readonly main?: true
}

const Icon = ({ name, label, act, main }: IconProps) => (
  <button type="button" class={main ? 'icon main' : 'icon'} aria-label={label} title={label} onClick={act}>
    <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  </button>
)
