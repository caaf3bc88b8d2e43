/**
 * How many columns text fills in a terminal (UAX #11): Chinese characters two, combining marks none.
 *
 * In: text that `safe()` has passed. Out: its width, and the text padded, cut or wrapped to one.
 */
import { eastAsianWidth } from 'get-east-asian-width'

const PLAIN = /^[\x20-\x7e]*$/

const widthOfCharacter = (character: string): number =>
  /^\p{M}$/u.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0)

export const widthOf = (text: string): number => {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const character of text) width += widthOfCharacter(character)
  return width
}

export const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))
export const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - widthOf(text))) + text

/** At most `width` columns; what is left out is shown by `ellipsis`, a character of width 1. */
export const cut = (text: string, width: number, ellipsis: string): string => {
  if (widthOf(text) <= width) return text
  let kept = ''
  let filled = 0
  for (const character of text) {
    const more = widthOfCharacter(character)
    if (filled + more > width - widthOf(ellipsis)) break
    kept += character
    filled += more
  }
  return kept + ellipsis
}

// Chinese breaks between any two characters but never before a closing mark or behind an opening one; the rest at spaces.
const pieces = () =>
  /\s+|[（“《]*(?:[\p{Script=Han}\u3000-\u303f\uff00-\uffef]|[^\s\p{Script=Han}\u3000-\u303f\uff00-\uffef“《]+)[，。；：、）！？”》]*|“+/gu

/** Lines of at most `width` columns; a single piece that is longer is broken where it must be. */
export const wrap = (text: string, width: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (let piece of text.match(PLAIN.test(text) ? /\s+|\S+/g : pieces()) ?? []) {
    if (widthOf(line) + widthOf(piece.trimEnd()) > width) {
      if (line.trim() !== '') lines.push(line.trimEnd())
      line = ''
      piece = piece.trimStart()
      while (widthOf(piece) > width) {
        const head = cut(piece, width, '')
        if (head === '') break
        lines.push(head)
        piece = piece.slice(head.length)
      }
    }
    line += piece
  }
  if (line.trim() !== '') lines.push(line.trimEnd())
  return lines
}
