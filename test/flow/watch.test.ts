/** Which captures go on with each other, and until when a connection was watched. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { Hosts, watchedUntil, watchOf } from '../../src/flow/watch.js'
import { Following } from '../../src/following.js'
import { en } from '../../src/text/en/index.js'
import { footerLines } from '../../src/views/terminal/footer.js'
import { inFolder } from '../capture/collect.js'

const strangers = () => false
const neighbours = () => true
const taken = (...times: readonly (readonly [number, number])[]) =>
  times.map(([first, latest]) => ({ first, latest, last: latest }))

describe('captures', () => {
  it('go on with each other within 125 s, also over others', () => {
    expect(watchOf(taken([0, 5], [130, 140], [265, 300]), 300, neighbours).ends).toBeNull()
    expect(watchOf(taken([0, 5], [131, 140], [265, 300]), 300, neighbours).ends).toEqual([5, 300, 300])
  })

  it('do not where they have no host in common', () => {
    expect(watchOf(taken([0, 5], [6, 10]), 10, strangers).ends).toEqual([5, 10])
  })

  it('of one time do not go on with each other', () => {
    expect(watchOf(taken([0, 5], [1, 10]), 10, neighbours).ends).toEqual([5, 10])
    // Packets of several interfaces are not quite in order.
    expect(watchOf(taken([0, 5], [4.99, 10]), 10, neighbours).ends).toBeNull()
  })

  it('of which the clock was set back were watched up to their last packet by that clock', () => {
    const back = (last: number) => watchOf([{ first: 0, latest: 100, last }], 100, strangers).ends
    expect(back(30)).toEqual([30])
    // Packets of several interfaces, or of several processors.
    expect(back(99.5)).toBeNull()
  })

  it('may come in any order, and without packets', () => {
    expect(watchOf([null, ...taken([20, 30], [0, 10])], 30, neighbours).ends).toBeNull()
    expect(watchOf([null, ...taken([200, 300], [0, 10])], 300, neighbours).ends).toEqual([300, 300, 10])
  })

  it('are compared by the hosts of the connections that begin in them', () => {
    const hosts = new Hosts()
    hosts.begins(0, 'a', 'b')
    hosts.begins(1, 'c', 'b')
    hosts.begins(2, 'c', 'd')
    expect([hosts.haveOne(0, 1), hosts.haveOne(1, 2), hosts.haveOne(0, 2)]).toEqual([true, true, false])
    // One in which none begins goes on with those before it.
    expect(hosts.haveOne(0, 3)).toBe(true)
  })
})

it('a connection was watched to the end of the last of its captures', () => {
  const watch = { end: 30, ends: [10, 20, 30], lasts: null }
  expect(watchedUntil(watch, [{ capture: 1 }, { capture: 0 }])).toBe(20)
})

describe('files of other hosts', () => {
  const files = ['samples/connect-timeout.pcap', 'samples/close-wait-leak.pcap']

  it('do not let a time-out run out that their own capture did not see', async () => {
    // The kernel gave up 131 s after the first SYN; the first file ends after 5 s, the second begins 137 s later.
    const { flows, captures, endAt } = await analyze(files)
    const alone = await analyze(files.slice(0, 1))
    expect(endAt).toBeGreaterThan(140)
    expect(captures.map((capture) => capture.watchedUntil)).toEqual([alone.endAt, undefined])
    expect(flows[0]).toEqual(alone.flows[0])
    expect(flows[0]?.client.state).toBe('SYN_SENT')
  })
})

it('a capture whose clock was set back lets no time-out run out that it did not see', async () => {
  await inFolder(async (folder) => {
    // 142 s later by its clock than what stands behind it.
    const file = join(folder, 'back.pcap')
    const [later, earlier] = ['close-wait-leak', 'connect-timeout'].map((name) =>
      readFileSync(`samples/${name}.pcap`),
    ) as [Buffer, Buffer]
    writeFileSync(file, Buffer.concat([later, earlier.subarray(24)]))
    const report = await analyze([file])
    const [, flow] = report.flows
    expect(report.endAt).toBeGreaterThan(0)
    expect(flow).toMatchObject({ verdict: 'unanswered', client: { state: 'SYN_SENT' } })
    expect(flow?.calls).toMatchObject([{ call: 'connect', errno: 'ETIMEDOUT', certainty: 'assumed' }])
    expect(report.captures[0]?.watchedUntil).toBeCloseTo(flow?.endAt ?? 0, 9)
    // The same when its packets were followed as they came.
    const following = new Following({}, () => '')
    await following.reading.capture(file, {})
    expect(following.end().report.flows).toEqual(report.flows)
    expect(footerLines(report, en)).toEqual([
      'its times go back: silence of its connections counts up to its last packet only, at -137.52 s',
    ])
  })
})
