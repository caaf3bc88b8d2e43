/**
 * The report page in a browser, of any capture: no error in its script, nothing asked of the network, and nothing on it that
 * isn't ours. Without a browser (CHROMIUM, or /usr/bin/chromium) there is nothing to look at.
 */
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { htmlPage } from '../../dist/views/html/index.js'
import { fileOf } from '../beside.mjs'
import { choicesFor } from '../numbers.mjs'
import { must } from '../outputs.mjs'
import { reportOf } from '../report.mjs'

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'
/** Milliseconds to draw it. */
const LONG = 20_000
/** Flows of one capture that are looked at, and keys pressed in each. */
const MOST = 3
const KEYS = [
  'Home',
  'ArrowRight',
  'ArrowRight',
  'End',
  'ArrowLeft',
  'ArrowDown',
  '?',
  'Escape',
  'Tab',
  'Enter',
  ' ',
]
/** As a capture, or the one who sends a link, would like to have them on the page. */
const EVIL = [
  `"><img src=x onerror=alert(1)>`,
  `</script><script>alert(1)</script>`,
  `javascript:alert(1)//`,
  `<svg/onload=alert(1)>`,
  `{{constructor.constructor('alert(1)')()}}`,
  `<base href=//evil.invalid>`,
  `</title><style>*{display:none}</style>`,
]

let launched = null
const browser = () => {
  launched ??= import('playwright-core').then(({ chromium }) =>
    chromium.launch({
      executablePath: EXECUTABLE,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-sync',
      ],
    }),
  )
  return launched
}

export const fuzz = async (data) => {
  if (!existsSync(EXECUTABLE)) return
  const report = await reportOf(data)
  if (report === null) return
  const choose = choicesFor(data)
  const ends = report.flows.slice(0, MOST).flatMap(({ client, server }) => [client.address, server.address])
  const named = {
    ...report,
    names: { ...report.names, ...Object.fromEntries(ends.map((address) => [address, choose.pick(EVIL)])) },
    captures: report.captures.map((info) => ({ ...info, file: `${choose.pick(EVIL)}.pcap` })),
  }
  const options = {
    language: choose.pick(['en', 'zh']),
    browserDecides: choose.once(3),
    spelling: choose.pick(['rfc', 'netstat', 'ss']),
  }
  const address = pathToFileURL(fileOf(await htmlPage(named, options), 'drawn.html')).href
  const hashes = [
    '',
    ...report.flows.slice(0, MOST).map(({ flow }) => `#flow=${flow}`),
    `#${choose.pick(EVIL)}`,
  ]
  const page = await (await browser()).newPage({ viewport: { width: choose.pick([390, 1366]), height: 768 } })
  page.setDefaultTimeout(LONG)
  try {
    const trouble = listened(page, address)
    for (const hash of hashes) {
      await page.goto(address + hash)
      await page.locator('main h2, main h1').first().waitFor({ state: 'attached' })
      for (const key of KEYS) await page.keyboard.press(key)
      const strange = await page.evaluate(STRANGE)
      must(strange.length === 0, 'drawn: nothing of the capture is markup', [hash, strange])
    }
    must(trouble.length === 0, 'drawn: no error, no request', trouble)
  } finally {
    await page.close()
  }
}

/** What must not happen on it. */
function listened(page, address) {
  const trouble = []
  page.on('console', (message) => trouble.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => trouble.push(`error: ${error.stack}`))
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== address) trouble.push(`request: ${request.url()}`)
  })
  return trouble
}

/** Elements that the page never has, scripts and styles that aren't its own, handlers and addresses in attributes. */
const STRANGE = `(() => {
  const strange = []
  const never = 'img, iframe, frame, object, embed, base, form, audio, video, link[rel=stylesheet], foreignObject, script[src]'
  for (const element of document.querySelectorAll(never)) strange.push(element.outerHTML.slice(0, 200))
  for (const [name, most] of [['script', 2], ['style', 1], ['title', 1], ['body', 1]])
    if (document.querySelectorAll('head ' + name + ', body ' + name).length > most + (name === 'title' ? 99 : 0)) strange.push('more than ' + most + ' ' + name)
  for (const element of document.querySelectorAll('*'))
    for (const { name, value } of element.attributes)
      if (name.startsWith('on') || (/^(?:href|src|action|formaction|xlink:href)$/.test(name) && !/^(?:#|https:\\/\\/(?:www\\.)?(?:rfc-editor\\.org|github\\.com)\\/)/.test(value)))
        strange.push(element.localName + ' ' + name + '=' + value.slice(0, 100))
  return strange
})()`
