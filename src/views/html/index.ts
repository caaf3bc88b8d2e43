/** `bothends report`: a report as one HTML file. In: a report, the language it opens in. Out: HTML. */
import type { Report } from '../../report.js'
import { loadAssets } from './assets.js'
import { documentOf, type LiveParts } from './document.js'
import { type PageOptions, pack } from './pack.js'

export type { LiveParts } from './document.js'
export type { PageOptions } from './pack.js'

export const htmlPage = async (report: Report, options: PageOptions, live?: LiveParts): Promise<string> =>
  documentOf(pack(report, options), await loadAssets(), live)
