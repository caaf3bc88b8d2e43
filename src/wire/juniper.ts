/**
 * What a Juniper router puts before the packets that it captures.
 *
 * In: the frame at such a header. Out: the layer of the interface's kind, or IP where the router has left the link
 * header out. Layout as tcpdump reads it (print-juniper.c); the link types' pages only refer to it.
 */
import { s32, u8, u16 } from './bytes.js'
import type { Frame } from './frame.js'
import { type Layer, RAW_IP } from './layer.js'

/** "MGC", before the flags. */
const MAGIC = 0x4d4743
/** In the flags: no link header follows; extensions with a length of their own do. */
const NO_LINK_HEADER = 0x02
const EXTENSIONS = 0x80

/** The reader for interfaces whose packets begin with `link`. */
export function juniper(link: Layer): (frame: Frame) => Layer {
  return (frame) => {
    const { bytes, at } = frame
    if (frame.lacks(6) || s32(bytes, at) >>> 8 !== MAGIC) return frame.other('juniper')
    const flags = u8(bytes, at + 3)
    frame.at += (flags & EXTENSIONS) !== 0 ? 6 + u16(bytes, at + 4) : 4
    if ((flags & NO_LINK_HEADER) === 0) return link
    // A protocol number in the router's own byte order, which the packet itself makes needless.
    frame.at += 4
    return RAW_IP
  }
}
