/**
 * The names of the tunnels a packet came through, such as `vxlan 42` or `gre, vxlan 42`.
 *
 * In: the path so far, a kind of tunnel and its id. Out: a node that holds the path's text. Nodes are kept,
 * so a packet through a known tunnel costs a look-up and no new string. The number kept is bounded, since
 * ids come from the capture; past the bound a path is made again for each packet and is equal in text.
 *
 * What is in the path splits flows, so only what both directions of a connection share may be in it:
 * VXLAN and Geneve network ids and GRE keys are (tenants with the same private addresses stay apart);
 * GTP-U tunnel ids, GRE call ids of PPTP and MPLS labels are not, they are chosen per direction. VLAN ids
 * are not either: a capture on a router shows the two directions of one connection under different tags.
 */

const MOST_NODES = 16_384

/** One path of tunnels. The root, for a packet in no tunnel, has an empty text. */
export class OuterPath {
  readonly inside = new Map<string, Map<number, OuterPath>>()
  constructor(readonly text: string) {}
}

/** All paths that one decoder has met. */
export class OuterPaths {
  readonly root = new OuterPath('')
  private nodes = 0

  /** The path one tunnel deeper. `id` is 0 to 2^32 - 1, or -1 for a tunnel that has none. */
  enter(path: OuterPath, kind: string, id: number): OuterPath {
    let ids = path.inside.get(kind)
    const known = ids?.get(id)
    if (known !== undefined) return known
    const name = id < 0 ? kind : `${kind} ${id}`
    const made = new OuterPath(path === this.root ? name : `${path.text}, ${name}`)
    if (this.nodes >= MOST_NODES) return made
    this.nodes++
    if (ids === undefined) {
      ids = new Map()
      path.inside.set(kind, ids)
    }
    ids.set(id, made)
    return made
  }
}
