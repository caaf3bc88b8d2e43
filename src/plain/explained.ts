/** Flows that need not be told again, by number. In: numbers. Out: which are among them; of a million, an octet each. */
export class Explained {
  readonly #marks: Uint8Array

  /** `most`: above all numbers. */
  constructor(most: number) {
    this.#marks = new Uint8Array(most)
  }

  add(flow: number): void {
    this.#marks[flow] = 1
  }

  has(flow: number): boolean {
    return this.#marks[flow] === 1
  }
}
