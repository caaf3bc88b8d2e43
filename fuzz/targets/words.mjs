/**
 * Any text as what a user types or keeps in a file: a packet filter, `--where`, a moment, an interval, kernel settings.
 * The languages refuse in their own words, or take it and then answer for every flow.
 */
import { readFileSync } from 'node:fs'
import { parseSysctl } from '../../dist/cli/sysctl.js'
import { packetFilter } from '../../dist/select/packets.js'
import { FilterError } from '../../dist/select/tokens.js'
import { whereFilter } from '../../dist/select/where.js'
import { netstatPage, readInterval, readMoment } from '../../dist/views/netstat/index.js'
import { choicesFor } from '../numbers.mjs'
import { must, terminal } from '../outputs.mjs'
import { holds, reportOf } from '../report.mjs'
import { askedFor } from '../views.mjs'

const capture = readFileSync(new URL('../corpus/capture/close-wait-leak.pcap', import.meta.url))
const report = await reportOf(capture)

export const fuzz = async (data) => {
  const text = data.toString('utf8')
  for (const parse of [packetFilter, (each) => whereFilter(each, report.findings)]) {
    try {
      const test = parse(text)
      for (const flow of report.flows) must(typeof test(flow) === 'boolean', 'a filter says yes or no', text)
    } catch (error) {
      if (!(error instanceof FilterError)) throw error
      must(error.at >= 1 && error.at <= text.length + 1, 'a filter error points into the text', error.at)
    }
  }
  const choose = choicesFor(data)
  const { spell, look, language } = askedFor(choose)
  const moment = readMoment(text.trim(), report)
  const every = readInterval(text.trim())
  if (!('wrong' in moment) || every !== null) {
    const moments = 'wrong' in moment ? [] : [moment]
    const shape = { moments, host: null, every, timers: true, spell, strong: look.strong, faint: look.faint }
    terminal(netstatPage(report, shape, language), 'netstat')
  }
  const settings = parseSysctl(text)
  if (Object.keys(settings).length === 0) return
  const stack = choose.pick(['linux', 'rfc9293'])
  const sysctl = { client: settings, ...(choose.once(2) ? { server: settings } : {}) }
  await holds(await reportOf(capture, 0, { stack, sysctl }), data)
}
