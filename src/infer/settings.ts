/**
 * A host's own kernel settings, as `sysctl -a` prints them, instead of the defaults.
 *
 * In: names and values as text. Out: a stack profile. Names of Linux; what is unknown or no number is passed over.
 */
import type { Timeouts } from '../report.js'
import { LINUX, RFC9293, type StackProfile } from '../rfc9293/stack.js'

/** By name, such as `net.ipv4.tcp_fin_timeout`, in the kernel's units. */
export type Settings = Readonly<Record<string, string>>

interface Field {
  /** What the kernel lets nobody write beyond: net/ipv4/sysctl_net_ipv4.c. */
  readonly least: number
  readonly most: number
  /** The fields of the profile that it replaces. */
  readonly read: (value: number) => Partial<StackProfile>
}

/** proc_dou8vec_minmax() */
const BYTE = { least: 0, most: 255 }
/** MAX_TCP_SYNCNT */
const SYNS = 127
const INT_MAX = 2 ** 31 - 1
/** proc_dointvec_jiffies(): INT_MAX jiffies, of which the slowest clock makes 100 a second. */
const SECONDS = { least: 0, most: Math.floor(INT_MAX / 100) }

const SYNCOOKIES = 'net.ipv4.tcp_syncookies'

const FIELDS: Readonly<Record<string, Field>> = {
  'net.ipv4.tcp_fin_timeout': { ...SECONDS, read: (v) => ({ finTimeout: v }) },
  'net.ipv4.tcp_syn_retries': { least: 1, most: SYNS, read: (v) => ({ synRetries: v }) },
  'net.ipv4.tcp_syn_linear_timeouts': { least: 0, most: SYNS, read: (v) => ({ synLinearTimeouts: v }) },
  'net.ipv4.tcp_synack_retries': { ...BYTE, read: (v) => ({ synAckRetries: v }) },
  'net.ipv4.tcp_retries2': { ...BYTE, read: (v) => ({ retries2: v }) },
  'net.ipv4.tcp_orphan_retries': { ...BYTE, read: (v) => ({ orphanRetries: v === 0 ? 8 : v }) }, // 0 stands for 8
  'net.ipv4.tcp_rfc1337': { ...BYTE, read: (v) => ({ resetEndsTimeWait: v === 0 }) },
  'net.ipv4.tcp_rto_max_ms': { least: 1000, most: 120_000, read: (v) => ({ maxRto: v / 1000 }) },
  'net.ipv4.tcp_rto_min_us': { least: 1, most: INT_MAX, read: (v) => ({ minRto: v / 1e6 }) },
  // tcp_schedule_loss_probe(): 3 and 4 alone send one.
  'net.ipv4.tcp_early_retrans': { least: 0, most: 4, read: (v) => ({ lossProbe: v >= 3 }) },
  [SYNCOOKIES]: { ...BYTE, read: () => ({}) },
}

/** A setting that no kernel can have. */
export interface Excess {
  readonly name: string
  readonly value: string
  readonly least: number
  readonly most: number
}

const fieldOf = (name: string): Field | undefined => (Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined)

/** NaN when it is no number. */
const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Math.trunc(Number(text)))

const within = ({ least, most }: Field, value: number): number => Math.min(most, Math.max(least, value))

/** The settings that lie outside of what a kernel accepts: the nearest it would accept is reckoned with. */
export const beyondKernel = (settings: Settings): Excess[] =>
  Object.entries(settings).flatMap(([name, value]) => {
    const field = fieldOf(name)
    const number = numberIn(value)
    if (field === undefined || Number.isNaN(number) || within(field, number) === number) return []
    return [{ name, value, least: field.least, most: field.most }]
  })

/** The profile of a stack with a host's settings in it, each bounded by what the kernel accepts. */
export function stackOf(name: 'linux' | 'rfc9293', settings: Settings = {}): StackProfile {
  let stack: StackProfile = name === 'linux' ? LINUX : RFC9293
  for (const [key, text] of Object.entries(settings)) {
    const field = fieldOf(key)
    const value = numberIn(text)
    if (field !== undefined && !Number.isNaN(value)) stack = { ...stack, ...field.read(within(field, value)) }
  }
  return stack
}

/** net.ipv4.tcp_syncookies, or null when it was not given. */
export function syncookiesOf(settings: Settings = {}): number | null {
  const value = numberIn(settings[SYNCOOKIES] ?? '')
  return Number.isNaN(value) ? null : value
}

/** What of a profile decides when a segment is sent again. */
export const timeoutsOf = (stack: StackProfile): Timeouts => ({
  initial: stack.initialRto,
  least: stack.minRto,
  most: stack.maxRto,
  linearSyns: stack.synLinearTimeouts,
  leastIsVariance: stack.name === 'linux', // tcp_rtt_estimator(): mdev_max is at least tcp_rto_min
  lossProbe: stack.lossProbe,
})
