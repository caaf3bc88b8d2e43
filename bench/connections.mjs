/**
 * One connection after the other, many at a time: what each sends next and when.
 *
 * In: a writer, how many, how many at a time. Out: packets in time order. Every connection has both ends' time stamps,
 * Linux' counted identifications, a request, an answer, a close by either end; with `trouble` a few in a hundred have a
 * reset, a retransmission or a SYN without answer.
 */
import { ACK, FIN, PSH, RST, randomFrom, SYN } from './packets.mjs'

const NONE = []
const ends = (n, hosts) => ({
  // All over 10.0.0.0/8: tcpdump keeps names by the low 16 bits, and is slow when many share a /16.
  client: (0x0a000000 | (Math.imul((Math.imul(n, 2654435761) >>> 8) % hosts, 40503) & 0xffffff)) >>> 0,
  server: 0xc0000200 + (n % 16),
  sport: 32768 + (Math.floor(n / 16) % 28000),
  dport: n % 3 === 0 ? 443 : 80,
})

/** The packets of one connection as [microseconds after the one before, from the client?, flags, length]. */
function script(random, trouble, answer) {
  const rtt = 200 + Math.floor(random() * 40_000)
  const way = Math.floor(rtt / 20)
  const steps = [
    [0, true, SYN, 0],
    [rtt, false, SYN | ACK, 0],
    [way, true, ACK, 0],
    [way, true, ACK | PSH, 80 + Math.floor(random() * 400)],
  ]
  const luck = random()
  if (luck < trouble / 4) return steps.slice(0, 1)
  steps.push([rtt, false, ACK, 0])
  for (let k = 0; k < answer; k++)
    steps.push([k === 0 ? way : 12, false, ACK | PSH, 400 + Math.floor(random() * 900)])
  steps.push([way, true, ACK, 0])
  if (luck < trouble / 2) steps.splice(7, 0, [250_000, false, -1, 0])
  else if (luck < trouble) {
    steps.push([rtt, true, ACK | RST, 0])
    return steps
  }
  const first = random() < 0.5
  if (first) steps.push([way * 3, true, ACK | FIN, 0], [rtt, false, ACK | FIN, 0], [way, true, ACK, 0])
  else
    steps.push(
      [way * 3, false, ACK | FIN, 0],
      [way, true, ACK, 0],
      [way, true, ACK | FIN, 0],
      [rtt, false, ACK, 0],
    )
  return steps
}

/** The same of one that was there before the capture, and stays: requests and their answers, some seconds apart. */
function lasting(random, exchanges, answer) {
  const rtt = 200 + Math.floor(random() * 40_000)
  const way = Math.floor(rtt / 20)
  return Array.from({ length: exchanges }, () => [
    [Math.floor(random() * 4e6), true, ACK | PSH, 80 + Math.floor(random() * 400)],
    ...Array.from({ length: answer }, (_, k) => [k === 0 ? rtt : 12, false, ACK | PSH, 400]),
    [way, true, ACK, 0],
  ]).flat()
}

class Connection {
  constructor(n, begin, random, { trouble, hosts, answer, exchanges }) {
    Object.assign(this, ends(n, hosts))
    this.at = begin
    this.steps = exchanges > 0 ? lasting(random, exchanges, answer) : script(random, trouble, answer)
    this.step = 0
    this.seq = [Math.floor(random() * 4294967296), Math.floor(random() * 4294967296)]
    this.id = [1 + Math.floor(random() * 60_000), 1 + Math.floor(random() * 60_000)]
    this.stamp = [0, 0]
    this.last = null
  }

  send(writer) {
    const [, , flags, length] = this.steps[this.step]
    const again = flags === -1
    const from = this.steps[this.step][1] ? 0 : 1
    const to = 1 - from
    const shape = again ? this.last : { flags, length, seq: this.seq[from], ack: this.seq[to] }
    if (from === 1 && length > 0) this.last = shape
    const stamp = Math.floor(this.at / 1000) + (from === 0 ? 1000 : 500_000)
    const options =
      (shape.flags & SYN) !== 0
        ? [2, 4, 5, 0xb4, 4, 2, 8, 10, ...octets(stamp), ...octets(this.stamp[to]), 1, 3, 3, 7]
        : [1, 1, 8, 10, ...octets(stamp), ...octets(this.stamp[to])]
    const id = (shape.flags & SYN) !== 0 && from === 1 ? 0 : this.id[from]++ & 0xffff || 1
    const [source, target, sport, dport] =
      from === 0
        ? [this.client, this.server, this.sport, this.dport]
        : [this.server, this.client, this.dport, this.sport]
    const window = (shape.flags & SYN) !== 0 ? 64_240 : 502
    writer.packet(
      this.at,
      source,
      target,
      sport,
      dport,
      shape.flags,
      shape.seq,
      shape.ack,
      shape.length,
      window,
      from === 0 ? 64 : 57,
      id,
      options,
    )
    this.stamp[from] = stamp
    if (!again)
      this.seq[from] = (shape.seq + shape.length + ((shape.flags & (SYN | FIN)) !== 0 ? 1 : 0)) >>> 0
    this.step++
    if (this.step === this.steps.length) return false
    this.at += this.steps[this.step][0]
    return true
  }
}

