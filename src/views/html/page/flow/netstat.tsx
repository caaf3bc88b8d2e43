/** netstat on both hosts at the moment of the replay: this connection's sockets first, then the hosts' others. */
import { useMemo } from 'preact/hooks'
import { SIDES, type Side } from '../../../../report.js'
import { endpoint } from '../../../endpoint.js'
import { timerText } from '../../../netstat/columns.js'
import type { Moment } from '../../../netstat/moment.js'
import { sendQueue } from '../../../netstat/queue.js'
import { type Socket, socketsAt } from '../../../netstat/sockets.js'
import { timerAt } from '../../../netstat/timer.js'
import { stateClass } from '../states.js'
import { flowByNumber, gapsOf, report, spell, words } from '../store.js'
import { Breakable } from './breakable.js'
import { captureOf, endsAt, packetOf, type Story } from './story.js'

/** Sockets of other connections listed for a host. */
const OTHERS = 6

export const Netstat = ({ story, index }: { story: Story; index: number }) => {
  const text = words.value.netstat
  const hosts = useMemo(() => hostsAt(story, index), [story, index])
  return (
    <section class="card netstat" aria-labelledby="netstat">
      <h2 id="netstat">{text.heading}</h2>
      {hosts.map(({ host, side, own, others }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
        <div
          key={side}
          class="netstat-host"
          role="group"
          aria-label={text.of(host)}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls, and must be reached by the keyboard
          tabIndex={0}
        >
          <table>
            <caption>
              <span class="mono">{host}</span>
            </caption>
            <thead>
              <tr>
                <th scope="col" class="proto">
                  Proto
                </th>
                <th scope="col" class="wide">
                  Recv-Q
                </th>
                <th scope="col">Send-Q</th>
                <th scope="col">Local Address</th>
                <th scope="col">Foreign Address</th>
                <th scope="col">State</th>
                <th scope="col">Timer</th>
              </tr>
            </thead>
            <tbody>
              {own === null ? (
                <tr>
                  <td colSpan={7} class="faint">
                    {text.none}
                  </td>
                </tr>
              ) : (
                <Line socket={own} story={story} index={index} current={true} />
              )}
              {others.slice(0, OTHERS).map((socket) => (
                <Line
                  key={`${socket.flow} ${socket.local}`}
                  socket={socket}
                  story={story}
                  index={index}
                  current={false}
                />
              ))}
            </tbody>
          </table>
          {others.length > OTHERS && <p class="aside">{text.others(others.length - OTHERS)}</p>}
        </div>
      ))}
      <p class="aside">{text.unknownQueue}</p>
    </section>
  )
}

interface LineProps {
  readonly socket: Socket
  readonly story: Story
  readonly index: number
  readonly current: boolean
}

const Line = ({ socket, story, index, current }: LineProps) => {
  const flow = flowByNumber.get(socket.flow)
  const moment = momentOf(story, index)
  const side: Side =
    flow?.client.address === socket.host && endpoint(flow.client) === socket.local ? 'client' : 'server'
  const timer = flow === undefined ? null : timerAt(flow, side, socket.state, moment, report.timeouts[side])
  // Where packets were left out of the page, what is in flight can't be added up.
  const queue =
    flow === undefined || gapsOf.get(flow.flow)?.length !== 0
      ? '?'
      : sendQueue(flow, side, socket.state, moment)
  return (
    <tr class={current ? 'own' : ''}>
      <td class="proto">{socket.local.startsWith('[') ? 'tcp6' : 'tcp'}</td>
      <td class="num wide">?</td>
      <td class="num">{queue}</td>
      <td>
        <Breakable address={socket.local} />
      </td>
      <td>
        <Breakable address={socket.peer} />
      </td>
      <td class={`netstate ${stateClass(socket.state)}`}>
        <i aria-hidden="true" />
        {spell(socket.state)}
        {socket.certainty === 'assumed' ? '?' : ''}
      </td>
      <td class="timer">{timerText(timer, moment.at)}</td>
    </tr>
  )
}

const momentOf = (story: Story, index: number): Moment => ({
  asked: '',
  at: story.times[index] ?? story.flow.startAt - 1e-9,
  packet: packetOf(story.events[index]),
  capture: captureOf(story.events[index]),
})

interface HostSockets {
  readonly host: string
  readonly side: Side
  readonly own: Socket | null
  readonly others: readonly Socket[]
}

const hostsAt = (story: Story, index: number): HostSockets[] => {
  const { flow } = story
  const sockets = socketsAt(report, momentOf(story, index))
  const ends = endsAt(story, index)
  return SIDES.map((side) => {
    const { address } = flow[side]
    const { state, certainty } = ends[side]
    const local = endpoint(flow[side])
    const found = sockets.find((socket) => socket.flow === flow.flow && socket.local === local)
    const bare: Socket = {
      flow: flow.flow,
      host: address,
      local,
      peer: endpoint(flow[side === 'client' ? 'server' : 'client']),
      state,
      certainty,
      since: null,
    }
    // The ladder beside it is the truth of this moment, also where the end's own clock runs a little after it.
    const own = state === 'CLOSED' || state === 'LISTEN' ? null : { ...bare, ...found, state, certainty }
    const others = sockets.filter((socket) => socket.host === address && socket.flow !== flow.flow)
    return { host: address, side, own, others }
  })
}
