/** The ladder for those who hear it. In: places. Out: the options of its list box, in words. */
import { language } from '../store.js'
import { spokenOf } from './event-text.js'
import type { Place } from './layout.js'
import type { Story } from './story.js'

/** What the list box points at must be there, also while it is still out of sight. */
export const withCurrent = (places: readonly Place[], current: Place | undefined): readonly Place[] =>
  current === undefined || places.includes(current) ? places : [...places, current]

interface OptionsProps {
  readonly story: Story
  readonly places: readonly Place[]
  readonly all: readonly Place[]
  readonly current: Place | undefined
}

/** The same lines for those who hear them: the picture has its words in an order that no one could follow by ear. */
export const Options = ({ story, places, all, current }: OptionsProps) => (
  <div class="hidden" role="none">
    {places.map((place) => {
      const event = story.events[place.first]
      return (
        // biome-ignore lint/a11y/useFocusableInteractive: the list box has the focus and points at it
        <div
          key={place.first}
          id={`event-${place.first}`}
          role="option"
          aria-selected={place === current}
          aria-setsize={all.length}
          aria-posinset={all.indexOf(place) + 1}
        >
          {event === undefined ? '' : spokenOf(event, story.times[place.first] ?? 0, language.value)}
        </div>
      )
    })}
  </div>
)
