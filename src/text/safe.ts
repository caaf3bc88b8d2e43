/**
 * Text of a capture, made safe to print: names, comments and file names are written by whoever sent the packets.
 *
 * In: any string. Out: one line without control characters (C0, DEL, C1), line separators, bidirectional controls,
 * invisible formatting characters, private-use or lone surrogate code units; each becomes `\u{hex}`.
 */

// Cc: C0, DEL, C1. Cf: bidi overrides and isolates, zero-width characters, tags. Zl, Zp: line separators.
// Co, Cs, Cn: private use, lone surrogates, unassigned: nobody knows what a terminal does with them.
const unsafe = () => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/gu

/** Most text; then the sets above need not be built, which takes longer than all that this file does in a short run. */
const PLAIN = /^[\x20-\x7e]*$/

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

/** `text` with every character that could move a terminal's cursor, change its colours or reorder the line written out. */
export const safe = (text: string): string => (PLAIN.test(text) ? text : text.replace(unsafe(), escaped))
