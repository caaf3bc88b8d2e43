/**
 * The replay of one connection: where it stands and how it moves.
 *
 * In: a story. Out: signals and moves. Original timing, except that nobody waits a minute nor sees a microsecond.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { remember, route } from '../route.js'
import { captureOf, indexOfPacket, packetOf, type Story } from './story.js'

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const

/** Seconds on the screen between two events, at speed 1. */
const SHORTEST = 0.35
const LONGEST = 2

export interface Replay {
  /** Index of the event last seen; -1 before the first. */
  readonly position: Signal<number>
  readonly playing: Signal<boolean>
  readonly speed: Signal<number>
  /** The wait that goes on, where it is shown shorter than it was: seconds. */
  readonly squeezed: ReadonlySignal<{ readonly real: number; readonly shown: number } | null>
  readonly last: number
  readonly go: (index: number) => void
  readonly step: (by: number) => void
  readonly toggle: () => void
  /** Stops everything that runs. */
  readonly dispose: () => void
}

export const replayOf = (story: Story): Replay => {
  const last = story.events.length - 1
  const { packet, capture } = route.peek()
  const position = signal(packet === null ? last : Math.max(0, indexOfPacket(story, packet, capture)))
  const playing = signal(false)
  const speed = signal(1)
  const waitAfter = (index: number): number =>
    index < 0 ? 0 : (story.times[index + 1] ?? 0) - (story.times[index] ?? 0)
  const shownFor = (index: number): number =>
    Math.min(LONGEST, Math.max(SHORTEST, waitAfter(index))) / speed.value
  const squeezed = computed(() => {
    const real = waitAfter(position.value)
    return playing.value && position.value < last && real > LONGEST
      ? { real, shown: shownFor(position.value) }
      : null
  })
  const go = (index: number): void => {
    position.value = Math.min(last, Math.max(-1, index))
  }
  const runs = effect(() => {
    if (!playing.value) return
    const now = position.value
    if (now >= last) {
      playing.value = false
      return
    }
    const timer = setTimeout(() => go(now + 1), shownFor(now) * 1000)
    return () => clearTimeout(timer)
  })
  let opened = true
  const remembers = effect(() => {
    const now = position.value
    const event = story.events[now]
    // Opening a connection is no step: its link stays as it was followed.
    if (!playing.value && !opened) remember(story.flow.flow, packetOf(event), captureOf(event))
    opened = false
  })
  const follows = effect(() => {
    const { flow, packet: asked, capture: its } = route.value
    if (flow === story.flow.flow && asked !== null)
      position.value = Math.max(0, indexOfPacket(story, asked, its))
  })
  return {
    position,
    playing,
    speed,
    squeezed,
    last,
    go: (index) => {
      playing.value = false
      go(index)
    },
    step: (by) => {
      playing.value = false
      go(position.peek() + by)
    },
    toggle: () => {
      if (!playing.peek() && position.peek() >= last) go(-1)
      playing.value = !playing.peek()
    },
    dispose: () => {
      runs()
      remembers()
      follows()
    },
  }
}
