/**
 * Wireshark's own programs, asked about files. In: arguments. Out: what they print.
 *
 * Without them tests are skipped with a line that says so; where CI=true says that all must be there, they fail.
 */
import { execFileSync, spawnSync } from 'node:child_process'

const there = spawnSync('tshark', ['--version']).status === 0
if (!there) {
  const line = 'tshark is not installed: what Wireshark makes of written files is not checked'
  if (process.env.CI === 'true') throw new Error(line)
  console.warn(line)
}

/** Whether to run what needs it. */
export const TSHARK = there

export const tshark = (...args: readonly string[]): string =>
  execFileSync('tshark', ['-n', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** Rows of fields, each a list: a field may occur several times in a packet. */
export const fields = (file: string, ...names: readonly string[]): string[][] => {
  const wanted = names.flatMap((name) => ['-e', name])
  const text = tshark(
    '-r',
    file,
    ...['-o', 'frame.generate_md5_hash:TRUE'],
    ...['-T', 'fields', '-E', 'separator=/t', '-E', 'aggregator=|', ...wanted],
  )
  // A packet without any of the fields is an empty line.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'))
}

/** All that a packet is, whatever the file's format: number, time, lengths, interface, and a hash of its octets. */
export const packetsOf = (file: string): string[][] =>
  fields(file, 'frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.encap_type', 'frame.md5_hash')

/** Every octet of every packet. */
export const octetsOf = (file: string): string => tshark('-r', file, '-x')
