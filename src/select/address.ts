/**
 * Addresses and networks as people type them, compared as numbers so that every spelling of an address is the same.
 *
 * In: `192.0.2.10`, `2001:db8::1`, `198.51.100.0/24`, `10.1` (a network, pcap-filter(7)). Out: a test, or null.
 */
import { isIP } from 'node:net'

interface Bits {
  readonly value: bigint
  readonly width: 32 | 128
}

export function addressBits(text: string): Bits | null {
  const plain = text.replace(/^\[(.*)\]$/, '$1')
  if (isIP(plain) === 4) return { value: fromGroups(plain.split('.').map(Number), 8n), width: 32 }
  if (isIP(plain) !== 6 || plain.includes('%')) return null
  const last = plain.slice(plain.lastIndexOf(':') + 1)
  const v4 = isIP(last) === 4 ? addressBits(last) : null
  const hex =
    v4 === null
      ? plain
      : plain.slice(0, -last.length) +
        [v4.value >> 16n, v4.value & 0xffffn].map((n) => n.toString(16)).join(':')
  const [head = '', tail] = hex.split('::')
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((n) => Number.parseInt(n, 16))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const middle = new Array<number>(8 - left.length - right.length).fill(0)
  return { value: fromGroups([...left, ...middle, ...right], 16n), width: 128 }
}

const fromGroups = (groups: readonly number[], bits: bigint): bigint =>
  groups.reduce((value, group) => (value << bits) | BigInt(group), 0n)

export type AddressTest = (address: string) => boolean

export function addressTest(text: string): AddressTest | null {
  const wanted = addressBits(text)
  if (wanted === null) return null
  return (address) => {
    const bits = addressBits(address)
    return bits !== null && bits.width === wanted.width && bits.value === wanted.value
  }
}

/** `a.b.c.d/n`, `a::/n`, an address alone, or the first one to three numbers of an IPv4 network. */
export function networkTest(text: string): AddressTest | null {
  const [address = '', length] = text.split('/')
  const short = /^\d{1,3}(\.\d{1,3}){0,2}$/.test(address)
  const full = short ? [...address.split('.'), '0', '0', '0'].slice(0, 4).join('.') : address
  const wanted = addressBits(full)
  if (wanted === null) return null
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return null
  const prefix =
    length === undefined ? (short ? 8 * address.split('.').length : wanted.width) : Number(length)
  if (prefix > wanted.width) return null
  const shift = BigInt(wanted.width - prefix)
  return (other) => {
    const bits = addressBits(other)
    return bits !== null && bits.width === wanted.width && bits.value >> shift === wanted.value >> shift
  }
}
