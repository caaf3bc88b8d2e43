/** A double in two words. In: words, where. Out: the number. */
const double = new Float64Array(1)
const halves = new Int32Array(double.buffer)

export function setDouble(words: Int32Array, at: number, value: number): void {
  double[0] = value
  words[at] = halves[0] as number
  words[at + 1] = halves[1] as number
}

export function getDouble(words: Int32Array, at: number): number {
  halves[0] = words[at] as number
  halves[1] = words[at + 1] as number
  return double[0] as number
}
