/**
 * From a record's bytes to the fields of its TCP segment.
 *
 * In: the bytes of one record and its link type. Out: the view, filled. A loop from layer to layer: each layer
 * checks its own length against the captured bytes, moves the frame's position on and names the next layer.
 * Nothing is allocated for a plain TCP packet.
 */
import { bsdLoop, bsdNull, rawIp, sll, sll2 } from './cooked.js'
import { ethernet, etherTypeField, llc, vlan } from './ethernet.js'
import { Frame } from './frame.js'
import { authentication, etherIp, gre } from './gre.js'
import { icmp, icmpv6 } from './icmp.js'
import { ipv4 } from './ipv4.js'
import { ipv6, ipv6Next } from './ipv6.js'
import { juniper } from './juniper.js'
import { l2tp } from './l2tp.js'
import * as layer from './layer.js'
import { enterLink } from './link-types.js'
import { mpls, nsh } from './mpls.js'
import { type PacketKind, type PacketView, TCP } from './packet.js'
import { ciscoHdlc, frameRelay, ppp, pppoe } from './ppp.js'
import { reset } from './reset.js'
import { atmLlc, docsis, fddi, ipOverInfiniBand, sunAtm, switchTag, symantec, tokenRing } from './rings.js'
import { tcp } from './tcp.js'
import { udp } from './udp-tunnels.js'
import { UsualPackets } from './usual.js'
import { avs, ppi, prism, radiotap, wlan } from './wlan.js'
import { enc, ipnet, nflog, pflog, pktap } from './wrapped.js'

const ETHERNET_LINK = 1

/** More headers than this around one segment are an attack on the reader. */
const MOST_LAYERS = 64

const LAYERS: readonly ((frame: Frame) => layer.Layer)[] = layers()

function layers(): ((frame: Frame) => layer.Layer)[] {
  const table: ((frame: Frame) => layer.Layer)[] = []
  const set = (name: layer.Layer, read: (frame: Frame) => layer.Layer) => {
    table[name] = read
  }
  set(layer.ETHERNET, ethernet)
  set(layer.ETHERTYPE, etherTypeField)
  set(layer.VLAN, vlan)
  set(layer.LLC, llc)
  set(layer.SLL, sll)
  set(layer.SLL2, sll2)
  set(layer.RAW_IP, rawIp)
  set(layer.BSD_NULL, bsdNull)
  set(layer.BSD_LOOP, bsdLoop)
  set(layer.IPV4, ipv4)
  set(layer.IPV6, ipv6)
  set(layer.IPV6_NEXT, ipv6Next)
  set(layer.TCP_SEGMENT, tcp)
  set(layer.ICMP, icmp)
  set(layer.ICMPV6, icmpv6)
  set(layer.UDP, udp)
  set(layer.GRE, gre)
  set(layer.AH, authentication)
  set(layer.ETHERNET_IN_IP, etherIp)
  set(layer.PPP, ppp)
  set(layer.PPPOE, pppoe)
  set(layer.CISCO_HDLC, ciscoHdlc)
  set(layer.FRAME_RELAY, frameRelay)
  set(layer.MPLS, mpls)
  set(layer.NSH, nsh)
  set(layer.TOKEN_RING, tokenRing)
  set(layer.FDDI, fddi)
  set(layer.ATM_LLC, atmLlc)
  set(layer.SUN_ATM, sunAtm)
  set(layer.DOCSIS, docsis)
  set(layer.IPOIB, ipOverInfiniBand)
  set(layer.SYMANTEC, symantec)
  set(layer.SWITCH_TAG, switchTag)
  set(layer.PFLOG, pflog)
  set(layer.ENC, enc)
  set(layer.NFLOG, nflog)
  set(layer.PKTAP, pktap)
  set(layer.IPNET, ipnet)
  set(layer.WLAN, wlan)
  set(layer.RADIOTAP, radiotap)
  set(layer.PRISM, prism)
  set(layer.AVS, avs)
  set(layer.PPI, ppi)
  set(layer.JUNIPER_ETHERNET, juniper(layer.ETHERNET))
  set(layer.JUNIPER_PPP, juniper(layer.PPP))
  set(layer.JUNIPER_FRAME_RELAY, juniper(layer.FRAME_RELAY))
  set(layer.JUNIPER_HDLC, juniper(layer.CISCO_HDLC))
  set(layer.L2TP, l2tp)
  return table
}

/** One for each analysis: it holds the fragments that wait for the rest of their datagram. */
export class Decoder {
  private readonly frame = new Frame()
  private readonly usual = new UsualPackets()

  /**
   * Decodes `bytes[start, end)` into `out` and returns its kind. `wireLength` is the packet's length on the
   * wire, `linkType` its LINKTYPE_ value, `fcsLength` the length of its check sequence, all in bytes. Never
   * throws, never reads outside `[start, end)`, and sets or resets every field of `out`.
   */
  decode(
    bytes: Uint8Array,
    start: number,
    end: number,
    wireLength: number,
    linkType: number,
    fcsLength: number,
    out: PacketView,
  ): PacketKind {
    // A writer that says a packet was shorter than what it saved is wrong about the wire.
    const wireEnd = start + Math.max(wireLength, end - start) - fcsLength
    const capturedEnd = Math.min(end, wireEnd)
    out.checksum = ''
    if (linkType === ETHERNET_LINK && this.usual.take(bytes, start, capturedEnd, out)) return TCP
    this.usual.forget()
    const frame = this.frame
    frame.wireEnd = wireEnd
    frame.end = capturedEnd
    frame.bytes = bytes
    out.bytes = bytes
    frame.at = start
    frame.out = out
    frame.quotedBy = ''
    frame.wlanPadded = false
    frame.outer = frame.paths.root
    reset(out)
    let next = enterLink(frame, linkType)
    for (let depth = 0; next !== layer.DONE; depth++) {
      if (depth === MOST_LAYERS) {
        frame.other('nested-too-deep')
        break
      }
      next = step(frame, next)
    }
    out.outer = frame.outer.text
    return out.kind
  }
}

/** The three layers of nearly every packet are called directly, which the compiler can see through. */
function step(frame: Frame, next: layer.Layer): layer.Layer {
  if (next === layer.ETHERNET) return ethernet(frame)
  if (next === layer.IPV4) return ipv4(frame)
  if (next === layer.TCP_SEGMENT) return tcp(frame)
  const read = LAYERS[next]
  return read === undefined ? frame.other('not-decoded') : read(frame)
}
