/** The part of the package pcap-parser 0.2.1 that is used here; it brings no types. */
declare module 'pcap-parser' {
  import type { EventEmitter } from 'node:events'

  export interface GlobalHeader {
    magicNumber: number
    majorVersion: number
    minorVersion: number
    snapshotLength: number
    linkLayerType: number
  }
  export interface PacketHeader {
    timestampSeconds: number
    /** The fraction as it is in the file, whatever its unit. */
    timestampMicroseconds: number
    capturedLength: number
    originalLength: number
  }
  export interface Packet {
    header: PacketHeader
    data: Buffer
  }
  export interface Parser extends EventEmitter {
    on(event: 'globalHeader', listener: (header: GlobalHeader) => void): this
    on(event: 'packetHeader', listener: (header: PacketHeader) => void): this
    on(event: 'packet', listener: (packet: Packet) => void): this
    on(event: 'error', listener: (error: Error) => void): this
    on(event: 'end', listener: () => void): this
  }
  /** Anything with `data` events, `pause` and `resume`. */
  export interface ParserInput extends EventEmitter {
    pause(): void
    resume(): void
  }
  const pcapParser: { parse(input: ParserInput | string): Parser }
  export default pcapParser
}
