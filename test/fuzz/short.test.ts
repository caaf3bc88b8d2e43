/** A short `npm run fuzz` of a fixed seed and length: no target breaks a promise (fuzz/README.md says which). */
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

it('finds no broken promise', { timeout: 240_000 }, () => {
  const { stdout, status } = spawnSync(process.execPath, ['fuzz/run.mjs', '--runs', '400', '20251123'], {
    encoding: 'utf8',
  })
  expect(stdout).toContain('400 runs, 0 broke a promise')
  expect(status).toBe(0)
})
