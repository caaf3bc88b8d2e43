/** A state as the page shows it everywhere: its name beside a mark in its colour. Colour never stands alone. */
import type { Certainty, State } from '../../../report.js'
import { language, spell } from './store.js'

/** The class that gives an element `--state`, the state's colour. */
export const stateClass = (state: State): string => `s-${state.toLowerCase().replaceAll('_', '-')}`

export const StateName = ({ state, certainty }: { state: State; certainty?: Certainty }) => (
  <span class={`state ${stateClass(state)}`}>
    <i aria-hidden="true" />
    {spell(state)}
    {certainty === 'assumed' && (
      <span class="doubt" title={language.value.certainty.assumed}>
        ?<span class="hidden"> ({language.value.certainty.assumed})</span>
      </span>
    )}
  </span>
)
