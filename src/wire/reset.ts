/** A view as it is before the first layer is read. In: the view of the packet before. Out: nothing of that is left. */
import { OTHER, type PacketView } from './packet.js'

/** Everything that a layer may leave alone. */
export function reset(out: PacketView): void {
  out.kind = OTHER
  out.reason = ''
  out.outer = ''
  out.ipVersion = 4
  out.srcA = out.srcB = out.srcC = out.srcD = 0
  out.dstA = out.dstB = out.dstC = out.dstD = 0
  out.ttl = 0
  out.ipId = -1
  out.srcPort = 0
  out.dstPort = 0
  out.seq = 0
  out.ack = 0
  out.flags = 0
  out.window = 0
  out.windowCut = false
  out.length = 0
  out.reassembled = false
  out.payloadStart = 0
  out.payloadEnd = 0
  out.tcpStart = 0
  out.headerLength = 0
  out.ipStart = 0
  resetOptions(out)
  // Errors have a type that is not 0, so after any other packet these are still as they were made.
  if (out.icmpType !== 0) resetIcmp(out)
}

function resetIcmp(out: PacketView): void {
  out.icmpType = 0
  out.icmpCode = 0
  out.routerA = out.routerB = out.routerC = out.routerD = 0
}

export function resetOptions(out: PacketView): void {
  out.mss = -1
  out.windowScale = -1
  out.sackPermitted = false
  out.sackBlocks = 0
  out.hasTimestamps = false
  out.tsVal = 0
  out.tsEcr = 0
  out.fastOpen = -1
  out.optionsCut = false
  out.hasOptions = false
}
