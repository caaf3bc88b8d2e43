/** The report page in a real browser. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../../src/analyze.js'
import type { Flow } from '../../../src/report.js'
import { LIMITS } from '../../../src/views/html/selection.js'
import { split } from '../../samples/split.js'
import { flow, report, rows, span } from '../made.js'
import * as stories from '../stories.js'
import { hasBrowser, Pages, settled } from './browser.js'

const pages = new Pages()
afterAll(() => pages.close())

const spans = {
  client: [span('CLOSED', null, 0), span('SYN_SENT', 0, 0.1), span('ESTABLISHED', 0.1, null)],
  server: [span('CLOSED', null, 0.05), span('SYN_RECEIVED', 0.05, null)],
}
const several = Object.values(stories).map((story, index): Flow => ({ ...story, flow: index }))
const capture = report(several, { endAt: 100 })

const states = (page: Page) => page.locator('.both .state').allInnerTexts()
const position = (page: Page) => page.getByRole('slider', { name: 'Position in the replay' })
const lines = (page: Page) => page.getByRole('listbox', { name: /^(Connection|流)/ }).getByRole('option')
const now = (page: Page) => page.locator('[role=option][aria-selected=true]')
const nowIs = (page: Page, text: RegExp) => now(page).filter({ hasText: text }).waitFor()
/** Playwright hears of it a little later than the page. */
const hash = (page: Page) => new URL(page.url()).hash

