/**
 * Reads a capture: opens it, finds out what it is, and lets the right reader hand its records on.
 *
 * In: a file name, or `-` for standard input. Out: calls of the sink in the order of the file, and a summary.
 */
import { decompress } from './decompress.js'
import { HEAD_LENGTH, isEnough, kindOf } from './magic.js'
import { type Opened, openCapture, unreadable } from './open.js'
import { PcapBlocks } from './pcap-blocks.js'
import { PCAP_HEADER_LENGTH, readPcapHeader } from './pcap-header.js'
import { checkFirstSection, Pcapng } from './pcapng.js'
import { type Attention, pump, type RecordReader, viewOf } from './pump.js'
import { CaptureError, type CaptureSummary, type RecordSink } from './record.js'
import { type ByteSource, chunkSource, counted, peek, untilAborted } from './source.js'
import { Tally } from './tally.js'

export interface ReadOptions extends Attention {
  /** Stop at the first damage; otherwise reading goes on behind it where the format allows. Default false. */
  readonly strict?: boolean
  /** What `-` reads instead of the process's standard input. */
  readonly stdin?: AsyncIterable<Uint8Array>
  /**
   * What reads classic pcap: the package pcap-parser (the default for pipes) or our own reader in blocks (the
   * default for files). Both find the same records.
   */
  readonly reader?: 'auto' | 'blocks' | 'pcap-parser'
  /** Is told of bytes that were read, compressed ones as they are in the file. */
  readonly progress?: (bytes: number) => void
  /** What `file` stands for, instead of the file or pipe of that name. */
  readonly open?: (file: string) => Opened
}

type Format = CaptureSummary['format']

/**
 * Reads `file` into `sink`, record by record; through a pipe each record is handed on when it arrives. Throws
 * {@link CaptureError} when there is nothing to read at all; damage further on is told in the summary instead.
 * What the sink throws passes through, and the file is closed.
 */
export async function readCapture(
  file: string,
  sink: RecordSink,
  options: ReadOptions = {},
): Promise<CaptureSummary> {
  const opened = options.open?.(file) ?? openCapture(file, options.stdin)
  const { pipe } = opened
  const source = attended(opened.source, options)
  const tally = new Tally(file, sink, options.strict ?? false)
  let whole = source
  try {
    const plain = await uncompressed(file, source)
    whole = plain.whole
    const parser = (options.reader ?? 'auto') === 'auto' ? pipe : options.reader === 'pcap-parser'
    const { reader, format } = await readerFor(plain.head, tally, parser)
    const length = await pump(
      whole,
      reader,
      (error, byte) => tally.broke(unreadable(file, error, byte)),
      options,
    )
    return {
      file,
      format,
      compression: plain.compression,
      records: tally.record.number,
      length,
      damage: tally.damage,
    }
  } finally {
    // A decompressor between the two frees its own.
    await whole.close()
    await source.close()
  }
}

function attended(source: ByteSource, { progress, signal }: ReadOptions): ByteSource {
  const told = progress === undefined ? source : counted(source, progress)
  return signal === undefined ? told : untilAborted(told, signal)
}

/** The capture's own first bytes and a source of it, whether it was compressed or not. */
async function uncompressed(file: string, source: ByteSource) {
  const outer = await look(file, source)
  const kind = kindOf(outer.head)
  if (kind.is !== 'compressed') return { ...outer, compression: 'none' as const }
  const inner = await look(file, chunkSource(decompress(outer.whole, kind.by)))
  return { ...inner, compression: kind.by }
}

async function look(file: string, source: ByteSource) {
  try {
    return await peek(source, isEnough, HEAD_LENGTH)
  } catch (error) {
    throw unreadable(file, error)
  }
}

async function readerFor(
  head: Uint8Array,
  tally: Tally,
  parser: boolean,
): Promise<{ reader: RecordReader; format: Format }> {
  const { file } = tally
  if (head.length === 0) throw new CaptureError(file, { what: 'empty' }, 0)
  const kind = kindOf(head)
  if (kind.is === 'other') throw new CaptureError(file, kind.fault, 0)
  if (kind.is === 'compressed')
    throw new CaptureError(file, { what: 'compressed-twice', inside: kind.by }, null)
  if (kind.is === 'pcapng') {
    checkFirstSection(file, head)
    return { reader: new Pcapng(tally), format: 'pcapng' }
  }
  if (head.length < PCAP_HEADER_LENGTH) {
    const missing = PCAP_HEADER_LENGTH - head.length
    throw new CaptureError(file, { what: 'header-cut', missing }, 0)
  }
  const header = readPcapHeader(viewOf(head))
  if ('what' in header) throw new CaptureError(file, header, 4)
  const format = header.nanoseconds ? 'pcap-ns' : 'pcap'
  if (!parser) return { reader: new PcapBlocks(header, tally), format }
  // Files never load the package.
  const { PcapParserReader } = await import('./pcap-parser.js')
  return { reader: new PcapParserReader(header, tally), format }
}
