/**
 * Until when a connection was watched: what a capture does not show after its end is no silence.
 *
 * In: when each capture was taken, and the connections of each. Out: by capture the end of the last one that goes on where
 * it ends. One goes on with another when it begins soon after the other's end, and has a host in common with it: files of a
 * rotated set do, captures of two days or of two places do not.
 */
import type { Conversation } from './conversation.js'
import type { Segment } from './segment.js'

/** Seconds as in `Segment.at`. */
export interface Stretch {
  readonly first: number
  readonly latest: number
  /** Of its last packet, which comes long before the latest where the clock was set back. */
  readonly last: number
}

interface Placed extends Stretch {
  /** Which capture it is. */
  readonly n: number
}

export interface Watch {
  /** When the latest packet of all captures came, seconds as in `Segment.at`. */
  readonly end: number
  /** Of each capture until when its connections were watched; null: all to that end. */
  readonly ends: readonly number[] | null
  /** When the last packet of each capture itself came, of whatever connection; null: they are still being read. */
  readonly lasts: readonly number[] | null
}

/** So many seconds a capture may pause for want of packets: TCP_RTO_MAX, Linux' longest pause between two resends, and some. */
const PAUSE = 125
/** Files of a rotated set may overlap by so many seconds: packets of several interfaces are not quite in order. */
const OVERLAP = 0.05

/** A capture that ends so many seconds before its latest packet is not only out of order: its clock was set back. */
const SET_BACK = 1

/** `haveHost`: whether two captures, by their places, have a host in common; asked of those only that time would allow. */
export function watchOf(
  stretches: readonly (Stretch | null)[],
  end: number,
  haveHost: (one: number, other: number) => boolean,
): Watch {
  const ends = stretches.map((stretch) => (stretch === null ? end : endOf(stretch)))
  const inTime = stretches
    .flatMap((stretch, n) => (stretch === null ? [] : [{ ...stretch, n }]))
    .sort((a, b) => a.first - b.first)
  // From the last to the first, so that what goes on after the next one is known already.
  for (let place = inTime.length - 1; place >= 0; place--) {
    const { n, first, latest } = inTime[place] as Placed
    for (let next = place + 1; next < inTime.length; next++) {
      const other = inTime[next] as Placed
      if (other.first - latest > PAUSE) break
      const goesOn = other.first > first && other.first >= latest - OVERLAP && other.latest > latest
      const until = ends[other.n] as number
      if (goesOn && until > (ends[n] as number) && haveHost(n, other.n)) ends[n] = until
    }
  }
  const lasts = stretches.map((stretch) => (stretch === null ? Number.NEGATIVE_INFINITY : endOf(stretch)))
  return { end, ends: ends.every((each) => each >= end) ? null : ends, lasts }
}

/** By the clock as it was in the end: for how long what came before was watched nobody can tell. */
const endOf = ({ latest, last }: Stretch): number => (latest - last > SET_BACK ? last : latest)

/** Of a connection whose packets these are. */
export function watchedUntil({ end, ends }: Watch, segments: readonly Pick<Segment, 'capture'>[]): number {
  if (ends === null) return end
  let until = Number.NEGATIVE_INFINITY
  for (const { capture } of segments) until = Math.max(until, ends[capture] ?? end)
  return until
}

/** Of so many connections that begin in a capture the hosts are compared. */
const MOST = 10_000

/** Hosts of captures, by the connections that begin there: {@link watchOf} asks. */
export class Hosts {
  readonly #of = new Map<number, { readonly hosts: Set<number | string>; connections: number }>()

  /** A 4-tuple that was not heard of before; `one` and `other`: its hosts, told from others by these. */
  begins(capture: number, one: number | string, other: number | string): void {
    let known = this.#of.get(capture)
    if (known === undefined) {
      known = { hosts: new Set(), connections: 0 }
      this.#of.set(capture, known)
    }
    if (known.connections++ >= MOST) return
    known.hosts.add(one)
    known.hosts.add(other)
  }

  /** Where none begins, nothing tells them apart. */
  haveOne(one: number, other: number): boolean {
    const a = this.#of.get(one)?.hosts
    const b = this.#of.get(other)?.hosts
    if (a === undefined || b === undefined) return true
    for (const host of a) if (b.has(host)) return true
    return false
  }
}

export function hostsOf(conversations: readonly Conversation[]): Hosts {
  const hosts = new Hosts()
  for (const { ends, segments } of conversations) {
    const capture = segments[0]?.capture
    if (capture !== undefined) hosts.begins(capture, ends[0].address, ends[1].address)
  }
  return hosts
}
