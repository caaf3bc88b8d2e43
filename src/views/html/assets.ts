/** The page's script and style, which the build puts beside this file (scripts/build-page.mjs). */
import { readFile } from 'node:fs/promises'
import type { PageAssets } from './document.js'

export const loadAssets = async (): Promise<PageAssets> => {
  const read = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8')
  const [script, style] = await Promise.all([read('page.js'), read('page.css')])
  return { script, style }
}
