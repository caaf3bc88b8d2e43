/** Reading that is watched: ended from outside, told of waiting and of progress. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pcapHeader, pcapRecord } from './bytes.js'
import { collect, inFolder } from './collect.js'

const RECORD = pcapRecord({ seconds: 1, fraction: 2, data: [1, 2, 3, 4] })
const THREE = Uint8Array.from([...pcapHeader(), ...RECORD, ...RECORD, ...RECORD])

/** Gives its chunks, then nothing for ever. */
async function* silentAfter(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
  await new Promise(() => {})
}

describe('a reading that is ended from outside', () => {
  it.each([
    ['', (bytes: Uint8Array) => bytes],
    ['compressed', gzipSync],
  ])('leaves a silent pipe with what came, and no damage %s', async (_, form) => {
    const abort = new AbortController()
    const piped = collect('-', {
      stdin: silentAfter(form(THREE.subarray(0, THREE.length - 3))),
      signal: abort.signal,
      waiting: (idle) => {
        if (idle) abort.abort()
      },
    })
    const { records, summary } = await piped
    expect(summary.damage).toBe(null)
    // What a decompressor still holds back has not come.
    if (form !== gzipSync) expect(records).toHaveLength(2)
  })

  it('ends before the first byte too', async () => {
    const abort = new AbortController()
    const reading = collect('-', { stdin: silentAfter(), signal: abort.signal })
    abort.abort()
    await expect(reading).rejects.toThrow('-: is empty')
  })
})

describe('a reading that is watched', () => {
  it('says after each chunk that it waits, with the records of the chunk before', async () => {
    const seen: number[] = []
    const chunks = [THREE.slice(0, 24 + 20), THREE.slice(24 + 20, 24 + 40), THREE.slice(24 + 40)]
    let count = 0
    const { readCapture } = await import('../../src/capture/read.js')
    await readCapture(
      '-',
      {
        record: () => {
          count += 1
        },
      },
      { stdin: silentless(chunks), waiting: (idle) => void (idle || seen.push(count)) },
    )
    expect(seen).toEqual([1, 2, 3])
  })

  it('passes on what the watcher throws', async () => {
    const reading = collect('-', {
      stdin: silentless([THREE]),
      waiting: () => {
        throw new TypeError('ours')
      },
    })
    await expect(reading).rejects.toThrow(TypeError)
  })

  it('counts the bytes of the file, compressed as they are', () =>
    inFolder(async (folder) => {
      for (const bytes of [THREE, gzipSync(THREE)]) {
        const file = join(folder, 'file')
        writeFileSync(file, bytes)
        let sum = 0
        const progress = (count: number): void => {
          sum += count
        }
        await collect(file, { progress })
        expect(sum).toBe(bytes.length)
      }
    }))
})

async function* silentless(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}
