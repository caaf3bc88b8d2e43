/** One classic pcap as two files, as rotation leaves it. In: a sample, a folder, records for the first. Out: both paths. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const HEADER = 24

export function split(sample: string, folder: string, records: number): readonly [string, string] {
  const whole = readFileSync(sample)
  let at = HEADER
  for (let k = 0; k < records; k++) at += 16 + whole.readUInt32LE(at + 8)
  const files = [join(folder, 'a.pcap'), join(folder, 'b.pcap')] as const
  writeFileSync(files[0], whole.subarray(0, at))
  writeFileSync(files[1], Buffer.concat([whole.subarray(0, HEADER), whole.subarray(at)]))
  return files
}
