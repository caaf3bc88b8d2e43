/**
 * How much V8 compiles of a replay. It makes fast code of what runs often, which takes it as long as some ten thousand packets
 * take: where there are fewer, that is time spent for nothing.
 *
 * In: how many packets are about to be replayed. Out: V8 compiles later than by itself.
 */

/** Measured with captures of 1,500 to 160,000 such packets: a tenth to a fifth of all CPU time below, a loss from 40,000 on. */
const FEW = 25_000
/** Of so few nothing runs often. */
const HARDLY_ANY = 200
/** Versions of V8 that are known to have the flag, those of Node.js 20 to 24: others would complain on stderr. */
const KNOWN = { from: 11, to: 13 }

/** What a function may have run, in bytes of its bytecode, before it is compiled: by itself a seventh of it, or less. */
const BUDGET = '--interrupt-budget=1000000'

export const prepareReplays = (packets: number): void => {
  if (packets <= HARDLY_ANY || packets >= FEW || !isKnown(process.versions.v8)) return
  // Not imported: most runs need it never.
  process.getBuiltinModule('node:v8').setFlagsFromString(BUDGET)
}

const isKnown = (version: string): boolean => {
  const major = Number.parseInt(version, 10)
  return major >= KNOWN.from && major <= KNOWN.to
}
