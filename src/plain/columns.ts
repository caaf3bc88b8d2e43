/**
 * The packets of one connection, a column for each thing that is asked of them.
 *
 * In: packets from the log. Out: columns, used again for the next connection. Sequence numbers are signed 32-bit words:
 * `(a - b) | 0` compares them (RFC 9293 section 3.4).
 */
export class Columns {
  count = 0
  /** Places in the log. */
  place = new Float64Array(64)
  /** Seconds as in `Segment.at`. */
  at = new Float64Array(64)
  /** 0: the client's, 1: the server's. */
  from = new Uint8Array(64)
  flags = new Uint8Array(64)
  seq = new Int32Array(64)
  ack = new Int32Array(64)
  len = new Int32Array(64)
  /** Behind the last number that it takes: payload, SYN and FIN counted. */
  end = new Int32Array(64)
  /** As in the header. */
  window = new Int32Array(64)
  ipId = new Int32Array(64)
  stamped = new Uint8Array(64)
  tsVal = new Int32Array(64)
  tsEcr = new Int32Array(64)

  /** Room for one more row: its number. */
  add(): number {
    if (this.count === this.place.length) this.#grow()
    return this.count++
  }

  carries(row: number): boolean {
    return this.end[row] !== this.seq[row]
  }

  /**
   * Where each end's numbers begin, client's first, when their connection began before the capture: of the one that is not
   * heard of yet the first packet tells.
   */
  firstNumbers(): [number, number] {
    const { from, seq, ack } = this
    const [own, peer] = [seq[0] as number, ack[0] as number]
    return from[0] === 0 ? [own, peer] : [peer, own]
  }

  #grow(): void {
    const size = 2 * this.place.length
    const doubles = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const larger = new Float64Array(size)
      larger.set(from)
      return larger
    }
    const words = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(size)
      larger.set(from)
      return larger
    }
    const octets = (from: Uint8Array): Uint8Array<ArrayBuffer> => {
      const larger = new Uint8Array(size)
      larger.set(from)
      return larger
    }
    this.place = doubles(this.place)
    this.at = doubles(this.at)
    this.seq = words(this.seq)
    this.ack = words(this.ack)
    this.len = words(this.len)
    this.end = words(this.end)
    this.window = words(this.window)
    this.ipId = words(this.ipId)
    this.tsVal = words(this.tsVal)
    this.tsEcr = words(this.tsEcr)
    this.from = octets(this.from)
    this.flags = octets(this.flags)
    this.stamped = octets(this.stamped)
  }
}
