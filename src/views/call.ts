/**
 * What made a socket call return: a packet, or a timer at a moment.
 *
 * In: a call, where `at` counts from. Out: seconds as in `PacketRow.at`, words.
 */
import { type Flow, type Report, type SocketCall, watchedUntil } from '../report.js'
import { numbered } from '../text/capture-names.js'
import type { Language } from '../text/table.js'

type Extent = Pick<Report, 'captures' | 'epochSeconds' | 'epochNanoseconds' | 'endAt'>

/** When it returned, or will: to the nanosecond, as the timer that ends its state is told. */
export const returnsAt = (
  { time }: SocketCall,
  { epochSeconds, epochNanoseconds }: Pick<Extent, 'epochSeconds' | 'epochNanoseconds'>,
): number => {
  const [whole = '', fraction = ''] = time.split('.')
  const nanoseconds = Number(fraction.slice(0, 9))
  return Date.parse(`${whole}Z`) / 1000 - epochSeconds + (nanoseconds - epochNanoseconds) / 1e9
}

/** `say`: how a moment is written there. */
export const evidenceOf = (
  call: SocketCall,
  flow: Flow,
  language: Language,
  extent: Extent,
  say: (at: number) => string,
): string => {
  const named = (packet: number) => numbered(language, packet, call.capture ?? 0)
  if (call.packet !== null) return `#${named(call.packet)}`
  const at = returnsAt(call, extent)
  // A timer of the time after the capture has not run out yet: an answer can still come.
  if (at > watchedUntil(flow, extent)) return language.ladder.byTimerLater(say(at))
  return language.ladder.byTimer(say(at), call.shownBy === undefined ? null : named(call.shownBy))
}
