/**
 * How `--help` is laid out: by the columns that characters fill, which commander doesn't know of Chinese, and as wide as the
 * terminal is.
 *
 * In: the program, words. Out: the program, which prints its help so.
 */
import type { Command } from 'commander'
import type { HelpWords } from '../text/help.js'
import { widthFor } from '../views/terminal/look.js'
import { padEnd, widthOf, wrap } from '../views/terminal/width.js'
import { screen } from './output.js'
import { COMMANDS } from './program.js'
import { isToldOf } from './taken.js'

export const layOutHelp = (program: Command, words: HelpWords): void => {
  const width = widthFor(process.env, screen())
  const { usage, arguments: args, options, common, commands } = words.headings
  const titles: Readonly<Record<string, string>> = {
    'Usage:': usage,
    'Arguments:': args,
    'Options:': options,
    'Global Options:': common,
    'Commands:': commands,
  }
  for (const command of [program, ...program.commands]) {
    const name = COMMANDS.find((each) => each === command.name())
    command.configureOutput({ getOutHelpWidth: () => width }).configureHelp({
      showGlobalOptions: command !== program,
      styleTitle: (title) => titles[title] ?? title,
      displayWidth: widthOf,
      minWidthToWrap: 1,
      boxWrap: (text, columns) => boxed(text, columns),
      visibleGlobalOptions: () =>
        program.options.filter((option) => name === undefined || isToldOf(name, option.attributeName())),
    })
  }
  program.description(words.about)
  program.addHelpText(
    'after',
    `\n${[words.exampleHeading, ...examples(words, width), '', boxed(words.exits, width)].join('\n')}`,
  )
}

const boxed = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => wrap(line, width))
    .join('\n')

/** Side by side where that fits, else what each does below it. */
const examples = ({ examples: all }: HelpWords, width: number): string[] => {
  const widest = Math.max(...all.map(([line]) => widthOf(line)))
  const sideBySide = all.map(([line, meaning]) => `  ${padEnd(line, widest)}  ${meaning}`)
  if (sideBySide.every((line) => widthOf(line) <= width)) return sideBySide
  return all.flatMap(([line, meaning]) => [
    `  ${line}`,
    ...wrap(meaning, width - 6).map((part) => `      ${part}`),
  ])
}
