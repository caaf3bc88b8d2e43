/**
 * A host's own kernel settings, as `sysctl -a` prints them, instead of the defaults.
 *
 * In: names and values as text. Out: a stack profile. Names of Linux; what is unknown or no number is passed over.
 */
import { LINUX, RFC9293, type StackProfile } from '../rfc9293/stack.js'

export type Settings = Readonly<Record<string, string>>

/** Which field of the profile a setting replaces, and how its value is read. */
const FIELDS: Readonly<Record<string, (value: number) => Partial<StackProfile>>> = {
  'net.ipv4.tcp_fin_timeout': (v) => ({ finTimeout: v }),
  'net.ipv4.tcp_syn_retries': (v) => ({ synRetries: v }),
  'net.ipv4.tcp_syn_linear_timeouts': (v) => ({ synLinearTimeouts: v }),
  'net.ipv4.tcp_synack_retries': (v) => ({ synAckRetries: v }),
  'net.ipv4.tcp_retries2': (v) => ({ retries2: v }),
  'net.ipv4.tcp_orphan_retries': (v) => ({ orphanRetries: v === 0 ? 8 : v }), // 0 stands for 8
  'net.ipv4.tcp_keepalive_time': (v) => ({ keepAliveTime: v }),
  'net.ipv4.tcp_keepalive_intvl': (v) => ({ keepAliveInterval: v }),
  'net.ipv4.tcp_keepalive_probes': (v) => ({ keepAliveProbes: v }),
  'net.ipv4.tcp_rfc1337': (v) => ({ resetEndsTimeWait: v === 0 }),
  'net.ipv4.tcp_abort_on_overflow': (v) => ({ abortOnOverflow: v !== 0 }),
  'net.ipv4.tcp_rto_max_ms': (v) => ({ maxRto: v / 1000 }),
  'net.ipv4.tcp_rto_min_us': (v) => ({ minRto: v / 1e6 }),
}

export function stackOf(name: 'linux' | 'rfc9293', settings: Settings = {}): StackProfile {
  let stack: StackProfile = name === 'linux' ? LINUX : RFC9293
  for (const [key, text] of Object.entries(settings)) {
    const field = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined
    const value = Number.parseFloat(text)
    if (field !== undefined && Number.isFinite(value)) stack = { ...stack, ...field(value) }
  }
  return stack
}

/** net.ipv4.tcp_syncookies, or null when it was not given. */
export function syncookiesOf(settings: Settings = {}): number | null {
  const value = Number.parseInt(settings['net.ipv4.tcp_syncookies'] ?? '', 10)
  return Number.isFinite(value) ? value : null
}
