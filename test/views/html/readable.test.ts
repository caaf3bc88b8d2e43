/** What can be read on the page, at every width, in both languages and both colour schemes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../../src/analyze.js'
import type { Report } from '../../../src/report.js'
import type { LanguageCode } from '../../../src/text/table.js'
import { split } from '../../samples/split.js'
import { overTwo } from '../diagrams/drawing.js'
import { report } from '../made.js'
import * as stories from '../stories.js'
import { hasBrowser, Pages } from './browser.js'

const pages = new Pages()
afterAll(() => pages.close())

/** Phones, a projector's zoom, laptops, a large screen. */
const WIDTHS = [320, 400, 640, 800, 853, 940, 1100, 1181, 1280, 1920]
const LANGUAGES: readonly LanguageCode[] = ['en', 'zh']

const at = async (page: Page, width: number): Promise<void> => {
  await page.setViewportSize({ width, height: 800 })
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))')
}

/** A connection whose packets stand in two captures, the first so many in one of them. */
const LONG_NAMES = ['half-open-server-gives-up.client.pcap', 'half-open-server-gives-up.server.pcap']
const inTwo = async (sample: string, first: number): Promise<Report> => {
  const folder = mkdtempSync(join(tmpdir(), 'bothends-readable-'))
  const found = await analyze(split(`samples/${sample}.pcap`, folder, first))
  rmSync(folder, { recursive: true })
  return {
    ...found,
    captures: found.captures.map((each, n) => ({ ...each, file: LONG_NAMES[n] ?? each.file })),
  }
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

/** Words as they are drawn: `title` is what the pointer is told. */
const DRAWN = `(text) => [...text.childNodes].filter(({ nodeName }) => nodeName !== 'title').map((node) => node.textContent).join(' ')`

describe.skipIf(!hasBrowser())('the ladder', () => {
  it.each(LANGUAGES)(
    'tells captures apart, and has their full names for the pointer: %s',
    async (language) => {
      const { page } = await pages.open(await inTwo('half-open-server-gives-up', 3), {
        language,
        hash: '#flow=0',
      })
      const seen = [
        [1280, ['…client.pcap', '…server.pcap']],
        [400, ['client', 'server']],
      ] as const
      for (const [width, names] of seen) {
        await at(page, width)
        expect(
          await page.evaluate(`[...document.querySelectorAll('.ladder .capture')].map(${DRAWN})`),
        ).toEqual(names)
        expect(await page.locator('.ladder .capture title').allTextContents()).toEqual(LONG_NAMES)
        const said = (await page.evaluate(
          `[...document.querySelectorAll('.ladder .said')].map(${DRAWN})`,
        )) as string[]
        // Packets of the first capture that only one of the second shows to be lost.
        expect(said.filter((words) => words.includes(names[1])).length).toBeGreaterThan(0)
        expect(said.filter((words) => words.includes('half-'))).toEqual([])
        expect(await page.locator('.ladder .said title').allTextContents()).toEqual(
          said.flatMap((words) =>
            words.includes(names[1]) ? [expect.stringContaining(LONG_NAMES[1] ?? '')] : [],
          ),
        )
      }
    },
  )

  it.each(LANGUAGES)('keeps its words whole and between the lifelines: %s', async (language) => {
    for (const story of [stories.normal, stories.overflow, stories.unreachable, stories.crossing]) {
      const { page } = await pages.open(report([story]), { language, hash: '#flow=0' })
      for (const width of WIDTHS.filter((each) => each >= 400)) {
        await at(page, width)
        const outside = await page.evaluate(`(() => {
          const bands = [...document.querySelectorAll('.band .fill')].map((band) => band.getBoundingClientRect())
          const left = Math.min(...bands.map((band) => band.right))
          const right = Math.max(...bands.map((band) => band.left))
          return [...document.querySelectorAll('.ladder .said, .ladder .label')].flatMap((text) => {
            const box = text.getBoundingClientRect()
            const whole = box.left >= left && box.right <= right && !text.textContent.endsWith('…')
            return whole ? [] : [text.textContent]
          })
        })()`)
        expect([width, outside]).toEqual([width, []])
      }
    }
  })

  it('has in one line of words and the next line nothing that lies over the other', async () => {
    const { page } = await pages.open(await inTwo('half-open-server-gives-up', 3), { hash: '#flow=0' })
    for (const width of [400, 853, 1280]) {
      await at(page, width)
      const over = await page.evaluate(`(() => {
        const texts = [...document.querySelectorAll('.ladder .said, .ladder .label')]
          .map((text) => [text.textContent, text.getBoundingClientRect()])
        return texts.flatMap(([name, a], n) => texts.slice(n + 1).flatMap(([other, b]) =>
          a.left < b.right && b.left < a.right && a.top < b.bottom - 2 && b.top < a.bottom - 2 ? [name + ' | ' + other] : []))
      })()`)
      expect([width, over]).toEqual([width, []])
    }
  })
})

describe.skipIf(!hasBrowser())('figure 5', () => {
  it('has words that can be read, none over another or over a state', async () => {
    const { page } = await pages.open(report([stories.normal]), { hash: '#flow=0' })
    for (const width of WIDTHS) {
      await at(page, width)
      const trouble = await page.evaluate(`[...document.querySelectorAll('.diagram svg')].flatMap((svg) => {
        const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width
        const frame = svg.viewBox.baseVal
        const small = [...svg.querySelectorAll('text')].filter((text) => parseFloat(getComputedStyle(text).fontSize) * scale < 8.9)
        const words = [...svg.querySelectorAll('.edge-word')].map((text) => [text.textContent, text.getBBox()])
        const boxes = [...svg.querySelectorAll('.box rect')].map((box) => ['a state', box.getBBox()])
        const outside = words.filter(([, a]) => a.x < 0 || a.y < 0 || a.x + a.width > frame.width + 1 || a.y + a.height > frame.height)
        const over = words.flatMap(([name, a], n) => [...words.slice(n + 1), ...boxes].flatMap(([other, b]) =>
          a.x < b.x + b.width && b.x < a.x + a.width && a.y + 2 < b.y + b.height && b.y < a.y + a.height - 2 ? [name + ' | ' + other] : []))
        return [...(words.length === 20 ? [] : ['words are missing']), ...small.map((text) => text.textContent + ' is small'), ...outside.map(([name]) => name + ' is cut'), ...over]
      })`)
      expect([width, trouble]).toEqual([width, []])
    }
  })
})

describe.skipIf(!hasBrowser())('netstat', () => {
  it('is not cut, with any timer', async () => {
    const { page } = await pages.open(report([stories.normal]), { hash: '#flow=0&packet=1' })
    for (const width of [640, 853, 1181, 1280]) {
      await at(page, width)
      await page.keyboard.press('Home')
      for (const _ of [...stories.normal.rows, 'the end']) {
        await page.keyboard.press('ArrowRight')
        const hidden = await page.evaluate(
          `[...document.querySelectorAll('.netstat-host')].map((host) => host.scrollWidth - host.clientWidth)`,
        )
        expect([width, hidden]).toEqual([width, [0, 0]])
      }
    }
  })
})

describe.skipIf(!hasBrowser())('what the reader must know first', () => {
  it.each([
    [
      'en',
      'b.pcap: its clock was 5.25 s behind that of another capture: all its times are told as much later',
    ],
    ['zh', 'b.pcap：其时钟比另一份抓包慢 5.25 s：它的所有时间都已推后同样的长度'],
  ] as const)('is whose clock was behind: %s', async (language, line) => {
    const made = report([overTwo(stories.normal, 4)])
    const [info] = made.captures
    if (info === undefined) throw new Error('no capture')
    const captures = [
      { ...info, file: '/tmp/a.pcap' },
      { ...info, file: '/tmp/b.pcap', clockBehind: 5.25 },
    ]
    const { page } = await pages.open({ ...made, captures }, { language })
    expect(await page.locator('.remarks li').allTextContents()).toEqual([line])
    const agreeing = await pages.open(made, { language })
    expect(await agreeing.page.locator('.remarks').count()).toBe(0)
  })
})

describe.skipIf(!hasBrowser())('packets that are in no ladder', () => {
  it('are counted as below the ladder in the terminal', async () => {
    const made = report([overTwo(stories.normal, 4)])
    const captures = made.captures.map((info) => ({ ...info, other: { udp: 3, 'icmp-error': 1 }, drops: 2 }))
    const { page } = await pages.open({ ...made, captures: captures.slice(0, 1) })
    expect(await page.locator('.remarks li').allTextContents()).toEqual([
      '3 packets not TCP or not decoded: udp 3',
      '2 packets lost by the capturing host: what looks missing may have been there',
    ])
  })
})

describe.skipIf(!hasBrowser())('motion', () => {
  it.each([
    ['reduce', false],
    ['no-preference', true],
  ] as const)('%s: %s', async (reducedMotion, moves) => {
    const { page } = await pages.open(report([stories.normal]), {
      hash: '#flow=0&packet=1',
      context: { reducedMotion },
    })
    await page.keyboard.press('ArrowRight')
    await page.locator('.edge-line.taken').first().waitFor()
    expect(await page.evaluate('document.getAnimations().length > 0')).toBe(moves)
  })
})
