/** Rows while packets come, in pieces as a pipe brings them: the last of them are those of the whole capture. */

import { Following } from '../../dist/following.js'
import { analyze, CaptureError } from '../../dist/index.js'
import { loadRunning } from '../../dist/text/running.js'
import { liveLine } from '../../dist/views/json.js'
import { LiveLadder, reads } from '../../dist/views/terminal/live.js'
import { choicesFor } from '../numbers.mjs'
import { must, ndjson, terminal } from '../outputs.mjs'
import { pipeOf } from '../report.mjs'
import { askedFor } from '../views.mjs'

const WORDS = { en: await loadRunning('en'), zh: await loadRunning('zh') }

export const fuzz = async (data) => {
  const choose = choicesFor(data)
  const asked = askedFor(choose)
  const following = new Following({}, reads)
  const ladder = new LiveLadder(asked, WORDS[asked.code])
  const tell = (news) => {
    for (const each of news) {
      if ('ranOut' in each) {
        terminal(ladder.timer(each.flow, each.ranOut, following.reading.seen), 'a live timer')
        continue
      }
      const { flow, row, revised } = each
      terminal(ladder.lines(flow, row, revised), 'the live ladder')
      ndjson([liveLine(row, flow.flow, asked.language, revised)], '--follow --json')
    }
  }
  const stdin = (async function* () {
    for (let at = 0; at < data.length; ) {
      const end = at + 1 + choose.below(400)
      yield data.subarray(at, end)
      at = end
    }
  })()
  let whole
  try {
    await following.reading.capture('-', { stdin, waiting: async (idle) => tell(following.news(idle)) })
    whole = await analyze(['-'], { stdin: pipeOf([data]) })
  } catch (error) {
    if (error instanceof CaptureError) return
    throw error
  }
  const { news, report } = following.end()
  tell(news)
  terminal(ladder.legend(), 'the live legend')
  const states = ({ flows }) =>
    flows.map(({ client, server, packets, verdict }) =>
      [client, server, packets, verdict].map((x) => JSON.stringify(x)).join(),
    )
  const [live, all] = [states(report), states(whole)]
  must(live.length === all.length, 'follow: as many flows', [live.length, all.length])
  // Numbers are given as connections come, and one may be found to be two only later.
  must(live.sort().join('\n') === all.sort().join('\n'), 'follow: ends as the whole capture does', [
    live,
    all,
  ])
}
