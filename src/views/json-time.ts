/**
 * Seconds as JSON has them: what the packets' times say, and not what is left of reckoning with doubles.
 *
 * In: seconds since the first packet, reckoned from times of at most nine places: half a way there and back has ten.
 * Out: the nearest number of ten places (of six from {@link FAR} on, where a double has no more).
 */

/** A tenth of a nanosecond. */
export const TENTH = 1e10
/** Somewhat more than a day: below, a number of ten places is written with at most fifteen digits. */
export const FAR = 1e5
const FARTHEST = 1e9

export function inTenths(seconds: number): number {
  const far = Math.abs(seconds)
  if (far < FAR) return Math.round(seconds * TENTH) / TENTH
  return far < FARTHEST ? Math.round(seconds * 1e6) / 1e6 : seconds
}

export const inTenthsOrNull = (seconds: number | null): number | null =>
  seconds === null ? null : inTenths(seconds)
