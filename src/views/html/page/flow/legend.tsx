/** How to read the ladder: every mark that is not a word, drawn as it is drawn there. */
import { words } from '../store.js'

const MARKS = [
  'band',
  'assumed',
  'hindsight',
  'lost',
  'unheard',
  'thrown',
  'unseen',
  'crossing',
  'timer',
  'silent',
] as const

export const Legend = () => {
  const text = words.value.ladder.legend
  return (
    <details class="legend" open>
      <summary>{text.heading}</summary>
      <ul>
        {MARKS.map((mark) => (
          <li key={mark}>
            <svg viewBox="0 0 34 16" width="34" height="16" aria-hidden="true" class={`legend-${mark}`}>
              <Mark mark={mark} />
            </svg>
            {text[mark]}
          </li>
        ))}
      </ul>
    </details>
  )
}

const Mark = ({ mark }: { mark: (typeof MARKS)[number] }) => {
  switch (mark) {
    case 'band':
      return <rect class="sample s-established" x="12" y="0" width="10" height="16" rx="2" />
    case 'assumed':
      return (
        <g class="s-established">
          <rect class="sample" x="12" y="0" width="10" height="16" rx="2" />
          <rect class="hatch" x="12" y="0" width="10" height="16" rx="2" />
        </g>
      )
    case 'hindsight':
      return (
        <g class="s-syn-received">
          <rect class="sample" x="12" y="2" width="10" height="12" rx="2" />
          <rect class="hind" x="8.5" y=".8" width="17" height="14.4" rx="4" />
        </g>
      )
    case 'lost':
      return (
        <g class="arrow lost">
          <line x1="1" y1="8" x2="24" y2="8" />
          <path class="mark" d="M19 3L29 13M29 3L19 13" />
        </g>
      )
    case 'unheard':
      return (
        <g class="arrow lost">
          <line x1="1" y1="8" x2="22" y2="8" />
          <text class="label" x="28" y="12" text-anchor="middle">
            ?
          </text>
        </g>
      )
    case 'thrown':
      return (
        <g class="arrow">
          <line x1="1" y1="8" x2="18" y2="8" />
          <g class="mark">
            <circle cx="25" cy="8" r="6" />
            <path d="M21 4L29 12" />
          </g>
        </g>
      )
    case 'unseen':
      return (
        <g class="unseen">
          <line x1="1" y1="8" x2="14" y2="8" />
          <path class="mark" d="M14 3L24 13M24 3L14 13" />
        </g>
      )
    case 'crossing':
      return <path class="crossed" d="M2 3L32 13M32 3L2 13" />
    case 'timer':
      return (
        <g class="timer">
          <line x1="7" x2="7" y1="0" y2="16" />
          <circle cx="19" cy="8" r="5" />
          <path d="M19 5V8H21.2" />
        </g>
      )
    default:
      return (
        <g class="other silent">
          <circle cx="17" cy="8" r="5" />
          <path d="M17 5V8H19.2" />
        </g>
      )
  }
}
