/** In: seconds and nanoseconds since the epoch. Out: ISO 8601 in UTC with nanoseconds, as the project's JSON has it. */
export function isoTime(seconds: number, nanoseconds: number): string {
  if (seconds !== latest) {
    latest = seconds
    date = `${dateText(seconds)}.`
  }
  // Two pieces, of which the first is the same for many: a text of four takes twice the memory.
  const fraction = `${String(nanoseconds).padStart(9, '0')}Z`
  return `${date}${fraction}`
}

/** Packets come many a second: the date of the last one is kept. */
let latest = 0
let date = '1970-01-01T00:00:00.'

function dateText(seconds: number): string {
  const whole = new Date(seconds * 1000)
  // A capture can claim any time; one that Date can't hold is said as plain seconds.
  return Number.isNaN(whole.getTime()) ? String(seconds) : whole.toISOString().slice(0, 19)
}
