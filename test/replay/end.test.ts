/** One end's history: what it logs, and what a row shows of it. */
import { expect, it } from 'vitest'
import { EndReplay } from '../../src/replay/end.js'
import { adopt, closed } from '../../src/rfc9293/machine.js'
import { LINUX } from '../../src/rfc9293/stack.js'

it('logs changes of state, not what leaves it as it was', () => {
  const end = new EndReplay(LINUX)
  end.apply({ kind: 'call', call: 'open-active', iss: 1000, wnd: 60000 }, 1, 0, 'seen')
  end.apply({ kind: 'timeout', timeout: 'retransmission' }, 2, 1, 'seen')
  expect(end.log).toMatchObject([
    { from: 'CLOSED', to: 'SYN_SENT', at: 1, cause: 'call', row: 0, certainty: 'seen' },
  ])
})
it('never goes back in time: a guess lies no earlier than the change before it', () => {
  const end = new EndReplay(LINUX)
  end.force(adopt({ state: 'ESTABLISHED', sndNxt: 1001, rcvNxt: 5001 }), 'infer/adopted', 5, 0, 'assumed')
  end.apply({ kind: 'call', call: 'close', fin: 1001 }, 4.5, 1, 'seen')
  expect(end.log.map((entry) => entry.at)).toEqual([5, 5])
})
it('shows what was before the row, and the rules that fired in it', () => {
  const end = new EndReplay(LINUX)
  end.force(adopt({ state: 'ESTABLISHED', sndNxt: 1001, rcvNxt: 5001 }), 'infer/resync', 5, 0, 'implied')
  end.begin()
  end.apply({ kind: 'call', call: 'close', fin: 1001 }, 6, 1, 'seen')
  expect(end.cell()).toEqual({
    state: 'FIN_WAIT_1',
    was: 'ESTABLISHED',
    certainty: 'seen',
    rules: ['3.10.4/established'],
  })
  end.begin()
  expect(end.cell()).toMatchObject({ was: 'FIN_WAIT_1', rules: [] })
})
it('was in LISTEN, once it is known that somebody listened', () => {
  const end = new EndReplay(LINUX)
  end.begin()
  end.listen()
  expect(end.cell()).toMatchObject({ was: 'LISTEN', state: 'LISTEN' })
  expect(end.log).toEqual([])
  end.force(closed(), 'infer/gone', 1, 0, 'implied')
  expect(end.log).toHaveLength(1)
})
