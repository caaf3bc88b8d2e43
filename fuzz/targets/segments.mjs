/**
 * Any sequence of segments between two ends, six bytes each: who, flags, where in the numbers, how long, when.
 * Checks the flow split, inference, replay and notes with numbers that fit often enough to go deep.
 */
import { holds, reportOf } from '../report.mjs'

const SIZE = 6
const MOST = 200
const isn = [1000, 0xffffff00]

export const fuzz = async (data) => {
  const report = await reportOf(pcapOf(data))
  if (report !== null) await holds(report, data)
}

/** The client's port is one of so many, by the three high bits of the first byte. */
export function pcapOf(data, ports = 1) {
  const count = Math.min(MOST, Math.floor(data.length / SIZE))
  const file = Buffer.alloc(24 + count * 56)
  file.writeUInt32LE(0xa1b2c3d4, 0)
  file.writeUInt16LE(2, 4)
  file.writeUInt16LE(4, 6)
  file.writeUInt32LE(65_535, 16)
  file.writeUInt32LE(101, 20)
  const flows = Array.from({ length: ports }, () => [...isn])
  let micros = 0
  for (let k = 0; k < count; k++) {
    const [who, flags, seq, ack, len, wait] = data.subarray(k * SIZE, k * SIZE + SIZE)
    const from = who & 1
    const connection = (who >> 5) % ports
    const next = flows[connection]
    const port = 40_000 + connection
    const length = (who & 2) === 0 ? 0 : len
    micros += wait < 128 ? wait * 50 : (wait - 127) * 40_000
    const at = 24 + k * 56
    file.writeUInt32LE(1_600_000_000 + Math.floor(micros / 1e6), at)
    file.writeUInt32LE(micros % 1e6, at + 4)
    file.writeUInt32LE(40, at + 8)
    file.writeUInt32LE(40 + length, at + 12)
    const ip = at + 16
    file[ip] = 0x45
    file.writeUInt16BE(40 + length, ip + 2)
    file.writeUInt16BE((who & 4) === 0 ? 0 : k + 1, ip + 4)
    file[ip + 8] = (who & 8) === 0 ? 64 : 60
    file[ip + 9] = 6
    file.writeUInt32BE(0x0a000001 + from, ip + 12)
    file.writeUInt32BE(0x0a000002 - from, ip + 16)
    file.writeUInt16BE(from === 0 ? port : 80, ip + 20)
    file.writeUInt16BE(from === 0 ? 80 : port, ip + 22)
    // 128 is the next number that its sender has to use; around it, a little beside it.
    const own = (next[from] + (seq - 128) * (seq & 1 ? 1 : 100)) >>> 0
    file.writeUInt32BE(own, ip + 24)
    file.writeUInt32BE((next[1 - from] + (ack - 128)) >>> 0, ip + 28)
    file[ip + 32] = 0x50
    file[ip + 33] = flags
    file.writeUInt16BE((who & 16) === 0 ? 60_000 : len, ip + 34)
    if (seq === 128) next[from] = (own + length + (flags & 1) + ((flags >> 1) & 1)) >>> 0
  }
  return file
}
