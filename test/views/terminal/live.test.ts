/** The ladder while packets come: what a reader sees row by row, where nothing of the rows to come is known. */
import { describe, expect, it } from 'vitest'
import { loadRunning } from '../../../src/text/running.js'
import { LiveLadder } from '../../../src/views/terminal/live.js'
import { lookFor } from '../../../src/views/terminal/look.js'
import { flow, rows, viewIn } from '../made.js'

const drawn = async (columns: number, lens: readonly number[]): Promise<string[]> => {
  const look = lookFor({ colour: 'never', ascii: true }, {}, { isTTY: true, columns })
  const view = viewIn(look)
  const made = flow({
    rows: rows([
      {
        at: 0,
        from: 'client',
        flags: 'S',
        client: ['CLOSED', 'SYN_SENT'],
        server: ['LISTEN', 'SYN_RECEIVED'],
      },
      {
        at: 0.1,
        from: 'server',
        flags: 'SA',
        ack: 1,
        client: ['SYN_SENT', 'ESTABLISHED'],
        server: 'SYN_RECEIVED',
      },
      ...lens.map((len, n) => ({
        at: 1 + n,
        from: 'client' as const,
        flags: len > 0 ? 'PA' : 'A',
        seq: 1,
        ack: 1,
        len,
        client: 'ESTABLISHED' as const,
        server: 'ESTABLISHED' as const,
      })),
    ]),
  })
  const ladder = new LiveLadder(view, await loadRunning('en'))
  return made.rows.flatMap((row) => ladder.lines(made, row, false)).filter((line) => line.includes('SEQ='))
}

describe('the ladder while packets come', () => {
  // Letters for flags: <SEQ=1><ACK=1><PSH,ACK><517> is wider than the 25 columns that 80 leave.
  it('writes every row in one notation: what is to come is not known when the first is drawn', async () => {
    const lines = await drawn(80, [0, 7, 0, 517, 0])
    expect(lines.map((line) => /<SEQ=\S*>/.exec(line)?.[0])).toEqual([
      '<SEQ=0><S>',
      '<SEQ=0><ACK=1><SA>',
      '<SEQ=1><ACK=1><A>',
      '<SEQ=1><ACK=1><PA><7>',
      '<SEQ=1><ACK=1><A>',
      '<SEQ=1><ACK=1><PA><517>',
      '<SEQ=1><ACK=1><A>',
    ])
  })
  it('never goes back to a longer one', async () => {
    const lines = await drawn(80, [1_000_000, 0])
    expect(lines.slice(2).map((line) => line.includes('<'))).toEqual([false, false])
  })
})
