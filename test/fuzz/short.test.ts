/** A few seconds of `npm run fuzz` with a fixed seed: nothing but CaptureError, no control character in any view. */
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

it('finds no broken promise', () => {
  const { stdout, status } = spawnSync(process.execPath, ['fuzz/run.mjs', '4', '20251123'], {
    encoding: 'utf8',
  })
  expect(stdout).toContain(' 0 broke a promise')
  expect(status).toBe(0)
})
