/** An event in words, in the language of the moment. In: an event. Out: a heading, sentences, and the few words beside an arrow. */
import { flagNames, moment } from '../../../../text/amount.js'
import { numbered } from '../../../../text/capture-names.js'
import { describeIcmp, describeRules, explainRow, otherSide, shortRow } from '../../../../text/row.js'
import type { Language } from '../../../../text/table.js'
import type { LadderEvent } from '../../../terminal/events.js'
import { spell } from '../store.js'

/** `#4 server -> client SYN,ACK`. */
export const headingOf = (event: LadderEvent, language: Language): string => {
  if (event.kind === 'packet') {
    const { packet, capture, from, flags } = event.row
    return `#${numbered(language, packet, capture)} ${language.side[from]} → ${language.side[otherSide(from)]} ${flagNames(flags)}`
  }
  if (event.kind === 'icmp')
    return `#${numbered(language, event.row.packet, event.row.capture)} ICMP → ${language.side[event.row.to]}`
  return language.ladder.noPacket[event.cause]
}

/** Everything there is to say; '' for a packet of which nothing is to be said. */
export const sentencesOf = (event: LadderEvent, language: Language): string => {
  if (event.kind === 'packet') return explainRow(event.row, language, spell)
  if (event.kind === 'icmp') return describeIcmp(event.row, language, spell)
  const { was, state, rules } = event[event.side]
  return language.row.changes(event.side, spell(was), spell(state), describeRules(rules, language))
}

/** The few words below an arrow. */
export const shortOf = (event: LadderEvent, before: LadderEvent | undefined, language: Language): string => {
  if (event.kind === 'packet')
    return shortRow(event.row, before?.kind === 'packet' ? before.row : undefined, language, spell)
  if (event.kind === 'icmp') return language.row.icmpShort(event.row.router)
  return describeRules(event[event.side].rules, language)
}

/** What stands on a packet's arrow. `wide`: with sequence numbers, as Wireshark writes them. */
export const arrowText = (event: LadderEvent, wide: boolean): string => {
  if (event.kind !== 'packet') return ''
  const { flags, relativeSeq, relativeAck, len } = event.row
  const names = flagNames(flags) || '-'
  const size = len > 0 ? ` Len=${len}` : ''
  if (!wide) return names + size
  return `${names}  Seq=${relativeSeq}${relativeAck === null ? '' : ` Ack=${relativeAck}`}${size}`
}

/** For those who hear the page: one event, whole. */
export const spokenOf = (event: LadderEvent, at: number, language: Language): string => {
  const both = `${language.side.client} ${spell(event.client.state)}${language.clauseGap}${language.side.server} ${spell(event.server.state)}`
  return [headingOf(event, language), moment(at), both, sentencesOf(event, language)]
    .filter(Boolean)
    .join('. ')
}
