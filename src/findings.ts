/**
 * Everything `diagnose/` can find, as an id with typed arguments and possible causes: no words.
 * `text/` turns a finding into sentences in every language; its tables are complete by these types.
 *
 * Where a finding stands for several flows, `flows` counts them, a number is the greatest of them, and what differs
 * between them is null. Times are seconds.
 */
import type { Errno } from './report.js'
import type { State } from './rfc9293/state.js'

/** Who tried to connect to whom; null: several, as many as `clients` and `servers` say. */
interface Attempt {
  flows: number
  client: string | null
  server: string | null
  clients: number
  servers: number
  /** The server's port. */
  port: number | null
}

/** What one host holds or did towards another; null: several, as many as `hosts` and `peers` say. */
interface Held {
  flows: number
  host: string | null
  peer: string | null
  hosts: number
  peers: number
  /** The server's port. */
  port: number | null
}

export type ResetReason = 'abort' | 'data-after-close' | 'closed-socket' | 'time-out' | 'unknown'

export interface FindingArguments {
  // opening
  'connect-refused': Attempt & { by: 'reset' | 'icmp' | null; router: string | null }
  'connect-timeout': Attempt & {
    syns: number
    seconds: number
    /** Who stopped trying; `not-yet`: the capture ends before. */
    gaveUp: 'kernel' | 'application' | 'not-yet' | null
    /** The server answered, and the client did not take it. */
    answered: boolean | null
  }
  'connect-unreachable': Attempt & { router: string | null; name: string | null; errno: Errno | null }
  'connect-reset': Attempt & { seconds: number }
  'slow-connect': Attempt & { seconds: number; syns: number; lost: 'syn' | 'syn-ack' | null }
  'handshake-not-completed': Attempt & { seconds: number; synAcks: number; completed: boolean | null }
  'syn-flood': Attempt & {
    addresses: number
    /** From the first SYN to the last. */
    seconds: number
    answered: number
    /** Attempts beyond those, which the report sums up. */
    more: number
    /** Nothing but SYNs and SYN+ACKs of this port was captured. */
    synsOnly: boolean
    /** False: a capture of SYNs only would look the same. */
    likely: boolean | null
  }
  scan: Attempt & { hosts: number; ports: number; open: number; refused: number; silent: number }
  // closing
  'close-wait': Held & { seconds: number; ended: 'still' | 'closed' | 'reset' | null }
  'fin-wait-2': Held & {
    seconds: number
    owner: 'orphan' | 'held' | 'unknown' | null
    timedOut: boolean | null
    still: boolean | null
  }
  'time-wait': Held & {
    /** At one time, as far as the capture shows, and how many more begin each second. */
    peak: number
    perSecond: number
  }
  'port-exhaustion': Attempt & { peak: number; perSecond: number; range: number }
  'time-wait-reuse': Attempt & { outcome: 'accepted' | 'refused' | null; seconds: number }
  // resets
  reset: Held & {
    why: ResetReason | null
    state: State | null
    errno: Errno | null
    /** How long neither side had sent anything when its sender closed (FIN) or, if it did not, reset the connection. */
    idle: number
  }
  'reset-injected': Held & {
    taken: boolean | null
    /**
     * What shows it: the capture at its supposed sender lacks it, that one goes on, both ends are reset at once, or it looks unlike
     * its others.
     */
    shown: 'never-left' | 'goes-on' | 'both-ends' | 'looks' | null
  }
  'keep-alive-race': Attempt & { closer: string | null; idle: number }
  'half-open': Held & { by: 'data' | 'fin' | 'keep-alive' | 'syn' | null; idle: number }
  // silence
  'idle-dropped': Held & { seconds: number; survived: number }
  'dead-peer': Held & {
    by: 'keep-alive' | 'retransmission' | 'window-probe' | 'fin' | null
    /** Probes, or FINs; of data only what was sent again. */
    tries: number
    /** From the first that was not answered to the last. */
    seconds: number
    gaveUp: boolean | null
  }
  'keep-alive': Held & { probes: number; answered: number; seconds: number }
  // data
  'packet-loss': Held & {
    /** Segments with data or a FIN that were sent again, and all that were captured. */
    again: number
    sent: number
    /** ACKs that were lost, so that the other side sent again what had arrived. */
    acks: number
    /** TCP packets in all captures; of captures of both hosts those of the one that has most. */
    captured: number
    /** The longest wait for a retransmission. */
    stall: number
    /** `both` sides of the capture point; `between` two of them, at the hosts. */
    where: 'after' | 'before' | 'both' | 'between' | null
  }
  'zero-window': Held & { seconds: number; still: boolean | null }
  // the capture itself
  'not-captured': Held & { bytes: number; holes: number }
  'capture-duplicates': { flows: number; packets: number }
  'capture-point': { flows: number; where: 'client' | 'server' | 'between' | 'both' }
  'capture-partial': { flows: number; begins: number; ends: number }
  'capture-one-way': { flows: number; host: string | null }
  'capture-drops': { packets: number }
  healthy: { flows: number; where: 'client' | 'server' | 'between' | 'both' | null }
}

