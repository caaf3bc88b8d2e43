/**
 * What became of each segment after it was captured.
 *
 * In: nothing. Out: the type that the arrival rules fill and the replay reads.
 */

export type Thrown = 'accept-queue-full' | 'deferred-accept' | 'no-socket'

export interface Fate {
  /** What the report says: the receiver's TCP took it, evidently did not, or nothing tells. */
  received: boolean | null
  /** What the replay goes by: the likeliest, when nothing tells. */
  arrives: boolean
  /** Row of the segment that proves it, or -1. */
  by: number
  /** Last row of its receiver that left before this segment arrived (they crossed), or -1. */
  after: number
  /** It reached the host, whose TCP or firewall threw it away. */
  thrown: Thrown | null
  /** Its receiver had no socket any more when it came: row of the RST that says so, or -1. */
  gone: number
}

export const newFate = (): Fate => ({
  received: null,
  arrives: true,
  by: -1,
  after: -1,
  thrown: null,
  gone: -1,
})
