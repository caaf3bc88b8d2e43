/** The bar: what it says, and that nothing of it is left. */
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Bar, minutes, scaled } from '../../src/cli/progress.js'
import { running } from '../../src/text/en/running.js'

/** A terminal that keeps what is written. */
const terminal = () => {
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 80,
    rows: 24,
    cursorTo: () => true,
    moveCursor: () => true,
    clearLine: () => true,
  })
  return { stream, text: () => String(stream.read() ?? '') }
}

describe('the bar', () => {
  it('shows share, rate and time left', () => {
    const { stream, text } = terminal()
    let now = 0
    const bar = new Bar({ stream, words: running, ascii: true, now: () => now })
    bar.show('reading', 0, 1_000_000)
    expect(text()).toContain('0 B/s')
    now = 2
    bar.show('reading', 250_000, 1_000_000)
    bar.end()
    // 250 kB in 2 s: 750 kB take 6 s.
    const written = text()
    expect(written).toContain('reading #######')
    expect(written).toContain('25%')
    expect(written).toContain('125 kB/s')
    expect(written).toContain('0:06 left')
  })

  it('counts rates and times as people read them', () => {
    expect([0, 999, 1234, 1_999_999, 5e12].map(scaled)).toEqual(['0', '999', '1.23 k', '2 M', '5 T'])
    expect([0, 59.9, 65, 3600].map(minutes)).toEqual(['0:00', '0:59', '1:05', '60:00'])
  })
})
