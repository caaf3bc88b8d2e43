/**
 * Where what is known of a connection lies in its 32-bit words.
 *
 * In: nothing. Out: offsets. A conversation has a short row for as long as the run lasts, enough for a SYN and its
 * SYN+ACK, so that a flood costs little; a long row is added when the third segment comes. Together at most 300 bytes
 * for IPv4. Times are seconds and nanoseconds as in the record: differences must be those of the full replay.
 */

/** Key words: one address each and both ports for IPv4; four each for IPv6; then the number of the tunnel. */
export const KEY_4 = 4
export const KEY_6 = 10

/** The short row, behind the key. */
export const STATE = 0
/** Number of the long row, from 1; 0: none. */
export const LONG = 1
export const PACKETS = 2
/** Frame numbers of the first packet and the SYN+ACK. */
export const FIRST = 3
export const START_S = 4
export const START_N = 5
export const LAST_S = 6
export const LAST_N = 7
/** What each SYN said: sequence number, TSval, TTL with scale and presence bits, IP identification with window. */
export const SYN_SEQ = 8
export const SYN_TS = 9
export const SYN_LOOK = 10
export const SYN_ID = 11
export const SYN_WINDOW = 12
export const SYNACK_SEQ = 13
export const SYNACK_TS = 14
export const SYNACK_LOOK = 15
export const SYNACK_ID = 16
export const SYNACK_WINDOW = 17
export const SYNACK_S = 18
export const SYNACK_N = 19
export const SYNACK_PACKET = 20
export const SHORT_WORDS = 21

/** Bits of SYN_LOOK and SYNACK_LOOK: TTL below, then the window scale plus one, what else was there, and the MSS. */
export const LOOK_TTL = 0xff
export const LOOK_SCALE_SHIFT = 8
export const LOOK_TIMESTAMPS = 1 << 16
/** The checksum was not filled in yet. */
export const LOOK_PARTIAL = 1 << 17
export const LOOK_MSS_SHIFT = 18
export const LOOK_MSS_MOST = 0x3fff

/** STATE: how far a connection is. */
export const PHASE = 0xf
export const SYN_SEEN = 1
export const SYNACK_SEEN = 2
export const OPEN = 3
/** A FIN of one side; both; the last ACK. */
export const HALF_CLOSED = 4
export const BOTH_CLOSED = 5
export const CLOSED = 6
/** Needs the full replay, with all its packets. */
export const ESCALATED = 15
/** Who closed first: the server. */
export const SERVER_CLOSES = 1 << 4
/** The FIN of who closed first is acknowledged. */
export const FIN_ACKED = 1 << 5
/** The final ACK of the handshake carried data. */
export const ACK3_DATA = 1 << 6
/** The server has sent something after that ACK. */
export const SERVER_WENT_ON = 1 << 7
/** A packet was larger than its receiver's MSS. */
export const LARGE = 1 << 8

/** Packets before a connection is open: SYN, SYN+ACK, ACK. */
export const HANDSHAKE = 3

/** The long row: a block a side, the client's first, then what belongs to both. */
export const NXT = 0
/** How far the peer has acknowledged it, and the window it has for its peer in bytes. */
export const ACKED = 1
export const WINDOW = 2
export const ID = 3
export const ID_FITS = 4
export const ID_BREAKS = 5
/** Shortest time from the capture point to this end and back, as the two halves of a double; NaN: none. */
export const ROUND = 6
/** Sequence numbers that wait for an exact ACK in the full replay's map. */
export const WAITING = 8
/** Bare ACKs in a row that say the same. */
export const SAME = 9
/** Segments under way: how many, and two places of [end, seconds, nanoseconds, TSval]. */
export const FLYING = 10
export const FLIGHT = 11
export const FLIGHT_WORDS = 4
export const PLACES = 2
export const SIDE_WORDS = FLIGHT + PLACES * FLIGHT_WORDS
export const BYTES_LOW = 2 * SIDE_WORDS
export const BYTES_HIGH = BYTES_LOW + 1
export const ACK3_S = BYTES_LOW + 2
export const ACK3_N = BYTES_LOW + 3
/** Where the data on that ACK ends; from the second FIN on: how many packets there were up to it. */
export const MARK = BYTES_LOW + 4
export const FIN1_S = BYTES_LOW + 5
export const FIN1_N = BYTES_LOW + 6
export const FIN1_PACKET = BYTES_LOW + 7
export const FIN2_S = BYTES_LOW + 8
export const FIN2_N = BYTES_LOW + 9
export const FIN2_PACKET = BYTES_LOW + 10
export const LONG_WORDS = BYTES_LOW + 11
