/**
 * Names of captures where there is little room, still told apart: what differs is what must stay.
 *
 * In: names, and whether one has room. Out: one for each, in their order: whole where all of them have room, else without
 * what all begin with (`…client.pcap`), else without what all end with too (`client`); what then is too long is cut in
 * its middle.
 */
type Characters = readonly string[]

export const briefNames = (
  names: readonly string[],
  hasRoom: (name: string) => boolean,
): readonly string[] => {
  if (names.length < 2 || names.every(hasRoom)) return names.map((name) => middleCut([...name], hasRoom))
  const all = names.map((name): Characters => [...name])
  const begin = sharedBeginning(all)
  const tails = all.map((name) => name.slice(begin))
  const named = begin < 2 ? names : tails.map((tail) => `…${tail.join('')}`)
  if (named.every(hasRoom)) return named
  const end = sharedEnd(tails)
  return tails.map((tail) => middleCut(tail.slice(0, tail.length - end), hasRoom))
}

/** Neither a letter nor a digit: names are taken apart there, not within a word. */
const SEPARATOR = /[^\p{L}\p{N}]/u

const sharedBeginning = (all: readonly Characters[]): number => {
  const shared = sharedLength(all)
  const word = all[0]?.slice(0, shared).findLastIndex((character) => SEPARATOR.test(character)) ?? -1
  return word < 0 ? shared : word + 1
}

/** 0 where one of them would have nothing left. */
const sharedEnd = (all: readonly Characters[]): number => {
  const backwards = all.map((name) => name.toReversed())
  const shared = backwards[0]?.slice(0, sharedLength(backwards)) ?? []
  const end = shared.findLastIndex((character) => SEPARATOR.test(character)) + 1
  return all.every((name) => name.length > end) ? end : 0
}

/** So many characters are the same at the beginning of all. */
const sharedLength = (all: readonly Characters[]): number => {
  const [first = [], ...others] = all
  const differs = first.findIndex((character, at) => others.some((other) => other[at] !== character))
  return differs < 0 ? first.length : differs
}

const middleCut = (name: Characters, hasRoom: (name: string) => boolean): string => {
  for (let kept = name.length; kept > 1; kept--) {
    const whole = kept === name.length
    const [head, tail] = [name.slice(0, Math.ceil(kept / 2)), name.slice(name.length - Math.floor(kept / 2))]
    const cut = `${head.join('')}${whole ? '' : '…'}${tail.join('')}`
    if (hasRoom(cut)) return cut
  }
  return name.length === 1 ? name.join('') : '…'
}