const octets = (n) => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]

/** `count` connections, about `together` at a time. With `exchanges` so many requests each, and neither SYN nor FIN. */
export function connections(
  writer,
  { count, together, trouble = 0.002, hosts = 2000, answer = 2, exchanges = 0, seed = 1 },
) {
  const random = randomFrom(seed)
  const heap = new Heap()
  const wish = { trouble, hosts, answer, exchanges }
  for (let n = 0; n < Math.min(together, count); n++)
    heap.push(new Connection(n, Math.floor(random() * 200_000), random, wish))
  let next = heap.size
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const { at } = top
    if (top.send(writer)) heap.push(top)
    else if (next < count) heap.push(new Connection(next++, at + 5, random, wish))
  }
}

/** Full-size segments in a few connections, an ACK for every second one. */
export function bulk(writer, { packets, flows = 8 }) {
  const list = Array.from({ length: flows }, (_, n) => ({
    ...ends(n * 16 + 1, 1000),
    seq: [1000 + n, 9000 + n],
    id: [1, 1],
    stamp: [0, 0],
  }))
  let at = 0
  const send = (c, from, flags, length) => {
    const stamp = Math.floor(at / 1000) + 1000
    const options =
      (flags & SYN) !== 0
        ? [2, 4, 5, 0xb4, 4, 2, 8, 10, ...octets(stamp), ...octets(c.stamp[1 - from]), 1, 3, 3, 10]
        : [1, 1, 8, 10, ...octets(stamp), ...octets(c.stamp[1 - from])]
    const id = (flags & SYN) !== 0 && from === 1 ? 0 : c.id[from]++ & 0xffff || c.id[from]++ & 0xffff
    const [a, b, p, q] =
      from === 0 ? [c.client, c.server, c.sport, c.dport] : [c.server, c.client, c.dport, c.sport]
    writer.packet(
      at,
      a,
      b,
      p,
      q,
      flags,
      c.seq[from],
      c.seq[1 - from],
      length,
      (flags & SYN) !== 0 ? 64_240 : 2000,
      from === 0 ? 64 : 57,
      id,
      options,
    )
    c.stamp[from] = stamp
    c.seq[from] = (c.seq[from] + length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0)) >>> 0
    at += 3
  }
  for (const c of list) {
    send(c, 0, SYN, 0)
    at += 300
    send(c, 1, SYN | ACK, 0)
    at += 300
    send(c, 0, ACK, 0)
    send(c, 0, ACK | PSH, 100)
    at += 300
    send(c, 1, ACK, 0)
  }
  for (let sent = 5 * flows, k = 0; sent < packets; sent += 3, k++) {
    const c = list[k % flows]
    send(c, 1, ACK, 1448)
    send(c, 1, ACK | PSH, 1448)
    at += 300
    send(c, 0, ACK, 0)
  }
}

/** One SYN for each of `count` tuples, from as many addresses, 64 ports of one server. */
export function flood(writer, { count, answered = 0 }) {
  for (let n = 0; n < count; n++) {
    const client = (0x0b000000 + Math.imul(n, 40503)) >>> 0
    const at = n * 10
    const sport = 1024 + (n % 60_000)
    writer.packet(
      at,
      client,
      0xc0000201,
      sport,
      80,
      SYN,
      Math.imul(n, 7919),
      0,
      0,
      64_240,
      50,
      n & 0xffff || 1,
      NONE,
    )
    if (n % 100 < answered)
      writer.packet(
        at + 2,
        0xc0000201,
        client,
        80,
        sport,
        SYN | ACK,
        Math.imul(n, 104_729),
        Math.imul(n, 7919) + 1,
        0,
        65_160,
        64,
        0,
        NONE,
      )
  }
}

/** A heap by time; equal times by who came first. */
class Heap {
  #items = []
  #count = 0
  get size() {
    return this.#items.length
  }
  push(item) {
    item.order = this.#count++
    const items = this.#items
    let at = items.length
    items.push(item)
    while (at > 0) {
      const up = (at - 1) >> 1
      if (!before(item, items[up])) break
      items[at] = items[up]
      at = up
    }
    items[at] = item
  }
  pop() {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    if (items.length === 0 || top === undefined) return top
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      if (down >= items.length) break
      if (down + 1 < items.length && before(items[down + 1], items[down])) down++
      if (!before(items[down], last)) break
      items[at] = items[down]
      at = down
    }
    items[at] = last
    return top
  }
}
const before = (a, b) => a.at < b.at || (a.at === b.at && a.order < b.order)
