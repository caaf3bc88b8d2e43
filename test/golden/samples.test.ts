/**
 * What is shown of each sample, as documents: read them like a reader would when they change. `npm run golden` writes them anew.
 * Whether the states in them are right is not asked here but in test/kernel-truth.test.ts.
 */
import { describe, expect, test } from 'vitest'
import { SAMPLES } from '../samples/truth.js'
import { bothends } from './command.js'

const expected = (name: string): string => new URL(`expected/${name}`, import.meta.url).pathname
const nameOf = (capture: string): string => capture.replace(/\.pcap(ng)?$/, '')

/** The ones that a Chinese reader meets first: README.zh-CN.md names them. */
const IN_CHINESE: readonly string[] = [
  'accept-queue-overflow',
  'client-close-wait',
  'close-wait-leak',
  'connect-icmp-unreachable',
  'connect-refused',
  'connect-timeout',
  'fin-wait-2-orphan-timeout',
  'half-close-data-continues',
  'half-open-server-gives-up',
  'normal-client-close',
  'peer-vanishes-then-rst',
  'rst-linger0',
  'simultaneous-close',
  'time-wait-port-reuse',
  'zero-window-and-probes',
]
const WITH_RULES: readonly string[] = [
  'half-open-server-gives-up',
  'simultaneous-close',
  'time-wait-port-reuse',
]
const AS_JSON: readonly string[] = ['connect-icmp-unreachable', 'half-open-server-gives-up']
const AS_STORY: readonly string[] = ['half-open-server-gives-up', 'close-wait-leak', 'rst-linger0']

const fileOf = (name: string): string => {
  const file = SAMPLES.find((capture) => nameOf(capture) === name)
  if (file === undefined) throw new Error(`no sample ${name}`)
  return `samples/${file}`
}

test.each(SAMPLES)('%s', async (capture) => {
  await expect(bothends([`samples/${capture}`])).toMatchFileSnapshot(expected(`${nameOf(capture)}.en.txt`))
})

describe('in Chinese, by the locale', () => {
  test.each(IN_CHINESE)('%s', async (name) => {
    await expect(bothends([fileOf(name)], 'zh_CN.UTF-8')).toMatchFileSnapshot(expected(`${name}.zh.txt`))
  })
})

describe('--why', () => {
  test.each(WITH_RULES)('%s', async (name) => {
    const page = bothends(['annotate', '--why', fileOf(name)])
    await expect(page).toMatchFileSnapshot(expected(`${name}.why.en.txt`))
  })
})

describe('--json', () => {
  test.each(AS_JSON)('%s', async (name) => {
    const lines = bothends(['annotate', '--json', fileOf(name)])
    await expect(lines).toMatchFileSnapshot(expected(`${name}.ndjson`))
  })
})

describe('explain', () => {
  test.each(AS_STORY)('%s', async (name) => {
    for (const [locale, code] of [
      ['C.UTF-8', 'en'],
      ['zh_CN.UTF-8', 'zh'],
    ] as const)
      await expect(bothends(['explain', fileOf(name)], locale)).toMatchFileSnapshot(
        expected(`${name}.story.${code}.txt`),
      )
  })
})
