/**
 * What kind of file this is, by its first bytes.
 *
 * In: the first bytes. Out: a capture format, a compression, or what it is instead.
 */
import type { Fault, OtherFile } from '../faults.js'
import { foreign } from './foreign.js'
import { pcapMagic } from './pcap-header.js'
import { viewOf } from './pump.js'

export type Compression = 'gzip' | 'zstd' | 'lz4'

export type Kind =
  | { readonly is: 'pcap' | 'pcapng' }
  | { readonly is: 'compressed'; readonly by: Compression }
  | { readonly is: 'other'; readonly fault: Fault }

/** As many first bytes as any answer needs. */
export const HEAD_LENGTH = 512

const COMPRESSIONS: readonly (readonly [magic: string, by: Compression])[] = [
  ['\x1f\x8b', 'gzip'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['\x04\x22\x4d\x18', 'lz4'],
]

/** Things that get mistaken for captures, by their first octets. */
const OTHERS: readonly (readonly [magic: string, file: OtherFile])[] = [
  ['BZh', 'bzip2'],
  ['\xfd7zXZ\0', 'xz'],
  ['\x02\x21\x4c\x18', 'legacy-lz4'],
  ['PK\x03\x04', 'zip'],
  ['7z\xbc\xaf\x27\x1c', '7z'],
  ['\x7fELF', 'program'],
  ['%PDF', 'pdf'],
  ['version https://git-lfs', 'git-lfs'],
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
  return { is: 'other', fault: otherFault(text, head) }
}

function otherFault(text: string, head: Uint8Array): Fault {
  const known = OTHERS.find(([magic]) => text.startsWith(magic))
  if (known !== undefined) return { what: 'other', file: known[1] }
  return foreign(head, text) ?? { what: 'other', file: otherFile(text, head) }
}

function otherFile(text: string, head: Uint8Array): OtherFile {
  if (text.slice(257, 262) === 'ustar') return 'tar'
  if (head.every((octet) => octet === 0)) return 'zeros'
  if (/^\s*<(!doctype|html)/i.test(text)) return 'html'
  if (isText(head)) return / IP6? .+ > .+: /.test(text) ? 'tcpdump-text' : 'text'
  return 'unknown'
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
