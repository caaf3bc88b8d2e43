/** Sentences whose `#12` are links to that packet, and rules with a link to their section. */
import type { AnyRule } from '../../../../report.js'
import { citation, isRoutine } from '../../../../text/rule.js'
import { linkTo } from '../route.js'
import { language } from '../store.js'

export const Linked = ({ text, flow }: { text: string; flow: number }) => (
  <>
    {text.split(/(#\d{1,15})/).map((part, index) =>
      index % 2 === 1 ? (
        <a key={index} href={linkTo(flow, Number(part.slice(1)))}>
          {part}
        </a>
      ) : (
        part
      ),
    )}
  </>
)

/** Where a rule can be read. In: `RFC 9293 3.10.7.4 step 5`, `RFC 5961`. */
const addressOf = (place: string): string => {
  const [, number = '9293', section] = /^RFC (\d+)(?: ([\d.]+))?/.exec(place) ?? []
  return `https://www.rfc-editor.org/rfc/rfc${number}.html${section === undefined ? '' : `#section-${section}`}`
}

export const Rules = ({ rules }: { rules: readonly AnyRule[] }) => {
  const told = rules.filter((rule) => !isRoutine(rule))
  if (told.length === 0) return null
  return (
    <ul class="rules">
      {told.map((rule) => {
        const place = citation(rule)
        return (
          <li key={rule}>
            {language.value.rules[rule] ?? rule}{' '}
            {place !== '' && (
              <a href={addressOf(place)} rel="noreferrer" target="_blank">
                {place}
              </a>
            )}
          </li>
        )
      })}
    </ul>
  )
}
