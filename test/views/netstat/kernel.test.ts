/** The timer column beside what the kernels' own ss said at that moment: `ss/README.md`. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../../src/analyze.js'
import { speller } from '../../../src/text/states.js'
import { netstatJson, readMoment } from '../../../src/views/netstat/index.js'

interface Look {
  readonly at: string
  readonly local: string
  readonly timer: string
  readonly left: number
  readonly retrans: number
}
interface Said {
  readonly at: string
  readonly local: string
  readonly time: string
  readonly timer: null | {
    readonly name: string
    readonly expires: string
    readonly retries: number
    readonly probes: number
    readonly certainty: string
  }
}
const place = (name: string): string => new URL(`ss/${name}`, import.meta.url).pathname

/** Seconds: a timer wheel fires up to 15 % late, of which a resend in the capture tells, and ss does not. */
const LATE = 0.25

describe('beside ss -o', () => {
  it.each(['syn', 'synack', 'data', 'zero', 'alive'])('%s', async (name) => {
    const looks = JSON.parse(readFileSync(place(`${name}.json`), 'utf8')) as Look[]
    const report = await analyze([place(`${name}.pcap`)])
    const moments = [...new Set(looks.map(({ at }) => at))].map((at) => {
      const moment = readMoment(at, report)
      if ('wrong' in moment) throw new Error(moment.wrong)
      return moment
    })
    const asked = {
      moments,
      host: null,
      every: null,
      timers: true,
      spell: speller('ss'),
      strong: String,
      faint: String,
    }
    const said = [...netstatJson(report, asked)].slice(1).map((line) => JSON.parse(line) as Said)
    expect(looks.length).toBeGreaterThan(15)
    for (const look of looks) {
      const found = said.find(({ at, local }) => at === look.at && local === look.local)
      const timer = found?.timer ?? null
      if (found === undefined || timer === null) throw new Error(`no timer at ${look.at}`)
      const left = (Date.parse(timer.expires) - Date.parse(found.time)) / 1000
      expect([look.at, timer.name]).toEqual([look.at, look.timer])
      expect([look.at, timer.name === 'on' ? timer.retries : timer.probes]).toEqual([look.at, look.retrans])
      // After an answer the kernel sets a keep-alive again for its interval first, and does not send then.
      const free = timer.name === 'keepalive' && timer.certainty === 'assumed'
      if (!free)
        expect(Math.abs(left - look.left), `at ${look.at}: ${left}, ss ${look.left}`).toBeLessThan(LATE)
    }
  })
})
