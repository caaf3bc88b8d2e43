/**
 * Lines as octets, handed on in large pieces.
 *
 * In: lines without their line end. Out: pieces, valid until the next.
 */
import { JsonBytes } from './json-bytes.js'

/** Octets, about. */
const PIECE = 1 << 16

export class Lines {
  protected readonly json = new JsonBytes()

  constructor(private readonly write: (bytes: Uint8Array) => void) {}

  line(text: string): void {
    this.json.raw(text)
    this.json.raw('\n')
    this.handOn()
  }

  flush(): void {
    const { bytes, length } = this.json
    if (length > 0) this.write(bytes.subarray(0, length))
    this.json.clear()
  }

  protected handOn(): void {
    if (this.json.length >= PIECE) this.flush()
  }
}
