/** The other direction of `../pack.ts`. In: the page's data. Out: a report as every view reads it, and the gaps of its flows. */
import type { EndState, Flow, PacketRow, Report, StateSpan } from '../../../report.js'
import { isoAt } from '../../terminal/clock.js'
import type { Gap, PackedFlow, PackedRow, PackedSpan, PageData } from '../data.js'

export interface Unpacked {
  readonly report: Report
  /** By flow number. */
  readonly gaps: ReadonlyMap<number, readonly Gap[]>
}

export const unpack = (data: PageData): Unpacked => {
  const { flows, ends, spanKinds, hosts: _hosts, leftOut: _leftOut, startAt: _startAt, ...rest } = data
  const end = (index: number): EndState => {
    const found = ends[index]
    if (found === undefined) throw new Error(`no end ${index}`)
    return found
  }
  const row = (packed: PackedRow): PacketRow => {
    const [packet, capture, at, from, flags, seq, ack, relativeSeq, relativeAck, len, window, ...tail] =
      packed
    const [client, server, received, receivedBy, crossing, notes, receivedByCapture] = tail
    return {
      packet,
      capture,
      time: isoAt(data.epochSeconds, data.epochNanoseconds, at),
      at,
      from: from === 0 ? 'client' : 'server',
      flags,
      seq,
      ack,
      relativeSeq,
      relativeAck,
      len,
      window,
      client: end(client),
      server: end(server),
      received,
      receivedBy,
      crossing: crossing === 1,
      notes,
      ...(receivedByCapture === undefined ? {} : { receivedByCapture }),
    }
  }
  const span = ([kind, from, to, packet]: PackedSpan): StateSpan => {
    const found = spanKinds[kind]
    if (found === undefined) throw new Error(`no span ${kind}`)
    return { ...found, from, to, packet }
  }
  const flow = ({ gaps: _gaps, rows, spans, ...packed }: PackedFlow): Flow => ({
    ...packed,
    rows: rows.map(row),
    spans: { client: spans.client.map(span), server: spans.server.map(span) },
  })
  return {
    report: { ...rest, flows: flows.map(flow) },
    gaps: new Map(flows.map((packed) => [packed.flow, packed.gaps])),
  }
}
