/**
 * `bothends finding ID`, `bothends state NAME`: pages of docs/. In: names, options. Out: lines; without a name the list of
 * names, as JSON the pages of all.
 */
import { FINDING_IDS, isFindingId } from '../findings.js'
import { STATES } from '../report.js'
import { stateNamed } from '../select/where.js'
import { safe } from '../text/safe.js'
import { speller } from '../text/states.js'
import type { Language } from '../text/table.js'
import { drawPage, findingPage, statePage } from '../views/findings/page.js'
import { lookFor } from '../views/terminal/look.js'
import { nearest } from './nearest.js'
import { screen } from './output.js'
import { Problem } from './problem.js'
import type { Wishes } from './wishes.js'

export const lookUp = async (
  what: 'finding' | 'state',
  names: readonly string[],
  wishes: Wishes,
  language: Language,
): Promise<string[]> => {
  const all: readonly string[] = what === 'finding' ? FINDING_IDS : STATES
  if (names.length === 0 && !wishes.json)
    return what === 'finding' ? [...all] : STATES.map(speller(wishes.names))
  const look = lookFor(wishes, process.env, screen())
  const pages: string[] = []
  for (const name of names.length === 0 ? all : names) {
    const page = await pageOf(what, name, language)
    if (wishes.json) pages.push(JSON.stringify({ type: 'page', ...page }))
    else pages.push(...(pages.length === 0 ? [] : ['']), ...drawPage(page.text, look))
  }
  return pages
}

interface Page {
  /** The id, or the state as the RFC has it, however it was typed. */
  readonly name: string
  readonly text: string
}

const pageOf = async (
  what: 'finding' | 'state',
  name: string,
  { code, problems }: Language,
): Promise<Page> => {
  if (what === 'finding') {
    const id = name.toLowerCase()
    if (isFindingId(id)) return { name: id, text: await findingPage(id, code) }
    throw new Problem(problems.badChoice(what, safe(name), meant(id, FINDING_IDS)))
  }
  const state = stateNamed(name)
  if (state !== null) return { name: state, text: await statePage(state, code) }
  throw new Problem(problems.badChoice(what, safe(name), meant(name, STATES)))
}

/** The names that are nearest, or all. */
const meant = (name: string, all: readonly string[]): string => {
  const near = nearest(name, all)
  return (near.length > 0 ? near : all).join(', ')
}
