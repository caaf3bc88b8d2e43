/** What the page shows at this moment, as signals; and the report, which never changes. */
import { computed, effect, signal } from '@preact/signals'
import type { Flow, Report } from '../../../report.js'
import { inCaptures } from '../../../text/capture-names.js'
import { en } from '../../../text/en/index.js'
import { page as enPage } from '../../../text/en/page.js'
import { safe } from '../../../text/safe.js'
import { speller } from '../../../text/states.js'
import type { LanguageCode } from '../../../text/table.js'
import { zh } from '../../../text/zh/index.js'
import { page as zhPage } from '../../../text/zh/page.js'
import type { PageData } from '../data.js'
import { unpack } from './unpack.js'

const island = document.getElementById('bothends-report')?.textContent ?? ''
/** Ours, out of `pack.ts`: the one place where its shape is taken on trust. */
export const data = JSON.parse(island) as PageData
const unpacked = unpack(data)
export const report: Report = unpacked.report
export const gapsOf = unpacked.gaps
export const flowByNumber: ReadonlyMap<number, Flow> = new Map(report.flows.map((flow) => [flow.flow, flow]))
export const spell = speller(data.spelling)

/** The first of the reader's languages that the page speaks. */
const preferred = (): LanguageCode | undefined =>
  navigator.languages
    .map((tag) => /^(en|zh)(?![a-z])/i.exec(tag)?.[1]?.toLowerCase())
    .find((code): code is LanguageCode => code !== undefined)

export const languageCode = signal<LanguageCode>(
  (data.browserDecides ? preferred() : undefined) ?? data.language,
)
const files = data.captures.map(({ file }) => file)
export const language = computed(() => inCaptures(languageCode.value === 'zh' ? zh : en, files))
export const words = computed(() => (languageCode.value === 'zh' ? zhPage : enPage))

export const THEMES = ['auto', 'light', 'dark'] as const
export const theme = signal<(typeof THEMES)[number]>('auto')

/** While the browser prints, everything is drawn that otherwise waits until it is scrolled to. */
export const printing = signal(false)

effect(() => {
  document.documentElement.lang = languageCode.value === 'zh' ? 'zh-CN' : 'en'
})
effect(() => {
  const { dataset } = document.documentElement
  if (theme.value === 'auto') delete dataset.theme
  else dataset.theme = theme.value
})
addEventListener('beforeprint', () => {
  printing.value = true
})
addEventListener('afterprint', () => {
  printing.value = false
})

/** Text of a capture, to be shown: controls and characters that reorder a line are written out. */
export const shown = safe

/** `192.0.2.10`, with the name the capture brought along. */
export const nameOf = (address: string): string | null => {
  const name = Object.hasOwn(report.names, address) ? report.names[address] : undefined
  return name === undefined || name === '' ? null : safe(name)
}
