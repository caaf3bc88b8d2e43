/**
 * Reads captures and decodes their packets, and counts what is no TCP.
 *
 * In: names of captures. Out: calls for every TCP segment and every ICMP error that quotes one; what the report says
 * of the captures themselves.
 */
import { isStill, type Mark, markOf } from './capture/mark.js'
import { type Place, readPicked } from './capture/picked.js'
import { type ReadOptions, readCapture } from './capture/read.js'
import { CaptureError, type CaptureRecord } from './capture/record.js'
import type { Carried } from './carry/carried.js'
import { laterBy } from './flow/clocks.js'
import { type Epoch, secondsBetween } from './flow/segment.js'
import { type Hosts, type Stretch, type Watch, watchOf } from './flow/watch.js'
import { isoTime } from './replay/iso-time.js'
import { type CaptureInfo, CUT_HEADER, type Report, UNKNOWN_LINK_TYPE } from './report.js'
import { Decoder } from './wire/decode.js'
import { ICMP_ERROR, PacketView, TCP } from './wire/packet.js'

/** Who takes the packets. The view and the record are valid only during the call. */
export interface Packets {
  segment(view: PacketView, record: CaptureRecord, capture: number, epoch: Epoch): void
  /** False when the segment that is quoted belongs to nothing that was seen. */
  error(view: PacketView, record: CaptureRecord, capture: number, epoch: Epoch): boolean
  /** False when this record need not even be decoded; then nobody asks for counts either. */
  wants?(record: CaptureRecord): boolean
}

/** What the report says of its captures. */
export type SeenOfCaptures = Pick<
  Report,
  'captures' | 'epoch' | 'epochSeconds' | 'epochNanoseconds' | 'endAt' | 'names'
>

export class Reading {
  readonly infos: CaptureInfo[]
  /** By the capture's place in `infos`: what its file was known by before it was read; null for what is no file. */
  readonly #marks: (Mark | null)[] = []
  /** The time of the first record of each capture that was read here, the latest, and that of the last one; by its place in `infos`. */
  readonly #times: ({ readonly first: Epoch; readonly latest: Epoch; readonly last: Epoch } | undefined)[] =
    []
  /** How its captures were opened, when not by their names: those from pipes are kept somewhere. */
  opened: ReadOptions['open']
  readonly names: Record<string, string>
  epoch: Epoch | null
  /** No packet is older than one before it, in its capture or another. */
  inTime = true
  /**
   * Latest time of an earlier run; of the captures before the one that is read, and of that one as it stands in the record, so
   * that no packet costs a division.
   */
  readonly #before: number
  #earlier: Epoch = NEVER
  #lastSeconds = Number.NEGATIVE_INFINITY
  #lastNanoseconds = 0
  readonly #view = new PacketView()
  readonly #decoder = new Decoder()

  /** `before`: what an earlier run has read. */
  constructor(
    private readonly packets: Packets,
    before?: Pick<Carried, 'captures' | 'names' | 'epoch' | 'lastAt'>,
  ) {
    this.infos = [...(before?.captures ?? [])]
    this.names = { ...before?.names }
    this.epoch = before?.epoch ?? null
    this.#before = before?.lastAt ?? 0
  }

