/**
 * A real browser for the page: Debian's chromium, driven without its own download.
 *
 * In: a report. Out: the page opened from a file, and everything that must not happen there: errors, requests, violations.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { buildPage } from '../../../scripts/build-page.mjs'
import type { Report } from '../../../src/report.js'
import type { LanguageCode } from '../../../src/text/table.js'
import { documentOf } from '../../../src/views/html/document.js'
import { type PageOptions, pack } from '../../../src/views/html/pack.js'

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Whether to run: a machine without the browser skips with a line, unless it is the one that must not. */
export const hasBrowser = (): boolean => {
  if (existsSync(EXECUTABLE)) return true
  if (process.env.CI === 'true')
    throw new Error(`${EXECUTABLE} is missing: apt-get install chromium, or set CHROMIUM`)
  console.warn(`skipped: ${EXECUTABLE} is missing; apt-get install chromium, or set CHROMIUM`)
  return false
}

export interface Opened {
  readonly page: Page
  /** Errors, console messages, requests and policy violations since it was opened. */
  readonly trouble: string[]
}

export interface Opening {
  readonly hash?: string
  readonly language?: LanguageCode
  readonly browserDecides?: boolean
  readonly limits?: PageOptions['limits']
  readonly context?: BrowserContextOptions
  /** A script that runs before the page's own. */
  readonly before?: string
}

export class Pages {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bothends-page-'))
  readonly #assets = buildPage()
  #browser: Promise<Browser> | undefined
  #count = 0

  async open(
    report: Report,
    { hash = '', language = 'en', browserDecides = false, limits, context, before }: Opening = {},
  ): Promise<Opened> {
    const options = { language, browserDecides, spelling: 'netstat', typed: 'trace.pcap port 80' } as const
    const html = documentOf(
      pack(report, limits === undefined ? options : { ...options, limits }),
      await this.#assets,
    )
    const file = join(this.#folder, `${this.#count++}.html`)
    writeFileSync(file, html)
    return this.visit(pathToFileURL(file).href + hash, context, before)
  }

  async visit(address: string, context: BrowserContextOptions = {}, before = ''): Promise<Opened> {
    this.#browser ??= launch()
    const opened = await (await this.#browser).newContext({
      viewport: { width: 1366, height: 768 },
      // What is still gliding is clicked beside, on a busy machine.
      reducedMotion: 'reduce',
      ...context,
    })
    const page = await opened.newPage()
    const trouble: string[] = []
    page.on('console', (message) => trouble.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => trouble.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => {
      trouble.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      if (request.url().split('#')[0] !== address.split('#')[0]) trouble.push(`request: ${request.url()}`)
    })
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective))`,
    )
    if (before !== '') await page.addInitScript(before)
    await page.goto(address)
    await page.locator('main h2').first().waitFor()
    // Parts measure the window once they are drawn, and are drawn again.
    await settled(page)
    return { page, trouble }
  }

  async close(): Promise<void> {
    await (await this.#browser)?.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** What the page does after it is drawn is done. */
export const settled = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))')

const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
