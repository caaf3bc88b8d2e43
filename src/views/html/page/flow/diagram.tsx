/** One end's state diagram: the current state lit, the edge just taken drawn. */
import type { EndState, Side } from '../../../../report.js'
import { describeRules } from '../../../../text/row.js'
import { isRoutine } from '../../../../text/rule.js'
import { StateName, stateClass } from '../states.js'
import { language, spell, words } from '../store.js'
import { BOX, BOXES, boxOf, bypass, EDGES, edgeOf, HEIGHT, WIDTH, WORD_LINE } from './figure5.js'

interface Props {
  readonly side: Side
  readonly end: EndState
  readonly host: string
  /** A connection has been there before: CLOSED is the one at its end. */
  readonly ended: boolean
}

export const Diagram = ({ side, end, host, ended }: Props) => {
  const { state, was } = end
  const moved = state !== was
  const text = words.value.diagram
  const taken = moved ? edgeOf(was, state, end.rules) : undefined
  // These two lead back to the upper CLOSED.
  const lit = boxOf(
    state,
    ended && !(state === 'CLOSED' && (taken?.from === 'SYN_SENT' || taken?.from === 'LISTEN')),
  )
  const other =
    moved && taken === undefined
      ? bypass(boxOf(was, was === 'CLOSED' && ended && state === 'CLOSED'), lit)
      : null
  const told = describeRules(
    end.rules.filter((rule) => !isRoutine(rule)),
    language.value,
  )
  return (
    <figure class="diagram">
      <figcaption>
        <span class="who">{language.value.side[side]}</span>
        <span class="mono faint host-name">{host}</span>
        <StateName state={state} certainty={end.certainty} />
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={text.label(side, spell(state))}>
        <Heads side={side} />
        {EDGES.map((edge) => (
          <path
            key={`${edge.from} ${edge.to}`}
            class="edge-line"
            d={edge.path}
            marker-end={`url(#head-${side})`}
          />
        ))}
        {EDGES.map(({ from, to, label }) => (
          <text key={`${from} ${to}`} class="edge-word" x={label.x} y={label.y} text-anchor={label.anchor}>
            {label.lines.map((line, n) => (
              <tspan key={line} x={label.x} dy={n === 0 ? 0 : WORD_LINE}>
                {line}
              </tspan>
            ))}
          </text>
        ))}
        {taken !== undefined && (
          <path
            key={taken.path}
            class="edge-line taken"
            d={taken.path}
            pathLength="1"
            marker-end={`url(#taken-${side})`}
          />
        )}
        {other !== null && (
          <path key={other} class="edge-line taken beside" d={other} marker-end={`url(#taken-${side})`} />
        )}
        {BOXES.map((box) => {
          const here = box === lit
          const from = moved && box.state === was && (was !== 'CLOSED' || box !== lit)
          return (
            <g
              key={`${box.x} ${box.y}`}
              class={`box ${stateClass(box.state)}${here ? ' lit' : from ? ' left' : ''}`}
            >
              <rect
                x={box.x - BOX.width / 2}
                y={box.y - BOX.height / 2}
                width={BOX.width}
                height={BOX.height}
                rx="5"
              />
              <text x={box.x} y={box.y + 3.6} text-anchor="middle">
                {spell(box.state)}
              </text>
            </g>
          )
        })}
      </svg>
      <p class="edge-told">
        {moved ? (
          <>
            {spell(was)} → <b>{spell(state)}</b>
            <span class="faint"> {told}</span>
          </>
        ) : (
          <span class="faint">{text.stays}</span>
        )}
      </p>
    </figure>
  )
}

const Heads = ({ side }: { side: Side }) => (
  <defs>
    {(['head', 'taken'] as const).map((name) => (
      <marker
        key={name}
        id={`${name}-${side}`}
        class={`marker-${name}`}
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth={name === 'head' ? 6 : 10}
        markerHeight={name === 'head' ? 6 : 10}
        markerUnits="userSpaceOnUse"
        orient="auto-start-reverse"
      >
        <path d="M0 .8L7.4 4L0 7.2Z" />
      </marker>
    ))}
  </defs>
)
