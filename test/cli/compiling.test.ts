/** Before few replays V8 is told to compile later: that it is so, and that it says nothing of it on stderr. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'

/** What V8 says that it compiles of a function which runs some hundred thousand bytes of its code, once so many packets are announced. */
const compiled = (packets: number) => {
  const work = `
    const { prepareReplays } = await import('./dist/cli/compiling.js')
    prepareReplays(${packets})
    const repeated = (n) => { let sum = 0; for (let i = 0; i < 9; i++) sum += n ^ i; return sum }
    let all = 0
    for (let turn = 0; turn < 3000; turn++) all += repeated(turn)`
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--trace-opt', '--no-concurrent-recompilation', '--input-type=module', '--eval', work],
    { encoding: 'utf8' },
  )
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout.split('\n').filter((line) => /completed compiling.*<JSFunction repeated/.test(line))
}

describe('before replays', () => {
  test.each([0, 200, 25_000, 1e6])('%d packets: V8 compiles what runs often, as by itself', (packets) => {
    expect(compiled(packets)).not.toEqual([])
  })
  test.each([201, 24_999])('%d packets: it waits', (packets) => {
    expect(compiled(packets)).toEqual([])
  })
})
