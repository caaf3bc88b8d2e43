/** A smaller input that breaks the same promise. In: the input, a test. Out: the smallest found in a few hundred tries. */
const MOST = 400

export async function smaller(input, breaks) {
  let least = input
  let tries = 0
  for (let size = Math.ceil(input.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0)
    for (let at = 0; at < least.length && tries < MOST; tries++) {
      const less = Buffer.concat([least.subarray(0, at), least.subarray(at + size)])
      if (await breaks(less)) least = less
      else at += size
    }
  return least
}
