/** Flows that need not be told again, by number. In: numbers. Out: which are among them; of a million, an octet each. */
import type { Finding } from '../report.js'

export class Explained {
  private constructor(private readonly marks: readonly Uint8Array[]) {}

  /** The flows of these findings; `most`: above all numbers. */
  static by(findings: readonly Finding[], most: number): Explained {
    const marks = new Uint8Array(most)
    for (const { flows } of findings) for (const flow of flows) marks[flow] = 1
    return new Explained([marks])
  }

  /** These, and those. */
  and(those: Explained | undefined): Explained {
    return those === undefined ? this : new Explained([...this.marks, ...those.marks])
  }

  has(flow: number): boolean {
    for (const marks of this.marks) if (marks[flow] === 1) return true
    return false
  }
}
