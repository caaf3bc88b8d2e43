/**
 * The command line's grammar.
 *
 * In: what to do for each command, words when help is wanted. Out: a commander program that parses and calls.
 */
import { Command, Option } from 'commander'
import type { HelpWords, OptionName } from '../text/help.js'
import { VERSION } from '../version.js'
import { standardOutput } from './output.js'

/** What commander collects. Values are as typed: `wishes.ts` checks them. */
export interface RawOptions {
  readonly flow?: string
  readonly json?: true
  readonly stack?: string
  readonly sysctl?: string[]
  readonly failOn?: string
  readonly lang?: string
  readonly names?: string
  readonly absolute?: true
  readonly all?: true
  readonly ascii?: true
  readonly color?: string
  readonly time?: string
  readonly why?: true
  readonly where?: string
  readonly loadState?: string
  readonly saveState?: string
  readonly maxFlows?: string
  readonly follow?: true
  readonly at?: string[]
  readonly host?: string
  readonly timers?: true
  readonly every?: string
  readonly format?: string
  readonly output?: string
  readonly force?: true
  readonly open?: true
}

export type Act = (captures: string[], options: RawOptions) => Promise<void>
export type CommandName = (typeof COMMANDS)[number] | 'look'

/** In the order in which help names them. Without a name it is `look`. */
export const COMMANDS = [
  'explain',
  'annotate',
  'flows',
  'netstat',
  'finding',
  'state',
  'report',
  'serve',
  'write',
  'export',
] as const

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value]

const COMMON: readonly (readonly [string, OptionName])[] = [
  ['--flow <n>', 'flow'],
  ['--json', 'json'],
  ['--format <name>', 'format'],
  ['--stack <name>', 'stack'],
  ['--sysctl <file>', 'sysctl'],
  ['--fail-on <severity>', 'failOn'],
  ['--lang <code>', 'lang'],
  ['--names <spelling>', 'names'],
  ['--absolute', 'absolute'],
  ['--all', 'all'],
  ['--ascii', 'ascii'],
  ['--color <when>', 'colour'],
  ['-t, --time <format>', 'time'],
  ['--why', 'why'],
  ['--where <filter>', 'where'],
  ['--follow', 'follow'],
  ['--load-state <file>', 'loadState'],
  ['--save-state <file>', 'saveState'],
  ['--max-flows <n>', 'maxFlows'],
]
const NETSTAT: readonly (readonly [string, OptionName])[] = [
  ['--at <time>', 'at'],
  ['--host <address>', 'host'],
  ['-o, --timers', 'timers'],
  ['--every <interval>', 'every'],
]
const FILES: readonly (readonly [string, OptionName])[] = [
  ['-o, --output <path>', 'output'],
  ['--force', 'force'],
]
const OPEN: readonly (readonly [string, OptionName])[] = [['--open', 'open']]
/** Commands that print a page and read no capture. */
const LOOKS_UP: ReadonlySet<string> = new Set(['finding', 'state'])
export const readsNoCapture = (command: string): boolean => LOOKS_UP.has(command)
const REPEATED: ReadonlySet<OptionName> = new Set(['sysctl', 'at'])

/**
 * Without `words` nothing that only help needs is there, no command that is not among the words of `argv`: most runs
 * print no help, and to make what they do not need takes as long as to read a small capture.
 */
export const createProgram = (
  act: (name: CommandName) => Act,
  argv: readonly string[],
  words: HelpWords | undefined,
): Command => {
  const program = new Command('bothends')
  const add = (command: Command, options: typeof COMMON): void => {
    for (const [flags, name] of options) {
      const option = new Option(flags, words?.options[name])
      if (REPEATED.has(name)) option.argParser(collect)
      command.addOption(option)
    }
  }
  const acts = (command: Command, name: CommandName): Command =>
    command
      .argument(
        readsNoCapture(name) ? '[names...]' : '[captures...]',
        readsNoCapture(name) ? words?.names : words?.captures,
      )
      .action((captures: string[], _own: unknown, self: Command) =>
        act(name)(captures, self.optsWithGlobals()),
      )

  program
    .version(VERSION, '-V, --version', words?.options.version)
    .helpOption('-h, --help', words?.options.help)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: (text) => standardOutput().write(text) })
  add(program, COMMON)
  acts(program, 'look')
  for (const name of COMMANDS) {
    if (words === undefined && !argv.includes(name)) continue
    const command = program.command(name).helpOption('-h, --help', words?.options.help)
    if (words !== undefined) command.description(words[name])
    if (name === 'netstat') add(command, NETSTAT)
    if (name === 'report' || name === 'write' || name === 'export') add(command, FILES)
    if (name === 'report' || name === 'serve') add(command, OPEN)
    acts(command, name)
  }
  return program
}
