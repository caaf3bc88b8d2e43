/** The keys of the replay. In: a replay. Out: space, arrows, Home and End move it, wherever the focus is. */
import { useEffect } from 'preact/hooks'
import type { Replay } from './replay.js'

const FORM = 'input, select, textarea, [contenteditable]'
const PRESSED = 'button, a, summary'

/** Space plays, arrows step, Home and End jump: wherever the key is not needed by what has the focus. */
export const useKeys = (replay: Replay): void => {
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
