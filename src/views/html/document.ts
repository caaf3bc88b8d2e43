/**
 * One self-contained HTML file.
 *
 * In: what the page is given, its script and its style. Out: HTML. Text of a capture stands in it only as escaped JSON in
 * a data block, which no parser takes for markup; the Content-Security-Policy allows this script and this style by their
 * hashes and nothing else: no network, no inline handler, no eval.
 */
import { createHash } from 'node:crypto'
import { safe } from '../../text/safe.js'
import type { PageData } from './data.js'

export interface PageAssets {
  readonly script: string
  readonly style: string
}

/** What `bothends serve` adds: a script that waits for the capture to grow. */
export interface LiveParts {
  readonly script: string
  /** Directives, such as `connect-src 'self'`. */
  readonly policy: string
}

export const ISLAND_ID = 'bothends-report'

/** JSON that may stand inside a script element: no `<`, so neither `</script>` nor `<!--` can occur. */
export const islandOf = (data: unknown): string =>
  JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export const policyOf = (assets: PageAssets, live?: LiveParts): string =>
  [
    "default-src 'none'",
    `script-src ${[assets.script, ...(live === undefined ? [] : [live.script])].map(sourceOf).join(' ')}`,
    `style-src ${sourceOf(assets.style)}`,
    "base-uri 'none'",
    "form-action 'none'",
    ...(live === undefined ? [] : [live.policy]),
  ].join('; ')

export const documentOf = (data: PageData, assets: PageAssets, live?: LiveParts): string => {
  const title = data.captures.map(({ file }) => baseName(file)).join(', ')
  return `<!doctype html>
<html lang="${data.language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(assets, live)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="bothends ${escaped(data.version)}">
<title>${escaped(safe(title))} - bothends</title>
<style>${assets.style}</style>
</head>
<body>
<div id="app"></div>
<noscript>This report is drawn by a script inside this file. 本报告由文件内的脚本绘制。</noscript>
<script type="application/json" id="${ISLAND_ID}">${islandOf(data)}</script>
<script>${assets.script}</script>${live === undefined ? '' : `\n<script>${live.script}</script>`}
</body>
</html>
`
}

const baseName = (file: string): string => file.split(/[/\\]/).at(-1) ?? file

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
