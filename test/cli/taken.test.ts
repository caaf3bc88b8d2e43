/** Options, commands and documents hold together: what help tells of is taken, what is refused is not told of. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { layOutHelp } from '../../src/cli/help-layout.js'
import { COMMANDS, type CommandName, createProgram, type RawOptions } from '../../src/cli/program.js'
import { isToldOf, refused } from '../../src/cli/taken.js'
import { wishesOf } from '../../src/cli/wishes.js'
import { problems } from '../../src/text/en/views.js'
import { loadHelp } from '../../src/text/help.js'
import { wordsOf } from '../golden/command.js'

interface Parsed {
  readonly command: CommandName
  readonly options: RawOptions
}

/** Throws as commander does. */
const parse = async (words: readonly string[]): Promise<Parsed> => {
  let parsed: Parsed | undefined
  const act = (command: CommandName) => async (_captures: string[], options: RawOptions) => {
    parsed = { command, options }
  }
  await createProgram(act, words, undefined).parseAsync([...words], { from: 'user' })
  if (parsed === undefined) throw new Error(`${words.join(' ')}: no command`)
  return parsed
}

/** A value that each option takes; '' for none. */
const COMMON = {
  flow: '3',
  json: '',
  format: 'csv',
  stack: 'linux',
  sysctl: 'x',
  'fail-on': 'note',
  where: 'flow=3',
  follow: '',
  'load-state': 'x',
  'save-state': 'x',
  'max-flows': '3',
  lang: 'en',
  names: 'ss',
  absolute: '',
  all: '',
  ascii: '',
  color: 'auto',
  time: 'r',
  why: '',
}

describe.each(['en', 'zh'] as const)('help: %s', (lang) => {
  it.each(COMMANDS)('of %s has the options that it takes', async (name) => {
    const help = await loadHelp(lang)
    const program = createProgram(() => async () => {}, [], help)
    layOutHelp(program, help)
    const told = program.commands.find((each) => each.name() === name)?.helpInformation() ?? ''
    expect(told).toContain('--lang')
    for (const [option, value] of Object.entries(COMMON)) {
      const { command, options } = await parse([name, `--${option}`, ...(value === '' ? [] : [value]), 'x'])
      expect(command).toBe(name)
      if (told.includes(`--${option} `)) expect(refused(command, options), option).toBeNull()
      if (refused(command, options) !== null) expect(refused(command, options)).toEqual([`--${option}`, name])
    }
  })
})

it.each([
  ['--json --format csv x', ['--json', '--format']],
  ['netstat -o --every 1s x', ['--timers', '--every']],
])('what cannot be had together is refused: %s', async (line, pair) => {
  const { command, options } = await parse(wordsOf(line))
  expect(refused(command, options)).toEqual(pair)
})

const withoutRemark = (line: string): string => line.replace(/ {2}#.*$/, '').trim()

describe('command lines in the documentation', () => {
  const documents = [
    ...['README.md', 'README.zh-CN.md', 'samples/README.md', 'CONTRIBUTING.md'],
    ...['docs', 'docs/findings'].flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.md'))
        .map((name) => `${folder}/${name}`),
    ),
  ]
  const COMMAND = /(?:^|^ {4}|npx |[`|] ?)bothends ([^`|\n]+)/gm
  const found = documents.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(COMMAND)]
      .map(([, rest = '']) => [file, withoutRemark(rest).replaceAll("'", '"')] as const)
      .filter(([, line]) => !line.endsWith('--help')),
  )

  it('are found', () => expect(found.length).toBeGreaterThan(80))

  it.each(found)('%s: bothends %s', async (_file, line) => {
    const { command, options } = await parse(wordsOf(line))
    expect(refused(command, options)).toBeNull()
    const given = Object.keys(options)
    const own = ['at', 'host', 'timers', 'every', 'output', 'force', 'open']
    expect(given.filter((name) => !own.includes(name) && !isToldOf(command, name))).toEqual([])
    if (options.format === undefined || options.format !== 'NAME') wishesOf(options, problems)
  })
})
