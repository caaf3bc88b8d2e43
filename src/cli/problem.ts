/** Why a run can't go on, to be told in one line on stderr with exit status 2. In: a line. Out: an error class. */
export class Problem extends Error {
  override readonly name = 'Problem'
}