export type FindingId = keyof FindingArguments

/** Possible causes by finding. The order is that of the pages; a rule ranks them by what it sees. */
export const CAUSES = {
  'connect-refused': ['closed-port', 'restarting-service', 'rejecting-firewall', 'wrong-address'],
  'connect-timeout': [
    'dropping-firewall',
    'full-accept-queue',
    'absent-host',
    'wrong-address',
    'lost-answer',
    'impatient-application',
  ],
  'connect-unreachable': ['absent-host', 'missing-route', 'rejecting-firewall', 'wrong-address'],
  'connect-reset': ['abort-on-overflow', 'closed-listener', 'aborting-server', 'rejecting-middlebox'],
  'slow-connect': ['packet-loss', 'full-accept-queue', 'dropping-firewall'],
  'handshake-not-completed': [
    'full-accept-queue',
    'deferred-accept',
    'syn-cookie',
    'lost-ack',
    'dropping-firewall',
  ],
  'syn-flood': ['attack', 'broken-return-path', 'load-test', 'capture-filter'],
  scan: ['port-scanner', 'misconfigured-client'],
  'close-wait': ['forgotten-close', 'busy-application', 'intended-half-close'],
  'fin-wait-2': ['peer-not-closing', 'intended-half-close', 'lost-fin'],
  'time-wait': ['short-connections', 'server-closes-first'],
  'port-exhaustion': ['short-connections', 'single-destination'],
  'time-wait-reuse': ['fast-port-reuse', 'fixed-source-port'],
  reset: [
    'application-abort',
    'unread-data',
    'killed-process',
    'early-close',
    'stale-connection',
    'late-answer',
    'idle-time-out',
    'unanswered-probes',
    'middlebox',
  ],
  'reset-injected': ['middlebox', 'attack', 'stale-reset'],
  'keep-alive-race': ['short-server-timeout', 'overloaded-server'],
  'half-open': [
    'gave-up',
    'lost-close',
    'one-side-reset',
    'rebooted-host',
    'killed-silently',
    'middlebox-timeout',
    'moved-address',
  ],
  'idle-dropped': ['middlebox-timeout', 'absent-host', 'path-cut'],
  'dead-peer': ['mtu-black-hole', 'path-cut', 'absent-host', 'dropping-firewall', 'middlebox-timeout'],
  'keep-alive': [],
  'packet-loss': [
    'single-loss',
    'congestion',
    'bad-link',
    'policer',
    'mtu-black-hole',
    'path-was-cut',
    'dropping-firewall',
    'full-accept-queue',
  ],
  'zero-window': ['slow-reader', 'stopped-reader', 'small-buffer'],
  'not-captured': ['capture-drops', 'asymmetric-path', 'sampling'],
  'capture-duplicates': ['several-interfaces', 'mirror-port'],
  'capture-point': [],
  'capture-partial': [],
  'capture-one-way': ['asymmetric-path', 'capture-filter'],
  'capture-drops': ['slow-capture'],
  healthy: [],
} as const satisfies { readonly [K in FindingId]: readonly string[] }

export type CauseOf<K extends FindingId> = (typeof CAUSES)[K][number]
export type CauseCode = CauseOf<FindingId>

export const FINDING_IDS = Object.keys(CAUSES) as FindingId[]

export const isFindingId = (text: string): text is FindingId => Object.hasOwn(CAUSES, text)
