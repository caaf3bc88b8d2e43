/** Sentences whose `#12` (or `#12 of b.pcap`) are links to that packet, and rules with a link to their section. */
import type { AnyRule } from '../../../../report.js'
import { numbered } from '../../../../text/capture-names.js'
import { citation, isRoutine } from '../../../../text/rule.js'
import { linkTo } from '../route.js'
import { language } from '../store.js'

interface Props {
  readonly text: string
  readonly flow: number
  /** Where numbers count that name no capture. */
  readonly capture: number
}

export const Linked = ({ text, flow, capture }: Props) => (
  <>
    {text.split(/(#\d{1,15})/).map((part, index, parts) => {
      if (index % 2 === 0) return part
      const packet = Number(part.slice(1))
      return (
        <a key={index} href={linkTo(flow, packet, namedBehind(packet, parts[index + 1] ?? '') ?? capture)}>
          {part}
        </a>
      )
    })}
  </>
)

/** The capture whose name stands behind a packet's number; of names that begin alike the longest. */
const namedBehind = (packet: number, text: string): number | undefined => {
  const names = language.value.captureNames ?? []
  const behind = names.map((_, n) => String(numbered(language.value, packet, n)).slice(String(packet).length))
  const fits = behind.flatMap((name, n) => (text.startsWith(name) ? [n] : []))
  return fits.toSorted((a, b) => (behind[b]?.length ?? 0) - (behind[a]?.length ?? 0))[0]
}

/** Where a rule can be read. In: `RFC 9293 3.10.7.4 step 5` in any language, `RFC 5961`. */
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
        const place = citation(rule, language.value)
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
