/** Heads of arrows, marks of lost packets, words in lines. In: places in pixels. Out: SVG. */
import { language } from '../store.js'
import { wholeWords } from './ladder-words.js'
import { type Place, WORDS } from './layout.js'
import type { Story } from './story.js'

export const Head = ({ x, y, from }: { x: number; y: number; from: { x: number; y: number } }) => {
  const angle = (Math.atan2(y - from.y, x - from.x) * 180) / Math.PI
  return <path class="head" d="M0 0L-9 -4.2L-9 4.2Z" transform={`translate(${x} ${y}) rotate(${angle})`} />
}

export const Mark = ({ kind, x, y }: { kind: 'lost' | 'unheard' | 'thrown'; x: number; y: number }) =>
  kind === 'unheard' ? (
    <text class="label halo" x={x} y={y + 4} text-anchor="middle">
      ?
    </text>
  ) : kind === 'lost' ? (
    <path class="mark" d="M-5-5L5 5M5-5L-5 5" transform={`translate(${x} ${y})`} />
  ) : (
    <g class="mark" transform={`translate(${x} ${y})`}>
      <circle r="6" />
      <path d="M-4.2-4.2L4.2 4.2" />
    </g>
  )

interface SaidProps {
  readonly story: Story
  readonly place: Place
  readonly x: number
  /** Baseline of the first line. */
  readonly y: number
  readonly anchor: string
}

/** The words of a place, whole where the pointer rests on what had to be left out. */
export const Said = ({ story, place, x, y, anchor }: SaidProps) => {
  if (place.words.length === 0) return null
  const whole = wholeWords(story, place.first, language.value)
  return (
    <text class="said halo" x={x} y={y} text-anchor={anchor}>
      {squashed(place.words.join('')) !== squashed(whole) && <title>{whole}</title>}
      {place.words.map((line, n) => (
        <tspan key={n} x={x} dy={n === 0 ? 0 : WORDS}>
          {line}
        </tspan>
      ))}
    </text>
  )
}

const squashed = (text: string): string => text.replace(/\s+/g, '')
