/**
 * Long stretches in which nothing happens, taken together: a download of 10,000 packets is one line.
 *
 * In: the ladder's events and the words beside each. Out: events and folds.
 */
import type { EndState } from '../../report.js'
import type { LadderEvent, PacketEvent } from './events.js'

export interface Fold {
  readonly kind: 'fold'
  readonly events: readonly PacketEvent[]
}

/** A fold stands for at least so many packets: less would save nothing. */
const LEAST = 4
/** Packets of a quiet stretch that are still drawn, before and after its fold. */
const EDGE = 1

const same = (a: EndState, b: EndState): boolean =>
  a.state === b.state && a.certainty === b.certainty && a.hindsight?.packet === b.hindsight?.packet

/** Frame numbers count in their capture: a fold names the first and the last of one. */
const alike = (a: PacketEvent, b: PacketEvent): boolean =>
  a.row.capture === b.row.capture && same(a.client, b.client) && same(a.server, b.server)

const quiet = (event: LadderEvent, words: string): event is PacketEvent =>
  event.kind === 'packet' &&
  words === '' &&
  event.row.received !== false &&
  !event.row.crossing &&
  !/[SFR]/.test(event.row.flags) &&
  event.client.state === event.client.was &&
  event.server.state === event.server.was

/** `words(i)`: what stands beside event i, '' for nothing. */
export const fold = (
  events: readonly LadderEvent[],
  words: (index: number) => string,
): (LadderEvent | Fold)[] => {
  const folded: (LadderEvent | Fold)[] = []
  let run: PacketEvent[] = []
  const flush = (): void => {
    const middle = run.slice(EDGE, run.length - EDGE)
    if (middle.length < LEAST) folded.push(...run)
    else folded.push(...run.slice(0, EDGE), { kind: 'fold', events: middle }, ...run.slice(run.length - EDGE))
    run = []
  }
  events.forEach((event, index) => {
    const last = run[run.length - 1]
    if (quiet(event, words(index))) {
      if (last !== undefined && !alike(last, event)) flush()
      run.push(event)
      return
    }
    flush()
    folded.push(event)
  })
  flush()
  return folded
}
