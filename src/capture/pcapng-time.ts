/**
 * Times of pcapng: a 64-bit count of units that the interface names (if_tsresol), and an offset (if_tsoffset).
 *
 * In: the two halves of the count. Out: whole seconds and nanoseconds, exact; what is finer than a nanosecond is
 * cut off.
 */

export interface Time {
  seconds: number
  nanoseconds: number
}

/** Puts the time for a count of units into `time`. */
export type Clock = (high: number, low: number, time: Time) => void

/** `if_tsresol` when the option is not there: microseconds. */
export const DEFAULT_RESOLUTION = 6

/** Years 1 to 9999: what can be printed as ISO 8601. */
const EARLIEST = -62_135_596_800
const LATEST = 253_402_300_799

/**
 * The clock for `if_tsresol` (a power of 10, or with bit 7 of 2, both negative) and `if_tsoffset` in seconds. Times
 * outside the years 1 to 9999 are moved to the nearest of them.
 */
export function clockOf(resolution: number, offset: bigint): Clock {
  const exponent = resolution & 0x7f
  const decimal = (resolution & 0x80) === 0
  const count =
    decimal && exponent <= 9 ? decimalClock(10 ** exponent) : wideClock(decimal ? 10n : 2n, exponent)
  if (offset === 0n) return bounded(count, 0)
  // Beyond the bounds anyhow when it does not fit a number.
  return bounded(count, Number(offset))
}

function bounded(clock: Clock, offset: number): Clock {
  return (high, low, time) => {
    clock(high, low, time)
    const seconds = time.seconds + offset
    time.seconds = seconds
    if (seconds < EARLIEST || seconds > LATEST) {
      time.seconds = seconds < EARLIEST ? EARLIEST : LATEST
      time.nanoseconds = 0
    }
  }
}

/**
 * At most 10^9 units a second: one division where a double holds the count exactly, as it does for microseconds
 * until 2255, and else a long division by 16-bit digits, whose every step a double holds exactly.
 */
function decimalClock(units: number): Clock {
  const unit = 1e9 / units
  return (high, low, time) => {
    if (high < 2 ** 21) {
      const count = high * 2 ** 32 + low
      const seconds = Math.floor(count / units)
      const rest = count - seconds * units
      // The quotient may have been rounded up to the next second.
      time.seconds = rest < 0 ? seconds - 1 : seconds
      time.nanoseconds = (rest < 0 ? rest + units : rest) * unit
      return
    }
    const first = Math.floor(high / units)
    const middle = (high - first * units) * 65_536 + (low >>> 16)
    const second = Math.floor(middle / units)
    const end = (middle - second * units) * 65_536 + (low & 0xffff)
    const third = Math.floor(end / units)
    time.seconds = first * 2 ** 32 + second * 65_536 + third
    time.nanoseconds = (end - third * units) * unit
  }
}

/** Any other resolution: rare enough for big integers. */
function wideClock(base: bigint, exponent: number): Clock {
  const units = base ** BigInt(exponent)
  return (high, low, time) => {
    const count = (BigInt(high) << 32n) | BigInt(low)
    const seconds = count / units
    time.seconds = Number(seconds)
    time.nanoseconds = Number(((count - seconds * units) * 1_000_000_000n) / units)
  }
}
