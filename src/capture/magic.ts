/**
 * What kind of file this is, by its first bytes.
 *
 * In: the first bytes. Out: a capture format, a compression, or the name of what it is instead.
 */
import { foreign } from './foreign.js'
import { pcapMagic } from './pcap-header.js'
import { viewOf } from './pump.js'

export type Compression = 'gzip' | 'zstd' | 'lz4'

export type Kind =
  | { readonly is: 'pcap' | 'pcapng' }
  | { readonly is: 'compressed'; readonly by: Compression }
  /** `what` completes the sentence "not a capture: ...". */
  | { readonly is: 'other'; readonly what: string }

/** As many first bytes as any answer needs. */
export const HEAD_LENGTH = 512

const COMPRESSIONS: readonly (readonly [magic: string, by: Compression])[] = [
  ['\x1f\x8b', 'gzip'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['\x04\x22\x4d\x18', 'lz4'],
]

/** Things that get mistaken for captures, by their first octets. */
const OTHERS: readonly (readonly [magic: string, what: string])[] = [
  ['BZh', 'compressed with bzip2; pipe it in: bzcat FILE | ... -'],
  ['\xfd7zXZ\0', 'compressed with xz; pipe it in: xzcat FILE | ... -'],
  ['\x02\x21\x4c\x18', "in LZ4's legacy format; pipe it in: lz4 -dc FILE | ... -"],
  ['PK\x03\x04', 'a ZIP archive; unpack it first'],
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive; unpack it first'],
  ['\x7fELF', 'a program'],
  ['%PDF', 'a PDF document'],
  ['version https://git-lfs', 'a Git LFS pointer; fetch the file itself with git lfs pull'],
]

/** Whether {@link kindOf} needs no more bytes than these. */
export function isEnough(head: Uint8Array): boolean {
  return head.length >= 28 && kindOf(head).is !== 'other'
}

/** What the file is; `head` is its first {@link HEAD_LENGTH} bytes, or all of them. */
export function kindOf(head: Uint8Array): Kind {
  if (head.length >= 4) {
    const view = viewOf(head)
    if (pcapMagic(view) !== null) return { is: 'pcap' }
    if (view.getUint32(0) === 0x0a0d0d0a) return { is: 'pcapng' }
  }
  const text = String.fromCharCode(...head.subarray(0, HEAD_LENGTH))
  for (const [magic, by] of COMPRESSIONS) if (text.startsWith(magic)) return { is: 'compressed', by }
  // Both formats may begin with a skippable frame, and zstd's tools are the ones that write it.
  if (text.slice(1, 4) === '\x2a\x4d\x18' && (head[0] ?? 0) >> 4 === 5)
    return { is: 'compressed', by: 'zstd' }
  return { is: 'other', what: nameOf(text, head) }
}

function nameOf(text: string, head: Uint8Array): string {
  for (const [magic, what] of OTHERS) if (text.startsWith(magic)) return what
  const capture = foreign(head, text)
  if (capture !== null) return capture
  if (text.slice(257, 262) === 'ustar') return 'a tar archive; unpack it first'
  if (head.every((octet) => octet === 0)) return 'nothing but zero octets'
  if (/^\s*<(!doctype|html)/i.test(text)) return 'an HTML page, perhaps from a download that failed'
  if (isText(head)) {
    const printed = / IP6? .+ > .+: /.test(text)
    return printed ? 'the text that tcpdump prints; let it write packets with -w' : 'text'
  }
  return 'neither pcap nor pcapng'
}

/** UTF-8 without control characters that no text has. */
function isText(head: Uint8Array): boolean {
  const controls = head.some((octet) => octet < 0x07 || (octet > 0x0d && octet < 0x20 && octet !== 0x1b))
  if (controls) return false
  try {
    // A head of full length may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.length >= HEAD_LENGTH })
    return true
  } catch {
    return false
  }
}
