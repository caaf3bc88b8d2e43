/** What can be read on the page, at every width, in both languages and both colour schemes. */
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import type { LanguageCode } from '../../../src/text/table.js'
import { report } from '../made.js'
import * as stories from '../stories.js'
import { hasBrowser, Pages } from './browser.js'

const pages = new Pages()
afterAll(() => pages.close())

/** Phones, a projector's zoom, laptops, a large screen. */
const WIDTHS = [320, 360, 400, 640, 761, 800, 853, 880, 940, 1024, 1100, 1181, 1280, 1366, 1920]
const LANGUAGES: readonly LanguageCode[] = ['en', 'zh']

const at = async (page: Page, width: number): Promise<void> => {
  await page.setViewportSize({ width, height: 800 })
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))')
}

describe.skipIf(!hasBrowser())('the replay bar', () => {
  it.each(LANGUAGES)('has room for each of its parts, and a round button: %s', async (language) => {
    const { page } = await pages.open(report([stories.normal]), { language, hash: '#flow=0&packet=3' })
    for (const width of WIDTHS) {
      await at(page, width)
      const found = await page.evaluate(`(() => {
        const bar = document.querySelector('.replay').getBoundingClientRect()
        const parts = [...document.querySelectorAll('.replay .icon, .scrub, .where > .mono, .both .one, .speed select')]
          .map((part) => [part.className || part.tagName, part.getBoundingClientRect()])
        const trouble = []
        for (const [n, [name, a]] of parts.entries()) {
          if (a.left < bar.left || a.right > bar.right || a.bottom > bar.bottom || a.width < 12)
            trouble.push(name + ' has no room')
          for (const [other, b] of parts.slice(n + 1))
            if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
              trouble.push(name + ' lies over ' + other)
        }
        const main = document.querySelector('.icon.main').getBoundingClientRect()
        return [...trouble, ...(main.width === main.height ? [] : ['the button is no circle'])]
      })()`)
      expect([width, found]).toEqual([width, []])
    }
  })
})

describe.skipIf(!hasBrowser())('words in drawings', () => {
  it.each(['light', 'dark'] as const)('stand out from the card behind them: %s', async (colorScheme) => {
    const { page } = await pages.open(report([stories.overflow]), {
      hash: '#flow=0',
      context: { colorScheme },
    })
    await page.keyboard.press('End')
    expect(await page.locator('main svg text').count()).toBeGreaterThan(30)
    const faint = await page.evaluate(`(() => {
      const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
      const rgb = (colour) => {
        paint.fillStyle = colour
        paint.fillRect(0, 0, 1, 1)
        return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3)
      }
      // WCAG 2.2: relative luminance, contrast ratio.
      const luminance = (colour) => {
        const [r, g, b] = rgb(colour).map((part) => part / 255)
          .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
      }
      const behind = luminance(getComputedStyle(document.querySelector('.card')).backgroundColor)
      const contrast = (colour) => {
        const [low, high] = [behind, luminance(colour)].sort((a, b) => a - b)
        return (high + 0.05) / (low + 0.05)
      }
      return [...document.querySelectorAll('main svg text')].flatMap((text) => {
        const ratio = contrast(getComputedStyle(text).fill)
        return ratio < 4.5 ? [text.textContent + ' ' + ratio.toFixed(1)] : []
      })
    })()`)
    expect(faint).toEqual([])
  })
})
