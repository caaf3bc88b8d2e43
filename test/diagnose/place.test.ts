/** Where the capture was taken is told of the capture, not of one connection among many. */
import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/diagnose/index.js'
import type { Flow } from '../../src/report.js'
import { flow, report, rows } from '../views/made.js'

const at = (where: Flow['capturedNear']['where'], n: number): Flow =>
  flow({
    flow: n,
    rows: rows([
      { at: n, from: 'client', flags: 'S', client: ['CLOSED', 'SYN_SENT'], server: 'CLOSED' },
      { at: n, from: 'server', flags: 'RA', client: ['SYN_SENT', 'CLOSED'], server: 'CLOSED' },
    ]),
    verdict: 'refused',
    capturedNear: { where, reason: { code: 'near-unknown' } },
  })
const places = (flows: readonly Flow[]) =>
  diagnose(report(flows)).flatMap((found) => (found.id === 'capture-point' ? [[found.flow, found.args]] : []))

describe('where it was captured', () => {
  it('names the connection only where there is no other', () => {
    expect(places([at('server', 0)])).toEqual([[0, { flows: 1, where: 'server' }]])
    expect(places([at('unknown', 0), at('server', 1)])).toEqual([[null, { flows: 1, where: 'server' }]])
  })

  it('is one place when nearly all agree', () => {
    const flows = Array.from({ length: 40 }, (_, n) => at(n === 7 ? 'between' : 'server', n))
    expect(places(flows)).toEqual([[null, { flows: 39, where: 'server' }]])
    expect(places([at('client', 0), at('server', 1)])).toHaveLength(2)
  })
})
