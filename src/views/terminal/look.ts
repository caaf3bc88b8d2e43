/**
 * How the terminal wants to be drawn to: colour, characters, width.
 *
 * In: options, environment, whether the output is a terminal. Out: a {@link Look}. Colour never carries a meaning alone.
 */
import { styleText } from 'node:util'

export type ColourChoice = 'auto' | 'always' | 'never'
type Style = Parameters<typeof styleText>[0]
type Paint = (text: string) => string

export interface Glyphs {
  readonly ellipsis: string
  /** Between the two ends of a segment that is under way, as `...` in the RFC's figures. */
  readonly underWay: string
  /** Way of a segment that never arrived, to the right and to the left. */
  readonly lostRight: string
  readonly lostLeft: string
  /** Way of a segment of which nothing tells whether it arrived, to the right and to the left. */
  readonly unheardRight: string
  readonly unheardLeft: string
  /** Begins the words below a packet. */
  readonly below: string
}

const UNICODE: Glyphs = {
  ellipsis: '…',
  underWay: '···',
  lostRight: '··x',
  lostLeft: 'x··',
  unheardRight: '··?',
  unheardLeft: '?··',
  below: '└ ',
}
const ASCII: Glyphs = {
  ellipsis: '~',
  underWay: '...',
  lostRight: '..x',
  lostLeft: 'x..',
  unheardRight: '..?',
  unheardLeft: '?..',
  below: '` ',
}

export interface Look {
  readonly glyphs: Glyphs
  readonly width: number
  readonly changed: Paint
  readonly faint: Paint
  readonly bad: Paint
  readonly strong: Paint
  readonly warn: Paint
  readonly good: Paint
  readonly plain: Paint
}

export interface LookOptions {
  readonly colour: ColourChoice
  readonly ascii: boolean
}

export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
}
type Environment = Readonly<Record<string, string | undefined>>

/** no-color.org, force-color.org, bixense.com/clicolors: an option beats them, NO_COLOR beats the rest. */
export const wantsColour = (choice: ColourChoice, env: Environment, screen: Screen): boolean => {
  if (choice !== 'auto') return choice === 'always'
  if (env.NO_COLOR) return false
  const force = env.FORCE_COLOR ?? env.CLICOLOR_FORCE
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false'
  return screen.isTTY === true && env.TERM !== 'dumb'
}

/** A locale that names another character set than UTF-8, a dumb terminal and the Linux console get ASCII. */
export const wantsAscii = (asked: boolean, env: Environment): boolean => {
  if (asked || env.TERM === 'dumb' || env.TERM === 'linux') return true
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || ''
  return locale !== '' && !/utf-?8/i.test(locale)
}

/** Columns to fill: COLUMNS, else the terminal's, else 80; 60 at least, so that the ladder keeps its shape. */
export const widthFor = (env: Environment, screen: Screen): number => {
  const asked = Number(env.COLUMNS)
  return Math.max(60, Number.isInteger(asked) && asked > 0 ? asked : (screen.columns ?? 80))
}

export const lookFor = (options: LookOptions, env: Environment, screen: Screen): Look => {
  const colour = wantsColour(options.colour, env, screen)
  const paint = (style: Style): Paint =>
    colour
      ? (text) => (text.trim() === '' ? text : styleText(style, text, { validateStream: false }))
      : (text) => text
  return {
    glyphs: wantsAscii(options.ascii, env) ? ASCII : UNICODE,
    width: widthFor(env, screen),
    changed: paint(['bold', 'cyan']),
    faint: paint('dim'),
    bad: paint('red'),
    strong: paint('bold'),
    warn: paint('yellow'),
    good: paint('green'),
    plain: (text) => text,
  }
}