describe.skipIf(!hasBrowser())('the report page', () => {
  describe('replay', () => {
    it('steps by keyboard; both ends, diagrams, netstat, ladder and address follow', async () => {
      const { page, trouble } = await pages.open(report([stories.normal]))
      await page.keyboard.press('Home')
      expect(await states(page)).toEqual(['CLOSED', 'LISTEN'])
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowRight')
      const second = stories.normal.rows[1]
      expect(second?.client.state).toBe('ESTABLISHED')
      expect(await states(page)).toEqual(['ESTABLISHED', 'SYN_RECV'])
      await expect.poll(() => hash(page)).toBe('#flow=0&packet=2')
      expect(await page.locator('.diagram .box.lit text').allTextContents()).toEqual([
        'ESTABLISHED',
        'SYN_RECV',
      ])
      // SYN_SENT to ESTABLISHED is an edge of figure 5.
      expect(await page.locator('.diagram').first().locator('.edge-line.taken:not(.beside)').count()).toBe(1)
      expect(await page.locator('.netstat tr.own').allInnerTexts()).toEqual([
        expect.stringContaining('ESTABLISHED'),
        expect.stringContaining('SYN_RECV'),
      ])
      expect(await now(page).textContent()).toMatch(/^#2 server/)
      await page.keyboard.press('ArrowLeft')
      expect(await states(page)).toEqual(['SYN_SENT', 'SYN_RECV'])
      await page.keyboard.press('End')
      expect(await position(page).inputValue()).toBe(await position(page).getAttribute('max'))
      expect(trouble).toEqual([])
    })

    it('plays with the space bar to the end and pauses', async () => {
      const { page } = await pages.open(report([stories.normal]))
      await page.getByRole('combobox', { name: 'Speed' }).selectOption('8')
      await page.locator('h1').click()
      await page.keyboard.press(' ')
      await page.getByRole('button', { name: 'Pause' }).waitFor()
      await page.getByRole('button', { name: 'Play' }).waitFor({ timeout: 20_000 })
      expect(await position(page).inputValue()).toBe(await position(page).getAttribute('max'))
    })

    it('scrubs with the slider, whose keys are its own', async () => {
      const { page } = await pages.open(report([stories.normal]))
      await position(page).focus()
      await page.keyboard.press('Home')
      await page.keyboard.press('ArrowRight')
      expect(await position(page).inputValue()).toBe('0')
      expect(await position(page).getAttribute('aria-valuetext')).toMatch(/^event 1 of /)
    })

    it('says that a long wait is squeezed', async () => {
      const waits = flow({
        rows: rows([
          {
            at: 0,
            from: 'client',
            flags: 'S',
            client: ['CLOSED', 'SYN_SENT'],
            server: 'CLOSED',
            received: false,
          },
          { at: 63, from: 'client', flags: 'S', client: 'SYN_SENT', server: 'CLOSED', received: false },
        ]),
      })
      const { page } = await pages.open(report([waits]))
      await page.keyboard.press('Home')
      await page.getByRole('button', { name: 'Play' }).click()
      await page.getByText('63 s shown in 2 s').waitFor()
    })

    it('steps inside the list of packets with up and down', async () => {
      const { page } = await pages.open(report([stories.normal]), { hash: '#flow=0&packet=3' })
      await page.getByRole('listbox').focus()
      await page.keyboard.press('ArrowDown')
      await expect.poll(() => hash(page)).toBe('#flow=0&packet=4')
      await page.keyboard.press('ArrowUp')
      await expect.poll(() => hash(page)).toBe('#flow=0&packet=3')
    })
  })

  describe('links', () => {
    it('lead to the packet of the capture that they name, where there are several', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'bothends-page-'))
      const parts = await analyze(split('samples/data-loss-rto.pcap', folder, 6))
      rmSync(folder, { recursive: true })
      const { page } = await pages.open(parts)
      await page.locator('.evidence').getByText('#1 of b.pcap', { exact: true }).click()
      await expect.poll(() => hash(page)).toBe('#flow=0&packet=1&capture=1')
      // The address changes before the page is drawn again.
      await nowIs(page, /^#1 of b\.pcap client → server/)
      await page.locator('.told').getByText('#6', { exact: true }).click()
      await expect.poll(() => hash(page)).toBe('#flow=0&packet=6')
      await nowIs(page, /^#6 of a\.pcap/)
      const names = page.locator('.ladder .capture')
      expect(await names.allTextContents()).toEqual(['a.pcapa.pcap', 'b.pcapb.pcap'])
      // Without a name a number counts in the packet's own capture.
      await page.evaluate(`location.hash = '#flow=0&packet=1&capture=1'`)
      await nowIs(page, /^#1 of b\.pcap/)
      await page.locator('.told').getByText('#3', { exact: true }).click()
      await expect.poll(() => hash(page)).toBe('#flow=0&packet=3&capture=1')
    })

    it('open the connection and the packet', async () => {
      const { page } = await pages.open(capture, { hash: '#flow=1&packet=3' })
      expect(await now(page).textContent()).toMatch(/^#3 /)
      expect(await page.locator('h1').textContent()).toContain('flow 1')
      await page.evaluate(`location.hash = '#flow=0&packet=2'`)
      await page.getByRole('heading', { level: 1, name: /flow 0/ }).waitFor()
      expect(await now(page).textContent()).toMatch(/^#2 /)
      await page.goBack()
      await page.getByRole('heading', { level: 1, name: /flow 1/ }).waitFor()
    })

    it.each(['#flow=99999', '#flow=-1', '#flow=x&packet=<b>', '#packet=3', '#%E0%A4%A'])(
      '%s is no reason to fail',
      async (link) => {
        const { page, trouble } = await pages.open(capture, { hash: link })
        await page.getByRole('heading', { name: 'Connections' }).waitFor()
        expect(trouble).toEqual([])
      },
    )
  })

  describe('the table of connections', () => {
    const rowsShown = (page: Page) => page.locator('.flows tbody tr:not(.space)')

    it('filters by words and by verdict, and says how many are left', async () => {
      const { page } = await pages.open(capture)
      expect(await rowsShown(page).count()).toBe(several.length)
      await page.getByRole('searchbox').fill(':40001 half-open')
      const wanted = several.filter(({ verdict, client }) => verdict === 'half-open' && client.port === 40001)
      expect(wanted.length).toBeGreaterThan(0)
      expect(await rowsShown(page).count()).toBe(wanted.length)
      await page.getByRole('searchbox').fill('nothing of this kind')
      await page.getByText('No connection matches.').waitFor()
      await page.getByRole('searchbox').fill('')
      const [first] = several
      await page.getByRole('combobox', { name: 'Verdict' }).selectOption(first?.verdict ?? '')
      expect(await rowsShown(page).count()).toBe(
        several.filter(({ verdict }) => verdict === first?.verdict).length,
      )
    })

    it('sorts, and tells so to those who do not see it', async () => {
      const { page } = await pages.open(capture)
      const heading = page.getByRole('columnheader', { name: /^packets/ })
      await heading.getByRole('button').click()
      expect(await heading.getAttribute('aria-sort')).toBe('ascending')
      const numbers = async () =>
        (await page.locator('td.c-packets').allInnerTexts()).map((text) => Number(text.replace(/,/g, '')))
      expect(await numbers()).toEqual(several.map(({ packets }) => packets).sort((a, b) => a - b))
      await heading.getByRole('button').click()
      expect(await heading.getAttribute('aria-sort')).toBe('descending')
      expect(await numbers()).toEqual(several.map(({ packets }) => packets).sort((a, b) => b - a))
    })

    it('opens a connection from the keyboard', async () => {
      const { page } = await pages.open(capture)
      await page.locator('.flows a').nth(2).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 1, name: /flow 2/ }).waitFor()
    })
  })

  it('speaks both languages, and opens in the one it was made for', async () => {
    const { page } = await pages.open(capture, { language: 'zh' })
    await page.getByRole('heading', { name: '连接', exact: true }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Connections' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await page.locator('.flows a').first().click()
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByRole('heading', { name: '发生了什么' }).waitFor()
    expect(await lines(page).first().textContent()).toMatch(/客户端/)
  })

  it("opens in the browser's language when nobody asked for one", async () => {
    const opened = async (locale: string, browserDecides: boolean): Promise<string | null> => {
      const { page } = await pages.open(capture, { language: 'en', browserDecides, context: { locale } })
      return page.locator('html').getAttribute('lang')
    }
    expect(await opened('zh-CN', true)).toBe('zh-CN')
    expect(await opened('zh-CN', false)).toBe('en')
    // A language that the page has not: the one it was made in.
    expect(await opened('fr-FR', true)).toBe('en')
  })

  it('is light or dark as the system or the reader wants', async () => {
    const { page } = await pages.open(capture, { context: { colorScheme: 'dark' } })
    const background = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
    const dark = await background()
    await page.getByRole('button', { name: 'Light' }).click()
    const light = await background()
    expect(light).not.toBe(dark)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.getByRole('button', { name: 'Dark' }).click()
    expect(await background()).toBe(dark)
  })

  it('shows hostile text as text', async () => {
    const evil = '</script><img src=x onerror=alert(1)><svg onload=alert(2)>\u202egnp.exe\u0007'
    const [info] = capture.captures
    if (info === undefined) throw new Error('no capture')
    const hostile = report(
      several.map((each) => ({ ...each, outer: evil, communityId: evil })),
      {
        endAt: 100,
        names: { '192.0.2.10': evil, '198.51.100.20': '__proto__', constructor: 'x' },
        captures: [{ ...info, file: `/tmp/${evil}.pcap`, damage: evil, other: { [evil]: 3 } }],
      },
    )
    for (const link of ['', '#flow=0']) {
      const { page, trouble } = await pages.open(hostile, { hash: link })
      expect(await page.locator('img, main script, [onerror], [onload]').count()).toBe(0)
      // biome-ignore lint/performance/useDomNodeTextContent: what is seen, not what the data block holds
      const text = await page.locator('body').innerText()
      expect(text).toContain('onerror=alert(1)')
      expect([...text].filter((character) => character === '\u202e' || character === '\u0007')).toEqual([])
      expect(text).toContain('\\u{202e}')
      expect(trouble).toEqual([])
    }
  })

  it('lets nothing else run or load', async () => {
    const { page, trouble } = await pages.open(capture)
    const tries = [
      `document.body.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.ran = 1' }))`,
      `document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:9/x.png' }))`,
      `document.body.insertAdjacentHTML('beforeend', '<b onclick="globalThis.ran = 1" id="evil">x</b>'); document.getElementById('evil').click()`,
      `fetch('http://127.0.0.1:9/').catch(() => {})`,
    ]
    for (const attempt of tries) await page.evaluate(attempt)
    await settled(page)
    expect(await page.evaluate('globalThis.ran')).toBeUndefined()
    const violations = trouble
      .filter((line) => line.startsWith('error: policy:'))
      .map((line) => line.slice(15))
    expect(violations).toEqual(
      expect.arrayContaining(['script-src-elem', 'img-src', 'script-src-attr', 'connect-src']),
    )
  })

  describe('accessibility', () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    const check = async (page: Page): Promise<string[]> => {
      // The page's own policy would not let it in as a script element.
      await page.evaluate(`${axe};0`)
      const found = await page.evaluate(
        `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
          .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target + ' ' + failureSummary)))`,
      )
      return found as string[]
    }

    it.each([
      ['overview', '', 1366, 'light'],
      ['overview', '', 390, 'dark'],
      ['connection', '#flow=1&packet=4', 1366, 'dark'],
      ['connection', '#flow=0&packet=2', 390, 'light'],
      ['connection', '#flow=3', 1920, 'light'],
    ] as const)('axe finds nothing: %s %s at %i, %s', async (_name, link, width, colorScheme) => {
      const { page } = await pages.open(capture, {
        hash: link,
        context: { colorScheme, viewport: { width, height: 800 } },
      })
      expect(await check(page)).toEqual([])
    })

    it('the window is measured before anything is painted: nobody sees a frame that is too wide', async () => {
      const { page } = await pages.open(capture, {
        hash: '#flow=1',
        before: `let painted = false
          addEventListener('DOMContentLoaded', () => requestAnimationFrame(() => { painted = true }))
          const { observe } = ResizeObserver.prototype
          ResizeObserver.prototype.observe = function (...all) {
            window.measuredFirst ??= !painted
            return observe.apply(this, all)
          }`,
      })
      expect(await page.evaluate('window.measuredFirst')).toBe(true)
    })

    it('nothing is wider than the window', async () => {
      for (const width of [320, 390, 768, 1366, 1920])
        for (const link of ['', '#flow=1']) {
          const { page } = await pages.open(capture, {
            hash: link,
            context: { viewport: { width, height: 800 } },
          })
          await expect
            .poll(() => page.evaluate('document.documentElement.scrollWidth - innerWidth'))
            .toBeLessThanOrEqual(0)
        }
    })

    it('the focus goes from the top to the bottom, and skips when asked', async () => {
      const { page } = await pages.open(capture)
      const focused = () =>
        page.evaluate(
          'document.activeElement.innerText || document.activeElement.ariaLabel || document.activeElement.type',
        )
      await page.keyboard.press('Tab')
      expect(await focused()).toBe('Skip to the content')
      await page.keyboard.press('Enter')
      expect(await page.evaluate('document.activeElement.id')).toBe('main')
      await page.getByRole('heading', { name: 'Connections' }).waitFor()
    })
  })

  describe('large captures', () => {
    const long = (packets: number): Flow =>
      flow({
        spans,
        rows: rows(
          Array.from({ length: packets }, (_, index) => ({
            at: index / 1000,
            from: index % 3 === 0 ? ('server' as const) : ('client' as const),
            flags: 'A',
            len: index % 3 === 0 ? 0 : 1448,
            client: 'ESTABLISHED' as const,
            server: 'ESTABLISHED' as const,
          })),
        ),
      })

    it('draws of 5,000 packets only those in sight, also at the end', async () => {
      const { page, trouble } = await pages.open(report([long(5000)]), { hash: '#flow=0&packet=2500' })
      const fold = page.getByRole('checkbox', { name: 'Fold quiet stretches' })
      expect(await fold.isChecked()).toBe(true)
      await fold.uncheck()
      expect(await lines(page).count()).toBeLessThan(150)
      await page.keyboard.press('End')
      await page.locator('#event-4999').waitFor()
      expect(await lines(page).count()).toBeLessThan(150)
      expect(trouble).toEqual([])
    })

    it('says what was left out and how to get it', async () => {
      const flows = Array.from({ length: 12 }, (_, index): Flow => ({ ...long(30), flow: index }))
      const { page } = await pages.open(report(flows), { limits: { ...LIMITS, flows: 5, rows: 20 } })
      await page
        .getByText(/7 connections left out .* bothends report --flow \d+ -o flow\.html trace\.pcap port 80/)
        .waitFor()
      await page.locator('.flows a').first().click()
      await page
        .getByText(
          '10 packets between #19 and #28 left out of this page: bothends --flow 0 --all trace.pcap port 80',
        )
        .waitFor()
    })

    it('lists 2,000 connections and draws those in sight', async () => {
      const flows = Array.from(
        { length: 2000 },
        (_, index): Flow => ({
          ...stories.normal,
          flow: index,
          client: { ...stories.normal.client, port: 10_000 + index },
        }),
      )
      const { page } = await pages.open(report(flows))
      expect(await page.locator('.flows tbody tr').count()).toBeLessThan(60)
      await page.getByRole('group', { name: 'Connections' }).focus()
      await page.keyboard.press('End')
      await page.locator('.flows td.c-client', { hasText: ':11999' }).waitFor()
      await page.getByRole('searchbox').fill(':11234')
      await page.locator('.flows a', { hasText: '1234' }).waitFor()
      expect(await page.locator('.flows a').count()).toBe(1)
    })
  })

  it('prints everything that waits to be scrolled to', async () => {
    const { page } = await pages.open(report([stories.long]), { hash: '#flow=0&packet=1' })
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
    await settled(page)
    expect(await page.locator('.replay').isVisible()).toBe(false)
    const last = await lines(page).last().getAttribute('aria-posinset')
    expect(last).toBe(await lines(page).last().getAttribute('aria-setsize'))
  })
})
