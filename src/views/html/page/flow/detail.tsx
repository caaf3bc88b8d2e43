/** What happened at the event the replay stands at: each end's state, the rules with their sections, the evidence. */
import { SIDES } from '../../../../report.js'
import { moment } from '../../../../text/amount.js'
import type { LadderEvent } from '../../../terminal/events.js'
import { StateName } from '../states.js'
import { language, words } from '../store.js'
import { arrowText, headingOf, sentencesOf } from './event-text.js'
import { Linked, Rules } from './linked.js'
import { captureOf, endsAt, type Story } from './story.js'

export const Detail = ({ story, index, quiet }: { story: Story; index: number; quiet: boolean }) => {
  const event = story.events[index]
  const text = words.value.detail
  return (
    <section class="card detail" aria-labelledby="detail">
      <h2 id="detail">
        {text.heading}
        <span class="tally">{text.position(index + 1, story.events.length)}</span>
      </h2>
      <div aria-live={quiet ? 'off' : 'polite'} aria-atomic="true">
        {event === undefined ? (
          <p>{text.before}</p>
        ) : (
          <EventStory event={event} at={story.times[index] ?? 0} flow={story.flow.flow} />
        )}
        {event === undefined && <Ends ends={endsAt(story, index)} />}
      </div>
    </section>
  )
}

export const EventStory = ({ event, at, flow }: { event: LadderEvent; at: number; flow: number }) => {
  const sentences = sentencesOf(event, language.value)
  return (
    <>
      <p class="event-head">
        <b>{headingOf(event, language.value)}</b>
        <span class="faint mono">
          {event.kind === 'packet'
            ? `${arrowText(event, true).replace(/^\S+\s*/, '')} Win=${event.row.window}`
            : ''}
        </span>
        <span class="faint">{moment(at)}</span>
      </p>
      <Ends ends={event} />
      <p class="told">
        {sentences === '' ? (
          <span class="faint">{words.value.detail.nothing}</span>
        ) : (
          <Linked text={sentences} flow={flow} capture={captureOf(event)} />
        )}
      </p>
    </>
  )
}

const Ends = ({ ends }: { ends: Pick<LadderEvent, 'client' | 'server'> }) => (
  <dl class="ends">
    {SIDES.map((side) => {
      const { state, certainty, hindsight, rules } = ends[side]
      return (
        <div key={side}>
          <dt>{language.value.side[side]}</dt>
          <dd>
            <StateName state={state} />
            <span class={`certainty ${certainty}`}>{language.value.certainty[certainty]}</span>
            {hindsight !== undefined && (
              <span class="certainty hindsight">{words.value.ladder.legend.hindsight}</span>
            )}
            <Rules rules={rules} />
          </dd>
        </div>
      )
    })}
  </dl>
)
