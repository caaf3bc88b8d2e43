/** `bothends finding ID`, `bothends state NAME`: pages of docs/. In: names, options. Out: lines; without a name, the list. */
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
  if (names.length === 0) return list(what, wishes)
  const look = lookFor(wishes, process.env, screen())
  const pages: string[] = []
  for (const name of names) {
    const page = await pageOf(what, name, language)
    if (wishes.json) pages.push(JSON.stringify({ type: 'page', name, text: page }))
    else pages.push(...(pages.length === 0 ? [] : ['']), ...drawPage(page, look))
  }
  return pages
}

const list = (what: 'finding' | 'state', wishes: Wishes): string[] =>
  what === 'finding' ? [...FINDING_IDS] : STATES.map(speller(wishes.names))

const pageOf = (what: 'finding' | 'state', name: string, { code, problems }: Language): Promise<string> => {
  if (what === 'finding') {
    const id = name.toLowerCase()
    if (isFindingId(id)) return findingPage(id, code)
    throw new Problem(problems.badChoice(what, safe(name), meant(id, FINDING_IDS)))
  }
  const state = stateNamed(name)
  if (state !== null) return statePage(state, code)
  throw new Problem(problems.badChoice(what, safe(name), meant(name, STATES)))
}

/** The names that are nearest, or all. */
const meant = (name: string, all: readonly string[]): string => {
  const near = nearest(name, all)
  return (near.length > 0 ? near : all).join(', ')
}
