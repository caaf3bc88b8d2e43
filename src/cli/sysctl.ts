/**
 * Kernel settings as `sysctl -a` or /etc/sysctl.d writes them.
 *
 * In: `FILE`, `client=FILE`, `server=FILE`. Out: names and values for each side; later files and lines win. A line on
 * stderr for each value that no kernel accepts.
 */
import { readFile } from 'node:fs/promises'
import { beyondKernel } from '../analyze.js'
import { loadRunning } from '../text/running.js'
import { safe } from '../text/safe.js'
import type { Language, ProblemWords } from '../text/table.js'
import { Problem } from './problem.js'

export interface Sysctl {
  readonly client: Record<string, string>
  readonly server: Record<string, string>
}

/** `name = value` lines; comments (`#`, `;`) and everything else are passed over (sysctl.conf(5)). */
export const parseSysctl = (text: string): Record<string, string> => {
  const settings: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const found = /^\s*-?([\w./-]+)\s*=\s*(.*?)\s*$/.exec(line)
    const [, name, value] = found ?? []
    if (name === undefined || value === undefined) continue
    // Slashes may stand for dots, as in /proc/sys.
    settings[name.replaceAll('/', '.')] = value
  }
  return settings
}

export const readSysctl = async (asked: readonly string[], language: Language): Promise<Sysctl> => {
  const both: Sysctl = { client: {}, server: {} }
  for (const text of asked) {
    const [, side, file = text] = /^(client|server)=(.*)$/s.exec(text) ?? []
    const settings = parseSysctl(await readText(file, language))
    await warn(file, settings, language)
    if (side !== 'server') Object.assign(both.client, settings)
    if (side !== 'client') Object.assign(both.server, settings)
  }
  return both
}

const warn = async (file: string, settings: Record<string, string>, { code }: Language): Promise<void> => {
  const beyond = beyondKernel(settings)
  if (beyond.length === 0) return
  const words = await loadRunning(code)
  for (const { name, value, least, most } of beyond) {
    const line = words.beyondKernel(safe(file), `${name} = ${safe(value)}`, least, most)
    process.stderr.write(`bothends: ${line}\n`)
  }
}

const readText = async (file: string, { problems: words }: Language): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new Problem(words.cannotRead(safe(file), reasonOf(error, words)))
  }
}

/** `no such file or directory` out of Node's `ENOENT: no such file or directory, open '...'`. */
export const reasonOf = (error: unknown, words: Pick<ProblemWords, 'system'>): string => {
  const message = error instanceof Error ? error.message : String(error)
  const [, code = '', reason = message] = /^(E[A-Z0-9]+): ([^,]+),/.exec(message) ?? []
  return safe(words.system(code, reason))
}
