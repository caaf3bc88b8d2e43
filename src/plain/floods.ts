/**
 * Who tried to open connections to ports that may be flooded, for the rule that tells floods.
 *
 * In: flows by groups. Out: the rule's attempts by port, as it would gather them from the flows themselves: nothing is
 * made of an unopened connection, of which there may be a million, but its numbers.
 */
import { PortAttempts, WENT_ON } from '../diagnose/port-attempts.js'
import { attemptOf, take } from '../diagnose/syn-flood.js'
import type { Explained } from './explained.js'
import { REPLAYED, UNOPENED } from './flow-list.js'
import type { Groups } from './groups.js'
import { FIRST } from './layout.js'

/** `known`: flows that need not be told. */
export function attemptsIn(groups: Groups, known: Explained | null): readonly PortAttempts[] {
  const { list, client, service } = groups
  const ports = new Map<number, PortAttempts>()
  /** What went the same way is the same attempt. */
  const examples = new Map(list.examples.map((example) => [example, attemptOf(example)]))
  for (const n of groups.maybeFlooded) {
    if (known?.has(list.number[n] as number)) continue
    let port = ports.get(service[n] as number)
    if (port === undefined) {
      port = new PortAttempts(list.flow(n).server)
      ports.set(service[n] as number, port)
    }
    const outcome = list.outcome[n]
    if (outcome === REPLAYED) take(port, list.exampleOf(n), groups.firstWatchedUntil(n), client[n] as number)
    else if (outcome === UNOPENED) {
      const { synAcks, synsOnly } = examples.get(list.exampleOf(n)) ?? attemptOf(list.flow(n))
      takeRow(port, groups, n, synAcks)
      port.synsOnly &&= synsOnly
    } else {
      takeRow(port, groups, n, WENT_ON)
      port.synsOnly = false
    }
  }
  return [...ports.values()]
}

function takeRow(port: PortAttempts, groups: Groups, n: number, synAcks: number): void {
  const { list } = groups
  if (synAcks !== WENT_ON) {
    port.firstClient ||= list.flow(n).client.address
    if (port.quotes) {
      const { page, base } = list.row(n)
      port.quote(list.plain.frameOf(page[base + FIRST] as number))
    }
  }
  const until = groups.firstWatchedUntil(n)
  port.add(list.number[n] as number, list.startAt(n), until, groups.client[n] as number, synAcks)
}
