/**
 * Which of the options that every command knows mean something to which of them.
 *
 * In: a command, an option as commander names it. Out: whether the command's help tells of it; whether it is refused.
 * Refused is what asks for more than the command can give, so that nobody believes to have got it. How things look is
 * passed over where nothing is drawn: it may stand in an alias.
 */
import type { CommandName, RawOptions } from './program.js'

type Name = keyof RawOptions

const NO_CAPTURE: readonly Name[] = [
  ...(['flow', 'format', 'stack', 'sysctl', 'failOn', 'where', 'follow'] as const),
  ...(['loadState', 'saveState', 'maxFlows'] as const),
]
const REFUSED: Readonly<Record<CommandName, readonly Name[]>> = {
  look: [],
  annotate: [],
  flows: ['follow'],
  explain: ['format', 'follow'],
  netstat: ['format', 'follow'],
  report: ['json', 'format', 'follow'],
  // It goes on until it is stopped, and reads the same capture again and again.
  serve: ['json', 'format', 'follow', 'failOn', 'saveState'],
  // What an earlier run has seen is not in this file.
  write: ['json', 'format', 'follow', 'loadState', 'saveState'],
  export: ['json', 'follow'],
  finding: NO_CAPTURE,
  state: NO_CAPTURE,
}

const LADDER: readonly Name[] = ['absolute', 'time', 'why']
const PASSED_OVER: Readonly<Record<CommandName, readonly Name[]>> = {
  look: [],
  annotate: [],
  flows: [],
  explain: LADDER,
  netstat: [...LADDER, 'all'],
  report: [...LADDER, 'all', 'color'],
  serve: [...LADDER, 'all', 'color'],
  write: [...LADDER, 'all', 'color', 'names'],
  export: [...LADDER, 'all', 'color', 'names'],
  finding: [...LADDER, 'all'],
  state: [...LADDER, 'all'],
}

/** Of these both can't be had: each says what is printed, or there is nothing for the first to be printed with. */
const APART: readonly (readonly [Name, Name])[] = [
  ['json', 'format'],
  ['timers', 'every'],
]

export const isRefused = (command: CommandName, option: string): boolean => has(REFUSED[command], option)

export const isToldOf = (command: CommandName, option: string): boolean =>
  !isRefused(command, option) && !has(PASSED_OVER[command], option)

const has = (names: readonly string[], option: string): boolean => names.includes(option)

/** The first of those given that is refused, as it is typed, and by what; null: none. */
export const refused = (command: CommandName, given: RawOptions): readonly [string, string] | null => {
  const name = REFUSED[command].find((each) => given[each] !== undefined)
  if (name !== undefined) return [asTyped(name), command]
  const both = APART.find((pair) => pair.every((each) => given[each] !== undefined))
  return both === undefined ? null : [asTyped(both[0]), asTyped(both[1])]
}

const asTyped = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
