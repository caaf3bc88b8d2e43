/** Heads of arrows, marks of lost packets, and words cut to their room. In: places in pixels. Out: SVG, text. */
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

/** What is too long for the space between the lifelines stands whole beside the ladder. */
export const clipped = (text: string, room: number): string => {
  let left = room
  for (const [index, character] of [...text].entries()) {
    left -= (character.codePointAt(0) ?? 0) > 0x2e7f ? 11 : 5.7
    if (left < 8) return `${[...text].slice(0, index).join('')}…`
  }
  return text
}
