/**
 * Sequence number arithmetic modulo 2^32 (RFC 9293 section 3.4).
 * Numbers are unsigned, 0 to 2^32 - 1; differences are signed, -2^31 to 2^31 - 1.
 */

/** SEG.SEQ + n, modulo 2^32. */
export const add = (a: number, n: number): number => (a + n) >>> 0

/** How far `a` lies ahead of `b`; negative when it lies behind. */
export const diff = (a: number, b: number): number => (a - b) | 0

/** a < b, in the RFC's circular sense. */
export const lt = (a: number, b: number): boolean => ((a - b) | 0) < 0

/** a =< b. */
export const leq = (a: number, b: number): boolean => ((a - b) | 0) <= 0

/** a > b. */
export const gt = (a: number, b: number): boolean => ((a - b) | 0) > 0

/** a >= b. */
export const geq = (a: number, b: number): boolean => ((a - b) | 0) >= 0

/** The later of two numbers. */
export const max = (a: number, b: number): number => (gt(a, b) ? a : b)
