/** Names of captures where there is little room. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { briefNames } from '../../src/text/brief-names.js'

const upTo = (characters: number) => (name: string) => [...name].length <= characters
const PAIR = ['half-open-server-gives-up.client.pcap', 'half-open-server-gives-up.server.pcap']

describe('names of captures', () => {
  it.each([
    [40, PAIR, PAIR],
    [20, PAIR, ['…client.pcap', '…server.pcap']],
    [7, PAIR, ['client', 'server']],
    [5, PAIR, ['cl…nt', 'se…er']],
    // Never within a word: not `…lient` and `…loud`.
    [14, ['web.2026.client.pcap', 'web.2026.cloud.pcap'], ['…client.pcap', '…cloud.pcap']],
    // Rotated files.
    [12, ['trace-20261122-eth0.pcap', 'trace-20261123-eth0.pcap'], ['20261122', '20261123']],
    [12, ['averylongtracename1', 'averylongtracename2'], ['…1', '…2']],
    // One is the beginning of the other: something of each must stay.
    [7, ['trace.pcap', 'trace.pcap1'], ['…pcap', '…pcap1']],
    [5, ['x.day.pcap', 'x.pcap'], ['da…ap', 'pcap']],
    // Nothing in common: the middle goes.
    [9, ['client-of-monday.pcap', 'server-on-tuesday.cap'], ['clie…pcap', 'serv….cap']],
    [9, ['one-long-name.pcap'], ['one-…pcap']],
    [5, ['服务端抓包.pcap', '客户端抓包.pcap'], ['服务端抓包', '客户端抓包']],
    [8, [], []],
  ])('in %i characters: %j', (room, names, brief) => {
    expect(briefNames(names, upTo(room))).toEqual(brief)
  })

  it('have room, and are as many as before', () => {
    const names = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '.', '-', '/', '中', '😀') }))
    fc.assert(
      fc.property(names, fc.integer({ min: 3, max: 12 }), (all, room) => {
        const brief = briefNames(all, upTo(room))
        expect(brief).toHaveLength(all.length)
        expect(brief.filter((name) => !upTo(room)(name))).toEqual([])
      }),
    )
  })

  it('differ where what differs has room', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(part, fc.uniqueArray(part, { minLength: 2 }), part, (before, cores, after) => {
        const all = cores.map((core) => `${before}-${core}.${after}`)
        expect(new Set(briefNames(all, upTo(6))).size).toBe(all.length)
      }),
    )
  })
})
