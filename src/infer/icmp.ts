/**
 * What an ICMP error about a segment means to the socket that sent the segment.
 *
 * In: version, type and code. Out: its name, the errno that Linux makes of it, and whether it is soft or hard.
 * RFC 792, RFC 1812, RFC 4443; errno: Linux icmp_err_convert[] and tab_unreach[]; RFC 9293 section 3.9.2.2.
 */
import type { IcmpError } from '../flow/segment.js'
import type { Errno } from '../report.js'

export interface IcmpMeaning {
  readonly name: string
  /** Null: the socket is told nothing (fragmentation needed, source quench). */
  readonly errno: Errno | null
  readonly hardness: 'hard' | 'soft' | 'none'
}

const soft = (name: string, errno: Errno | null): IcmpMeaning => ({ name, errno, hardness: 'soft' })
const hard = (name: string, errno: Errno | null): IcmpMeaning => ({ name, errno, hardness: 'hard' })
const none = (name: string): IcmpMeaning => ({ name, errno: null, hardness: 'none' })

const UNREACHABLE_V4: Readonly<Record<number, IcmpMeaning>> = {
  0: soft('net-unreachable', 'ENETUNREACH'),
  1: soft('host-unreachable', 'EHOSTUNREACH'),
  2: hard('protocol-unreachable', 'ENOPROTOOPT'),
  3: hard('port-unreachable', 'ECONNREFUSED'),
  4: none('fragmentation-needed'),
  5: soft('source-route-failed', null),
  6: soft('net-unknown', 'ENETUNREACH'),
  7: soft('host-unknown', 'EHOSTUNREACH'),
  9: soft('net-prohibited', 'ENETUNREACH'),
  10: soft('host-prohibited', 'EHOSTUNREACH'),
  11: soft('net-unreachable-for-tos', 'ENETUNREACH'),
  12: soft('host-unreachable-for-tos', 'EHOSTUNREACH'),
  13: soft('admin-prohibited', 'EHOSTUNREACH'),
}

const UNREACHABLE_V6: Readonly<Record<number, IcmpMeaning>> = {
  0: soft('no-route', 'ENETUNREACH'),
  1: soft('admin-prohibited', 'EACCES'),
  2: soft('beyond-scope', 'EHOSTUNREACH'),
  3: soft('address-unreachable', 'EHOSTUNREACH'),
  4: hard('port-unreachable', 'ECONNREFUSED'),
  5: soft('policy-failed', 'EACCES'),
  6: soft('route-rejected', 'EACCES'),
}

export function meaningOf(error: Pick<IcmpError, 'ipVersion' | 'type' | 'code'>): IcmpMeaning {
  if (error.ipVersion === 4) {
    if (error.type === 3) return UNREACHABLE_V4[error.code] ?? soft('unreachable', 'EHOSTUNREACH')
    if (error.type === 11) return soft('time-exceeded', 'EHOSTUNREACH')
    if (error.type === 12) return soft('parameter-problem', 'EPROTO')
    return none(error.type === 4 ? 'source-quench' : `type-${error.type}`)
  }
  if (error.type === 1) return UNREACHABLE_V6[error.code] ?? soft('unreachable', 'EHOSTUNREACH')
  if (error.type === 2) return none('packet-too-big')
  if (error.type === 3) return soft('time-exceeded', 'EHOSTUNREACH')
  if (error.type === 4) return soft('parameter-problem', 'EPROTO')
  return none(`type-${error.type}`)
}
