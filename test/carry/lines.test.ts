/** A state that was not written so is refused: of another version, damaged anywhere, or no state at all. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { readState, type StateError, stateLines } from '../../src/carry/lines.js'
import { inFolder } from '../capture/collect.js'
import { NORMAL, pcap } from '../cli/capture.js'

async function* each(text: string): AsyncGenerator<string> {
  yield* text.split('\n').slice(0, -1)
}

/** Why the text is refused, '' when it isn't. */
const refused = async (text: string): Promise<string> => {
  try {
    await readState(each(text))
    return ''
  } catch (error) {
    return (error as StateError).code
  }
}

let text = ''
beforeAll(() =>
  inFolder(async (folder) => {
    const file = join(folder, 'file')
    writeFileSync(file, pcap(NORMAL))
    await analyze([file], {
      leave: (left) => {
        for (const line of stateLines(left)) text += `${line}\n`
      },
    })
  }),
)

describe('a state', () => {
  it('is read as it was written', async () => {
    const state = await readState(each(text))
    expect([...stateLines(state)].map((line) => `${line}\n`).join('')).toBe(text)
    expect(state.conversations[0]?.segments).toHaveLength(NORMAL.length)
  })

  it('of another version is refused as such', async () => {
    await expect(readState(each(text.replace('"version":1', '"version":2')))).rejects.toMatchObject({
      code: 'other-version',
      version: 2,
    })
  })

  it.each([
    ['', 'not-a-state'],
    ['{"type":"bothends","schema":1}\n', 'not-a-state'],
    ['{"type":"bothends-state"\n', 'damaged'],
    ['{"type":"bothends-state","version":1,"conversations":1}\n[]\n', 'damaged'],
    ['{"type":"bothends-state","version":1,"conversations":1}\n{"segments":1e9}\n', 'damaged'],
  ])('%j is none', async (other, code) => {
    expect(await refused(other)).toBe(code)
  })

  it('with one character changed, or cut short, is refused', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.boolean(), async (place, cut) => {
        const at = place % text.length
        const other = text[at] === '1' ? '2' : '1'
        expect(
          await refused(cut ? text.slice(0, at) : text.slice(0, at) + other + text.slice(at + 1)),
        ).not.toBe('')
      }),
      { numRuns: 300, seed: 6 },
    ))

  it('with something behind its end is refused', async () => {
    expect(await refused(`${text}{}\n`)).toBe('damaged')
  })
})
