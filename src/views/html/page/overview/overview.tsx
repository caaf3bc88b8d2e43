/** The page for a whole capture: findings first, then the sockets over time, then every connection. */
import { data, report, words } from '../store.js'
import { Findings } from './findings.js'
import { FlowTable } from './flow-table.js'
import { SocketsOverTime } from './sockets-over-time.js'

export const Overview = () => (
  <div class="overview">
    <h1>{words.value.title}</h1>
    <Findings findings={report.findings} leftOut={data.leftOut.findings} />
    <FlowTable />
    <SocketsOverTime />
  </div>
)
