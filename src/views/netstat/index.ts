/**
 * `bothends netstat`: the sockets of both machines at a moment.
 *
 * In: a report, what was asked for. Out: lines: tables in netstat's columns, or NDJSON as docs/json.md has it.
 */
import type { Report } from '../../report.js'
import { numbered } from '../../text/capture-names.js'
import type { Language } from '../../text/table.js'
import { endpoint } from '../endpoint.js'
import { headerLine } from '../json.js'
import { isoAt } from '../terminal/clock.js'
import { type Shape, socketTable } from './columns.js'
import { countLines, countsEvery } from './counts.js'
import type { Moment } from './moment.js'
import { onTheirWay, outside } from './outside.js'
import { type DetailedSocket, detailedSocketsAt, type Socket } from './sockets.js'

export { readInterval } from './counts.js'
export { atTheEnd, type Misread, readMoment } from './moment.js'

export interface SocketsAsked extends Shape {
  readonly moments: readonly Moment[]
  /** Only this host's; null: all. */
  readonly host: string | null
  /** Seconds; null: no counts over time. */
  readonly every: number | null
}

export const netstatPage = (report: Report, asked: SocketsAsked, language: Language): string[] => {
  const wanted = wantedBy(asked)
  if (asked.every !== null) return countLines(report, asked.every, wanted, language, asked)
  const lines: string[] = []
  let assumed = false
  for (const moment of asked.moments) {
    const then = detailedSocketsAt(report, moment)
    const sockets = then.sockets.filter(wanted)
    const iso = isoAt(report.epochSeconds, report.epochNanoseconds, moment.at)
    if (lines.length > 0) lines.push('')
    const warned = outsideLines(report, moment, language)
    lines.push(...warned)
    if (warned.length > 0 && sockets.length > 0) lines.push('')
    if (sockets.length === 0) lines.push(asked.faint(language.sockets.none(named(moment, iso, language))))
    ;[...byHost(sockets)].forEach(([host, own], index) => {
      if (index > 0) lines.push('')
      lines.push(asked.faint(language.sockets.title(host, moment.asked, isoBeside(moment, iso))))
      // Not spread: a busy server has more sockets than a call may have arguments.
      for (const line of socketTable(own, moment.at, asked)) lines.push(line)
      assumed ||= own.some(
        ({ certainty, timer }) => certainty === 'assumed' || (asked.timers && timer?.certainty === 'assumed'),
      )
    })
    const closed = then.takenForClosed.filter((host) => wanted({ host })).length
    const remarks = [
      ...onTheirWayLines(report, moment, wanted, asked, language),
      ...(closed > 0 ? [language.sockets.takenForClosed(closed)] : []),
    ]
    if (remarks.length > 0) lines.push('', ...remarks)
  }
  return assumed ? [...lines, '', asked.faint(language.sockets.legend)] : lines
}

/** The moment lies before or behind all that was captured: one line, else none. */
export const outsideLines = (report: Report, moment: Moment, { sockets }: Language): string[] => {
  const found = outside(report, moment)
  if (found === null) return []
  const iso = isoAt(report.epochSeconds, report.epochNanoseconds, found.from)
  return [sockets.outside[found.where](moment.asked, found.seconds, iso)]
}

/** So many packets that are on their way are told one by one. */
const TOLD = 5

const onTheirWayLines = (
  report: Report,
  moment: Moment,
  wanted: (socket: Pick<Socket, 'host'>) => boolean,
  { spell }: Shape,
  language: Language,
): string[] => {
  const all = onTheirWay(report, moment).filter(({ flow, to }) => wanted({ host: flow[to].address }))
  const lines = all.slice(0, TOLD).map(({ flow, to, row, span }) => {
    const state = spell(span.state) + (row[to].certainty === 'assumed' ? '?' : '')
    return language.sockets.onItsWay(numbered(language, row.packet, row.capture), endpoint(flow[to]), state)
  })
  const more = all.length - lines.length
  return more > 0 ? [...lines, language.sockets.moreOnTheirWay(more)] : lines
}

/** A time that was asked for as ISO 8601 need not be told again. */
const isoBeside = ({ asked }: Moment, iso: string): string => (/^\d{4}-/.test(asked) ? '' : iso)

const named = (moment: Moment, iso: string, { aside }: Language): string => {
  const beside = isoBeside(moment, iso)
  return beside === '' ? moment.asked : moment.asked + aside(beside)
}

/** `leaveOut`: see `countsEvery`. */
export function* netstatJson(
  report: Report,
  asked: SocketsAsked,
  leaveOut: (at: number) => void = () => {},
): Generator<string> {
  const wanted = wantedBy(asked)
  const iso = (at: number): string => isoAt(report.epochSeconds, report.epochNanoseconds, at)
  yield headerLine(report)
  if (asked.every !== null) {
    for (const { at, host, counts } of countsEvery(report, asked.every, wanted, leaveOut))
      yield JSON.stringify({ type: 'socket-count', at: iso(at), host, states: Object.fromEntries(counts) })
    return
  }
  for (const moment of asked.moments)
    for (const socket of detailedSocketsAt(report, moment).sockets.filter(wanted))
      yield JSON.stringify({
        type: 'socket',
        at: moment.asked,
        time: iso(moment.at),
        host: socket.host,
        local: socket.local,
        peer: socket.peer,
        state: socket.state,
        since: socket.since === null ? null : iso(socket.since),
        certainty: socket.certainty,
        flow: socket.flow,
        sendQueue: socket.sendQueue,
        timer: socket.timer === null ? null : { ...socket.timer, expires: iso(socket.timer.expires) },
      })
}

const wantedBy =
  ({ host }: SocketsAsked) =>
  (socket: Pick<Socket, 'host'>): boolean =>
    host === null || socket.host === host

const byHost = (sockets: readonly DetailedSocket[]): Map<string, DetailedSocket[]> => {
  const hosts = new Map<string, DetailedSocket[]>()
  for (const socket of sockets) {
    const own = hosts.get(socket.host)
    if (own === undefined) hosts.set(socket.host, [socket])
    else own.push(socket)
  }
  return hosts
}
