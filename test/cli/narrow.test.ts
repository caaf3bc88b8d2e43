import { describe, expect, it } from 'vitest'
import { splitArguments, typedAgain } from '../../src/cli/arguments.js'
import { narrow } from '../../src/cli/narrow.js'
import { Problem } from '../../src/cli/problem.js'
import { en } from '../../src/text/en/index.js'
import { report } from '../diagnose/samples.js'

describe('captures and the filter behind them', () => {
  const exists = (name: string) => name.endsWith('.pcap') || name === 'host'
  it.each([
    [['a.pcap'], ['a.pcap'], ''],
    [['a.pcap', 'b.pcap', 'port', '80'], ['a.pcap', 'b.pcap'], 'port 80'],
    [['a.pcap', 'port 80 or 443'], ['a.pcap'], 'port 80 or 443'],
    [['a.pcap', '10.0.0.1'], ['a.pcap'], '10.0.0.1'],
    [['a.pcap', '(port', '80)'], ['a.pcap'], '(port 80)'],
    [['-', 'not', 'port', '22'], ['-'], 'not port 22'],
    [['a.pcap', 'host', 'net', '10'], ['a.pcap', 'host'], 'net 10'], // a file of that name exists
    [['missing', 'tcp'], ['missing'], 'tcp'],
    [['port'], ['port'], ''], // the first is always a capture
  ])('%j', (all, captures, filter) => {
    expect(splitArguments(all, exists)).toEqual({ captures, filter })
  })
})

describe('what to type to see the same again', () => {
  it.each([
    [{ captures: ['a.pcap'], filter: '' }, 'a.pcap'],
    [
      { captures: ['a.pcap', 'b c.pcap'], filter: 'tcp and not port 22' },
      "a.pcap 'b c.pcap' tcp and not port 22",
    ],
    [{ captures: ['a.pcap'], filter: '(port 80 or 81)' }, "a.pcap '(port 80 or 81)'"],
    [{ captures: ["it's"], filter: '', where: 'state = LISTEN' }, "--where 'state = LISTEN' 'it'\\''s'"],
    [{ captures: ['a.pcap'], filter: '', loadState: 's' }, '--load-state s a.pcap'],
    [
      {
        captures: ['a.pcap'],
        filter: 'port 80',
        sysctl: ['client=c s', 'server=s'],
        stack: 'rfc9293',
        maxFlows: '9',
      },
      "--stack rfc9293 --sysctl 'client=c s' --sysctl server=s --max-flows 9 a.pcap port 80",
    ],
    [{ captures: ['抓包.pcap'], filter: '' }, '抓包.pcap'],
  ])('%j', (typed, expected) => {
    expect(typedAgain(typed)).toBe(expected)
  })
})

describe('a narrowed report', () => {
  it('keeps the numbers of its flows and finds again what is wrong in these', async () => {
    const whole = await report('scan', 'shows')
    const some = narrow(whole, { filter: 'port 80 or 81', where: '' }, en.problems)
    expect(some.flows.map(({ flow }) => flow)).toEqual([10, 11])
    expect(some.findings.map(({ id, flow }) => [id, flow])).toContainEqual(['connect-refused', 11])
    expect(whole.findings.map(({ id }) => id)).toContain('scan')
    const none = narrow(whole, { filter: 'port 9999', where: '' }, en.problems)
    expect([none.flows, none.findings]).toEqual([[], []])
  })

  it('takes both filters together, and findings of the whole', async () => {
    const whole = await report('scan', 'shows')
    const where = 'finding = scan and verdict = refused'
    expect(narrow(whole, { filter: 'port 80', where }, en.problems).flows).toEqual([])
    expect(narrow(whole, { filter: '', where }, en.problems).flows).toHaveLength(19)
  })

  it('points at what makes no sense', async () => {
    const whole = await report('scan', 'shows')
    const wrong = (filter: string, where: string) => () => narrow(whole, { filter, where }, en.problems)
    expect(wrong('port http', '')).toThrow(Problem)
    expect(wrong('port http', '')).toThrow('port http: character 6: "http" makes no sense here; try: 0-65535')
    expect(wrong('', 'state')).toThrow('state: character 6: something is missing; try: = !=')
    expect(wrong('', 'flow')).toThrow('flow: character 5: something is missing; try: = != < <= > >=')
    expect(wrong('', 'flow > 1 and verdict > open')).toThrow(
      'character 22: ">" makes no sense here; try: = !=',
    )
  })
})
