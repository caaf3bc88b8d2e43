/** A state that was not written so is refused: of another version, damaged anywhere, or no state at all. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { readState, StateError, stateLines } from '../../src/carry/lines.js'
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
    // Cut short, so that there is damage to tell of.
    writeFileSync(file, Buffer.concat([pcap(NORMAL), Buffer.alloc(5)]))
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

  it('forged, with the right sum, is refused or gone on with', { timeout: 60_000 }, () =>
    inFolder(async (folder) => {
      const file = join(folder, 'file')
      writeFileSync(file, pcap(NORMAL))
      const change = fc.record({ line: fc.nat(9), value: fc.nat(30), by: fc.jsonValue({ maxDepth: 2 }) })
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
          const lines = text.split('\n').slice(0, -2)
          for (const { line, value, by } of changes) {
            const at = line % lines.length
            let seen = 0
            const changed = JSON.parse(lines[at] ?? '', (_, old: unknown) => (seen++ === value ? by : old))
            // The first line must still be known for what it is.
            if (at > 0 || changed?.type === 'bothends-state') lines[at] = JSON.stringify(changed)
          }
          const sum = createHash('sha256').update(lines.map((line) => `${line}\n`).join(''))
          const forged = `${[...lines, JSON.stringify({ sha256: sum.digest('hex') })].join('\n')}\n`
          const carried = await readState(each(forged)).catch((error: unknown) => {
            expect(error).toBeInstanceOf(StateError)
          })
          if (carried !== undefined) await analyze([file], { carried })
        }),
        { numRuns: 500 },
      )
    }),
  )

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
