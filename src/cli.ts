#!/usr/bin/env node
/** The command `bothends`. In: arguments and environment. Out: the exit status. Wiring only. */
import { speak, standardOutput } from './cli/output.js'
import { createProgram } from './cli/program.js'
import { chooseLanguage, LANGUAGES, loadLanguage } from './text/language.js'

const main = async (typed: readonly string[]): Promise<number> => {
  const argv = helpAsked(typed)
  const language = await loadLanguage(chooseLanguage(askedLanguage(argv), process.env))
  speak(language)
  const wantsHelp = argv.some((argument) => argument === '--help' || argument === '-h')
  const help = wantsHelp ? await (await import('./text/help.js')).loadHelp(language.code) : undefined
  let status = 0
  const program = createProgram(
    (name) => async (captures, options) => {
      const { run } = await import('./cli/run.js')
      status = await run(name, captures, options, language)
    },
    argv,
    help,
  )
  if (help !== undefined) (await import('./cli/help-layout.js')).layOutHelp(program, help)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return status
  } catch (error) {
    const { explain } = await import('./cli/explain.js')
    return explain(error, language)
  }
}

/** `help`, `help netstat`: as other commands have it. A capture of that name is `./help`. */
const helpAsked = ([first, ...rest]: readonly string[]): readonly string[] => {
  if (first === undefined) return []
  return first === 'help' ? [...rest, '--help'] : [first, ...rest]
}

/** Needed before the arguments are parsed, because parsing may already have something to say. */
const askedLanguage = (argv: readonly string[]) => {
  const at = argv.findIndex((argument) => argument === '--lang' || argument.startsWith('--lang='))
  const value = argv[at] === '--lang' ? argv[at + 1] : argv[at]?.slice('--lang='.length)
  return LANGUAGES.find((code) => code === value)
}

// No `await` out here: the bundle is CommonJS.
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status
  // Something that was interrupted may still wait for a silent device.
  if (status === 130) standardOutput().write('', () => process.exit(status))
})
