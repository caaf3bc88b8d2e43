import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/seed.ts'],
    testTimeout: 120_000,
    // A busy machine is no reason to fail.
    expect: { poll: { timeout: 30_000 } },
  },
})