  /** Seconds from the epoch to the latest packet. */
  get lastAt(): number {
    const { epoch } = this
    const last = laterOf(this.#earlier, this.#latest)
    return epoch === null || last === NEVER
      ? this.#before
      : Math.max(this.#before, secondsBetween(epoch, last))
  }

  /** Of the capture that is read. */
  get #latest(): Epoch {
    const seconds = this.#lastSeconds
    return seconds === Number.NEGATIVE_INFINITY ? NEVER : { seconds, nanoseconds: this.#lastNanoseconds }
  }

  get seen(): SeenOfCaptures {
    const { epoch } = this
    return {
      captures: this.infos,
      epoch: epoch === null ? null : isoTime(epoch.seconds, epoch.nanoseconds),
      epochSeconds: epoch?.seconds ?? 0,
      epochNanoseconds: epoch?.nanoseconds ?? 0,
      endAt: this.lastAt,
      names: this.names,
    }
  }

  /** The clocks of the captures were behind by so many seconds: from now on the epoch is that of the earliest record. */
  moveTimes(behind: readonly number[]): void {
    const firsts: Epoch[] = []
    const latest: Epoch[] = []
    for (const [n, info] of this.infos.entries()) {
      const by = behind[n] ?? 0
      const times = this.#times[n]
      if (times !== undefined) {
        firsts.push(laterBy(times.first, by))
        latest.push(laterBy(times.latest, by))
      }
      if (by > 0) this.infos[n] = { ...info, clockBehind: by }
    }
    this.epoch = firsts.toSorted(byTime)[0] ?? this.epoch
    this.#earlier = latest.reduce(laterOf, NEVER)
    this.#lastSeconds = Number.NEGATIVE_INFINITY
  }

  /**
   * Until when each capture's connections were watched, which the report then says. `hosts`: null where captures are known
   * to go on with each other, as those that are read run after run.
   */
  watch(hosts: (() => Hosts) | null): Watch {
    if (hosts === null) return { end: this.lastAt, ends: null, lasts: null }
    let known: Hosts | null = null
    const haveHost = (one: number, other: number): boolean => {
      known ??= hosts()
      return known.haveOne(one, other)
    }
    const watch = watchOf(this.stretches, this.lastAt, haveHost)
    for (const [n, info] of this.infos.entries()) {
      const until = watch.ends?.[n] ?? watch.end
      if (until < watch.end) this.infos[n] = { ...info, watchedUntil: until }
    }
    return watch
  }

  /** When each capture was taken; null: it holds no packets. */
  get stretches(): readonly (Stretch | null)[] {
    const { epoch } = this
    return this.infos.map(({ clockBehind = 0 }, n) => {
      const times = this.#times[n]
      if (epoch === null || times === undefined) return null
      const at = (time: Epoch): number => secondsBetween(epoch, laterBy(time, clockBehind))
      return { first: at(times.first), latest: at(times.latest), last: at(times.last) }
    })
  }

  /** The capture that is read next will be read again. */
  mark(file: string): void {
    this.#marks[this.infos.length] = markOf(file)
  }

  /** Reads one capture behind those before. Throws `CaptureError` when it can't be read at all, if nobody ended it. */
  async capture(file: string, options: ReadOptions): Promise<void> {
    const index = this.infos.length
    this.opened = options.open
    const other = new Map<string, number>()
    let linkTypeAt = 0
    const first = { seconds: 0, nanoseconds: 0 }
    const last = { seconds: 0, nanoseconds: 0 }
    this.#earlier = laterOf(this.#earlier, this.#latest)
    this.#lastSeconds = Number.NEGATIVE_INFINITY
    let tcp = 0
    let drops = 0
    const summary = await unlessEnded(
      options.signal,
      readCapture(
        file,
        {
          record: (record) => {
            const { number, seconds, nanoseconds } = record
            if (number === 1) {
              first.seconds = seconds
              first.nanoseconds = nanoseconds
              linkTypeAt = record.iface.linkTypeAt
              if (byTime(first, this.#earlier) < 0) this.inTime = false
            }
            last.seconds = seconds
            last.nanoseconds = nanoseconds
            drops += record.drops
            const reason = this.#packet(record, index)
            if (reason === '') tcp++
            else other.set(reason, (other.get(reason) ?? 0) + 1)
          },
          lost: (packets) => {
            drops += packets
          },
          name: (address, name) => {
            this.names[address] = name
          },
        },
        options,
      ),
    )
    if (summary === null) return
    const none = summary.records === 0
    if (!none) this.#times[index] = { first, latest: this.#latest, last }
    const [reason = ''] = other.keys()
    const unknown = tcp === 0 && other.size === 1 && reason.startsWith(UNKNOWN_LINK_TYPE)
    this.infos.push({
      file,
      format: summary.format,
      compression: summary.compression,
      packets: summary.records,
      tcpPackets: tcp + (other.get(CUT_HEADER) ?? 0),
      first: none ? null : isoTime(first.seconds, first.nanoseconds),
      last: none ? null : isoTime(last.seconds, last.nanoseconds),
      other: Object.fromEntries(other),
      drops,
      damage: summary.damage === null ? null : summary.damage.message,
      ...(summary.damage === null ? {} : { fault: summary.damage.fault }),
      ...(none || unknown ? { nothingAt: none ? summary.length : linkTypeAt } : {}),
    })
  }

  /**
   * Reads once more the files that `first` has read, as far as it did; nothing is counted. Throws `CaptureError` when one
   * was written anew since; not when `signal` ended it. A file that only grew is the same.
   */
  async again(first: Reading, options: ReadOptions): Promise<void> {
    for (const [capture, { file, packets }] of first.infos.entries()) {
      const check = (holds: boolean): void => first.#check(capture, holds)
      check(true)
      const enough = new AbortController()
      const signals = [enough.signal, ...(options.signal === undefined ? [] : [options.signal])]
      const record = (found: CaptureRecord): void => {
        // A first reading that was interrupted, or a file that grows, has seen no more than this.
        if (found.number > packets) enough.abort()
        else this.#packet(found, capture)
      }
      const signal = AbortSignal.any(signals)
      const opened = first.opened === undefined ? {} : { open: first.opened }
      const how = { ...options, ...opened, signal }
      const summary = await unlessEnded(signal, readCapture(file, { record }, how))
      if (options.signal?.aborted !== true) check(enough.signal.aborted || (summary?.records ?? 0) >= packets)
    }
  }

  /** Single records of its captures can be read again: they are pcap files, not compressed. */
  get canPick(): boolean {
    const canPick = ({ format, compression }: CaptureInfo): boolean =>
      compression === 'none' && (format === 'pcap' || format === 'pcap-ns')
    return this.opened === undefined && this.infos.every(canPick)
  }

  /** As `again`, but only these records of each capture. */
  some(first: Reading, places: readonly (readonly Place[])[]): void {
    this.epoch = first.epoch
    for (const [capture, { file }] of first.infos.entries()) {
      const own = places[capture] ?? []
      if (own.length === 0) continue
      first.#check(capture, true)
      readPicked(file, own, (record) => {
        this.#packet(record, capture)
      })
      first.#check(capture, true)
    }
  }

  /** Throws when the file of a capture was written anew since it was read, or holds no longer what it held. */
  #check(capture: number, holds: boolean): void {
    const { file } = this.infos[capture] as CaptureInfo
    const mark = this.#marks[capture] ?? null
    if (!holds || (mark !== null && !isStill(file, mark)))
      throw new CaptureError(file, { what: 'changed' }, null)
  }

  /** The reason why a record is no TCP segment, or ''. */
  #packet(record: CaptureRecord, capture: number): string {
    this.epoch ??= { seconds: record.seconds, nanoseconds: record.nanoseconds }
    const { epoch } = this
    const { seconds, nanoseconds } = record
    if (
      seconds > this.#lastSeconds ||
      (seconds === this.#lastSeconds && nanoseconds > this.#lastNanoseconds)
    ) {
      this.#lastSeconds = seconds
      this.#lastNanoseconds = nanoseconds
    } else if (seconds < this.#lastSeconds || nanoseconds < this.#lastNanoseconds) this.inTime = false
    if (this.packets.wants?.(record) === false) return ''
    const view = this.#view
    const { linkType, fcsLength } = record.iface
    const { bytes, start, end, wireLength } = record
    const kind = this.#decoder.decode(bytes, start, end, wireLength, linkType, fcsLength, view)
    if (kind === TCP) {
      this.packets.segment(view, record, capture, epoch)
      return ''
    }
    if (kind !== ICMP_ERROR) return view.reason
    return this.packets.error(view, record, capture, epoch) ? 'icmp-error' : 'icmp-error-unknown-flow'
  }
}

const NEVER: Epoch = { seconds: Number.NEGATIVE_INFINITY, nanoseconds: 0 }
const byTime = (a: Epoch, b: Epoch): number => a.seconds - b.seconds || a.nanoseconds - b.nanoseconds
const laterOf = (a: Epoch, b: Epoch): Epoch => (byTime(a, b) < 0 ? b : a)

/** A capture that was left before its first bytes came is no capture that can't be read. */
async function unlessEnded<T>(signal: AbortSignal | undefined, reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (signal?.aborted && error instanceof CaptureError) return null
    throw error
  }
}
