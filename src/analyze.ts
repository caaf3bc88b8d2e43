/**
 * The whole pipeline on one screen: bytes -> records -> segments -> connections -> both ends' states -> report.
 *
 * In: names of captures (`-` is standard input) and options. Out: the report that all views read.
 */
import { type ReadOptions, readCapture } from './capture/read.js'
import type { CaptureRecord, RecordSink } from './capture/record.js'
import { diagnose } from './diagnose/index.js'
import { Conversations } from './flow/conversation.js'
import { type Connection, connections, takenOverAt } from './flow/incarnations.js'
import type { Epoch } from './flow/segment.js'
import { type Settings, stackOf, syncookiesOf } from './infer/settings.js'
import { annotate } from './replay/annotate.js'
import { isoTime } from './replay/iso-time.js'
import type { Inherited } from './replay/replay.js'
import type { CaptureInfo, Flow, Report } from './report.js'
import { VERSION } from './version.js'
import { tcpChecksum } from './wire/checksum.js'
import { Decoder } from './wire/decode.js'
import { ICMP_ERROR, PacketView, TCP } from './wire/packet.js'

export interface AnalyzeOptions extends Pick<ReadOptions, 'strict' | 'stdin'> {
  /** Whose timers and habits to reckon with. Default `linux`. */
  readonly stack?: 'linux' | 'rfc9293'
  /** What `sysctl -a` printed on each host, by name. */
  readonly sysctl?: { readonly client?: Settings; readonly server?: Settings }
}

/** Reads the captures as one, in the order given. Throws `CaptureError` when one can't be read at all. */
export async function analyze(captures: readonly string[], options: AnalyzeOptions = {}): Promise<Report> {
  const reading = new Reading()
  for (const file of captures) await reading.capture(file, options)
  const stacks = [
    stackOf(options.stack ?? 'linux', options.sysctl?.client),
    stackOf(options.stack ?? 'linux', options.sysctl?.server),
  ] as const
  const epoch = reading.epoch ?? { seconds: 0, nanoseconds: 0 }
  const all = reading.conversations.all.map((conversation) => connections(conversation))
  const flows = inOrder(all).map(({ connection, chain }, flow) => {
    const { flow: annotated, left } = annotate(connection, {
      flow,
      captureEnd: reading.lastAt,
      epoch,
      stacks,
      syncookies: syncookiesOf(options.sysctl?.server),
      inherited: chain.turned(connection),
      replacedAt: chain.replacedAt(connection),
    })
    chain.leave(connection, left)
    return annotated
  })
  const seen = {
    schema: 1 as const,
    version: VERSION,
    stack: options.stack ?? 'linux',
    captures: reading.infos,
    epoch: reading.epoch === null ? null : isoTime(epoch.seconds, epoch.nanoseconds),
    epochSeconds: epoch.seconds,
    epochNanoseconds: epoch.nanoseconds,
    endAt: reading.lastAt,
    names: reading.names,
    flows,
  }
  return { ...seen, findings: diagnose(seen) }
}

/** What one connection leaves to the next one on its 4-tuple. */
class Chain {
  #left: readonly [Inherited | null, Inherited | null] = [null, null]
  #sameEnds = true

  constructor(readonly connections: readonly Connection[]) {}

  /** When the next connection took this one's place, at its client and at its server. */
  replacedAt(connection: Connection): readonly [number, number] {
    const next = this.connections[connection.incarnation + 1]
    if (next === undefined) return [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    const [opened, answered] = takenOverAt(next)
    return next.sameEnds === connection.sameEnds ? [opened, answered] : [answered, opened]
  }

  turned(connection: Connection): readonly [Inherited | null, Inherited | null] {
    const [a, b] = this.#left
    return connection.sameEnds === this.#sameEnds ? [a, b] : [b, a]
  }

  leave(connection: Connection, left: readonly [Inherited, Inherited]): void {
    this.#left = left
    this.#sameEnds = connection.sameEnds
  }
}

/** All connections in order of their first packet, those of one 4-tuple tied together. */
function inOrder(all: readonly (readonly Connection[])[]): { connection: Connection; chain: Chain }[] {
  const tied = all.flatMap((of) => {
    const chain = new Chain(of)
    return of.map((connection) => ({ connection, chain }))
  })
  const first = (c: Connection) => c.segments[0]
  return tied.sort((x, y) => {
    const [a, b] = [first(x.connection), first(y.connection)]
    return (a?.capture ?? 0) - (b?.capture ?? 0) || (a?.packet ?? 0) - (b?.packet ?? 0)
  })
}

/** Takes records in and sorts them into conversations. */
class Reading {
  readonly conversations = new Conversations()
  readonly infos: CaptureInfo[] = []
  readonly names: Record<string, string> = {}
  epoch: Epoch | null = null
  lastAt = 0
  readonly #view = new PacketView()
  readonly #decoder = new Decoder()

  async capture(file: string, options: AnalyzeOptions): Promise<void> {
    const index = this.infos.length
    const count = { tcp: 0, drops: 0, other: new Map<string, number>(), first: '', last: '' }
    const sink: RecordSink = {
      record: (record) => {
        const time = isoTime(record.seconds, record.nanoseconds)
        if (count.first === '') count.first = time
        count.last = time
        count.drops += record.drops
        const reason = this.#packet(record, index)
        if (reason === '') count.tcp++
        else count.other.set(reason, (count.other.get(reason) ?? 0) + 1)
      },
      lost: (packets) => {
        count.drops += packets
      },
      name: (address, name) => {
        this.names[address] = name
      },
    }
    const summary = await readCapture(file, sink, options)
    this.infos.push({
      file,
      format: summary.format,
      compression: summary.compression,
      packets: summary.records,
      tcpPackets: count.tcp,
      first: count.first || null,
      last: count.last || null,
      other: Object.fromEntries(count.other),
      drops: count.drops,
      damage: summary.damage === null ? null : summary.damage.message,
    })
  }

  /** The reason why a record is no TCP segment, or ''. */
  #packet(record: CaptureRecord, capture: number): string {
    this.epoch ??= { seconds: record.seconds, nanoseconds: record.nanoseconds }
    const at = record.seconds - this.epoch.seconds + (record.nanoseconds - this.epoch.nanoseconds) / 1e9
    if (at > this.lastAt) this.lastAt = at
    const view = this.#view
    const { linkType, fcsLength } = record.iface
    const kind = this.#decoder.decode(
      record.bytes,
      record.start,
      record.end,
      record.wireLength,
      linkType,
      fcsLength,
      view,
    )
    if (kind === TCP) {
      this.conversations.add(view, record, capture, this.epoch, tcpChecksum(view))
      return ''
    }
    if (kind === ICMP_ERROR) {
      return this.conversations.addError(view, record, capture, this.epoch)
        ? 'icmp-error'
        : 'icmp-error-unknown-flow'
    }
    return view.reason
  }
}
