/** The traces of samples/findings, analysed once. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { analyze } from '../../src/analyze.js'
import type { FindingId } from '../../src/findings.js'
import type { Finding, Report } from '../../src/report.js'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export type Part = 'shows' | 'alike'

/** Path of a finding's trace, whatever its format. */
export function sample(id: FindingId, part: Part): string {
  const folder = `${ROOT}samples/findings/${id}`
  const file = readdirSync(folder).find((name) => name.startsWith(`${part}.`))
  if (file === undefined) throw new Error(`${folder} has no ${part}`)
  return `${folder}/${file}`
}

const analysed = new Map<string, Promise<Report>>()

export function report(id: FindingId, part: Part): Promise<Report> {
  const file = sample(id, part)
  const known = analysed.get(file)
  if (known !== undefined) return known
  const found = analyze([file])
  analysed.set(file, found)
  return found
}

/** A trace of test/diagnose/traces, or by its path below the repository's root. */
export const trace = (path: string): Promise<Report> =>
  analyze([`${ROOT}${path.includes('/') ? path : `test/diagnose/traces/${path}`}`])

/** Findings of a trace that are not about the capture itself. */
export const foundIn = async (path: string): Promise<readonly Finding[]> =>
  (await trace(path)).findings.filter(({ id }) => !id.startsWith('capture-'))
