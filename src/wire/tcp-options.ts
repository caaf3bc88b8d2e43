/**
 * TCP options.
 *
 * In: where the option list lies, and where the captured bytes end. Out: the option fields of the view.
 * RFC 9293 section 3.1 (kinds 0 to 2), RFC 7323 (window scale, timestamps), RFC 2018 (SACK), RFC 7413 (Fast Open).
 * Options this tool has no use for (MPTCP, MD5, AO, user timeout ...) are passed over.
 */
import { s32, u8, u16 } from './bytes.js'
import type { PacketView } from './packet.js'

const END = 0
const NO_OPERATION = 1
const MAXIMUM_SEGMENT_SIZE = 2
const WINDOW_SCALE = 3
const SACK_PERMITTED = 4
const SACK = 5
const TIMESTAMPS = 8
const FAST_OPEN = 34
const EXPERIMENT_1 = 253
const EXPERIMENT_2 = 254
/** Which experiment: Fast Open before it had a number of its own (RFC 6994, RFC 7413 section 2.1 note). */
const FAST_OPEN_EXPERIMENT = 0xf989
/** NOP NOP TIMESTAMPS 10: the whole list of nearly every segment of an established connection. */
const ONLY_TIMESTAMPS = 0x0101080a

/** Reads the options in `bytes[from, to)`, of which only `bytes[from, captured)` can be read. */
export function tcpOptions(
  bytes: Uint8Array,
  from: number,
  to: number,
  captured: number,
  out: PacketView,
): void {
  out.hasOptions = true
  if (isOnlyTimestamps(bytes, from, to, captured)) {
    timestamps(bytes, from + 2, out)
    return
  }
  const end = Math.min(to, captured)
  let at = from
  while (at < end) {
    const kind = u8(bytes, at)
    if (kind === END) return
    if (kind === NO_OPERATION) {
      at++
      continue
    }
    const length = at + 1 < end ? u8(bytes, at + 1) : 0
    if (length < 2 || at + length > end) {
      out.optionsCut = true
      cutTimestamps(bytes, at, end, kind, length, out)
      return
    }
    // Like Linux: an option of the wrong length is passed over, the others count.
    if (!option(bytes, at, kind, length, out)) out.optionsCut = true
    at += length
  }
  if (captured < to) out.optionsCut = true
}

export const isOnlyTimestamps = (bytes: Uint8Array, from: number, to: number, captured: number): boolean =>
  to - from === 12 && captured >= to && s32(bytes, from) === ONLY_TIMESTAMPS

/** Takes one option, which lies wholly in the captured bytes; false when its length is wrong for its kind. */
function option(bytes: Uint8Array, at: number, kind: number, length: number, out: PacketView): boolean {
  switch (kind) {
    case MAXIMUM_SEGMENT_SIZE:
      if (length !== 4) return false
      out.mss = u16(bytes, at + 2)
      return true
    case WINDOW_SCALE:
      if (length !== 3) return false
      out.windowScale = u8(bytes, at + 2)
      return true
    case SACK_PERMITTED:
      out.sackPermitted = length === 2
      return length === 2
    case SACK:
      return sack(bytes, at, length, out)
    case TIMESTAMPS:
      if (length !== 10) return false
      timestamps(bytes, at, out)
      return true
    case FAST_OPEN:
      out.fastOpen = length - 2
      return true
    case EXPERIMENT_1:
    case EXPERIMENT_2:
      if (length >= 4 && u16(bytes, at + 2) === FAST_OPEN_EXPERIMENT) out.fastOpen = length - 4
      return true
    default:
      return true
  }
}

/** The option of {@link TIMESTAMPS} that begins at `at`. */
export function timestamps(bytes: Uint8Array, at: number, out: PacketView): void {
  out.hasTimestamps = true
  out.tsVal = s32(bytes, at + 2)
  out.tsEcr = s32(bytes, at + 6)
}

/**
 * A snap length of 68 bytes, tcpdump's for many years, ends in the timestamps of every Linux SYN: that the
 * option is there, and TSval, still count. TSecr stays 0, which a SYN has anyway.
 */
function cutTimestamps(
  bytes: Uint8Array,
  at: number,
  end: number,
  kind: number,
  length: number,
  out: PacketView,
): void {
  if (kind !== TIMESTAMPS || length !== 10 || at + 6 > end) return
  out.hasTimestamps = true
  out.tsVal = s32(bytes, at + 2)
}

function sack(bytes: Uint8Array, at: number, length: number, out: PacketView): boolean {
  const blocks = (length - 2) >> 3
  if ((length - 2) % 8 !== 0 || blocks < 1 || blocks > 4) return false
  for (let edge = 0; edge < blocks * 2; edge++) out.sack[edge] = s32(bytes, at + 2 + edge * 4)
  out.sackBlocks = blocks
  return true
}
