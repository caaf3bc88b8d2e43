/** In: seconds and nanoseconds since the epoch. Out: ISO 8601 in UTC with nanoseconds, as the project's JSON has it. */
export function isoTime(seconds: number, nanoseconds: number): string {
  const whole = new Date(seconds * 1000)
  // A capture can claim any time; one that Date can't hold is said as plain seconds.
  const date = Number.isNaN(whole.getTime()) ? String(seconds) : whole.toISOString().slice(0, 19)
  return `${date}.${String(nanoseconds).padStart(9, '0')}Z`
}
