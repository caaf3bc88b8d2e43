/** What the kernels recorded for each sample: samples/truth/NAME.json. Made by samples/record, cut down to what is compared. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Side, State } from '../../src/index.js'

export interface TruthRow {
  readonly packet: number
  readonly from: Side
  readonly flags: string
  readonly client: State
  readonly server: State
  /** It came to its receiver's TCP. */
  readonly delivered: boolean
  /** Why the receiver's kernel threw it away all the same. */
  readonly kernelDrop?: string
  /** A side changed its state unseen by this capture, up to here at least. */
  readonly hidden?: string
  /** Not safe to compare: see samples/record/README.md. */
  readonly ambiguous?: true
  readonly forged?: true
  readonly copy?: true
  readonly icmp?: { readonly type: number; readonly code: number }
}

export interface Truth {
  readonly title: string
  readonly description: string
  readonly capture: string
  readonly capturedAt: 'client' | 'middle' | 'server'
  readonly sysctl: { readonly [side in Side]?: Readonly<Record<string, string | number>> }
  /** Every call that returned an error; calls that would only have blocked are left out. */
  readonly calls: readonly { readonly side: Side; readonly call: string; readonly errno: string }[]
  readonly packets: readonly TruthRow[]
}

const folder = new URL('../../samples/', import.meta.url)

export const sampleFile = (capture: string): string => new URL(capture, folder).pathname

export const SAMPLES: readonly string[] = readdirSync(folder).filter((name) => /\.pcap(ng)?$/.test(name))

const nameOf = (capture: string): string => capture.replace(/\.pcap(ng)?$/, '')

export const truthOf = (capture: string): Truth =>
  JSON.parse(readFileSync(new URL(`truth/${nameOf(capture)}.json`, folder), 'utf8')) as Truth

export const readme = (): string => readFileSync(new URL('README.md', folder), 'utf8')
