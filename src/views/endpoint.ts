/** An end as netstat and RFC 5952 section 6 write it. In: address and port. Out: `192.0.2.10:40001`, `[2001:db8::1]:80`. */
import type { FlowEnd } from '../report.js'

export const endpoint = ({ address, port }: Pick<FlowEnd, 'address' | 'port'>): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
