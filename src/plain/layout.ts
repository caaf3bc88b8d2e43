/**
 * Where what is known of a connection lies in its 32-bit words.
 *
 * In: nothing. Out: offsets. A conversation has a short row for as long as the run lasts, enough for a SYN and its
 * SYN+ACK, so that a flood costs little. A long row is added when the third segment comes, and given back when the
 * connection has closed: what is told of a closed one then stands in the short row, where its opening stood. Of IPv4 a
 * closed connection takes 96 bytes, an open one 288. Times are seconds and nanoseconds as in the record: differences
 * must be those of the full replay.
 */

/** Key words: one address each and both ports for IPv4; four each for IPv6; then the number of the tunnel. */
export const KEY_4 = 4
export const KEY_6 = 10

/** The short row, behind the key. What each packet of an open connection asks for lies beside the key, in its cache line. */
export const STATE = 0
/** Number of the long row, from 1; 0: none. Not of a closed connection. Of an escalated one: its number in {@link OddPackets}. */
export const LONG = 1
/** Frame number of the first packet. */
export const FIRST = 2
export const START_S = 3
export const START_N = 4
/** Packets, and the last of them: while the connection is open these lie in the long row. Of an escalated one packets only. */
export const PACKETS = 5
export const LAST_S = 6
export const LAST_N = 7
/** What each SYN said: TTL with scale and presence bits, sequence number, TSval, IP identification with window. */
export const SYN_LOOK = 8
export const SYNACK_LOOK = 9
export const SYN_SEQ = 10
export const SYN_TS = 11
/** The window above, the identification below. */
export const SYN_WINDOW_ID = 12
export const SYNACK_SEQ = 13
export const SYNACK_TS = 14
export const SYNACK_WINDOW_ID = 15
export const SYNACK_S = 16
export const SYNACK_N = 17
export const SYNACK_PACKET = 18
/** With an IPv4 key 96 bytes, so that the first ones of a row never lie in two cache lines. */
export const SHORT_WORDS = 20

/** From the first FIN on, where the opening stood: when each FIN was captured, and its frame number. */
export const FIN1_S = 10
export const FIN1_N = 11
export const FIN1_PACKET = 12
export const FIN2_S = 13
export const FIN2_N = 14
export const FIN2_PACKET = 15
/** Of a closed connection: ROUND of the client and of the server, as below. */
export const CLOSED_ROUNDS = 16
/** Of a closed connection: the lower thirty bits of its bytes; those above stand in STATE. */
export const CLOSED_BYTES = LONG

/** Bits of SYN_LOOK and SYNACK_LOOK (where no SYN was captured the TTL is all that is known): TTL below, then the window scale plus one, what else was there, and the MSS. */
export const LOOK_TTL = 0xff
export const LOOK_SCALE_SHIFT = 8
export const LOOK_TIMESTAMPS = 1 << 16
/** The checksum was not filled in yet. */
export const LOOK_PARTIAL = 1 << 17
/** In the long row: it sent an ACK that no socket counted, behind some that one did. */
export const LOOK_UNCOUNTED = 1 << 17
export const LOOK_MSS_SHIFT = 18
export const LOOK_MSS_MOST = 0x3fff

/**
 * STATE before the connection is open: ECE and CWR of its SYN where a header has them, those of its SYN+ACK two bits above.
 * RFC 3168 section 6.1.1.
 */
export const ECN_ASKED = 3 << 6
export const ECN_ANSWERED = 3 << 8

/** STATE: how far a connection is. */
export const PHASE = 0xf
export const SYN_SEEN = 1
export const SYNACK_SEEN = 2
/** It began before the capture, and only one end was heard of. */
export const ONE_HEARD = 3
export const OPEN = 4
/** A FIN of one side; both; the last ACK. */
export const HALF_CLOSED = 5
export const BOTH_CLOSED = 6
export const CLOSED = 7
/** A SYN and the RST that refused it: it never was open. The RST stands where a SYN+ACK would. */
export const REFUSED = 8
/** Needs the full replay, with all its packets. */
export const ESCALATED = 15
/** STATE of an escalated one: a SYN came that may have begun another connection on the same 4-tuple. */
export const MORE_SYNS = 1 << 4
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
/** It began before the capture; since then nothing was a SYN. */
export const IN_MIDDLE = 1 << 9

/** Packets before a connection is open: SYN, SYN+ACK, ACK. */
export const HANDSHAKE = 3

/** STATE of a closed connection, from this bit on: its bytes divided by 2^30, of which it has room for so much. */
export const BYTES_SHIFT = 10
export const BYTES_MOST = 0xfff
/** From this bit on, since the first FIN: what is kept of its SYN's number, see `reuse.ts`. */
export const ISN_SHIFT = 22

/** The long row: a block a side, the client's first, then what belongs to both. */
export const NXT = 0
/** How far the peer has acknowledged it, and the window it has for its peer in bytes. */
export const ACKED = 1
export const WINDOW = 2
/** Its TTL, how far its window is shifted, and whether time stamps are used, in the bits of SYN_LOOK; its peer's MSS. */
export const LOOK = 3
export const ID = 4
export const ID_FITS = 5
export const ID_BREAKS = 6
/** Shortest time from the capture point to this end and back, as the two halves of a double; NaN: none. */
export const ROUND = 7
/** Sequence numbers that wait for an exact ACK in the full replay's map. */
export const WAITING = 9
/** Bare ACKs in a row that say the same. */
export const SAME = 10
/** Segments under way: how many, and two places of [end, seconds, nanoseconds, TSval]. */
export const FLYING = 11
export const FLIGHT = 12
export const FLIGHT_WORDS = 4
export const PLACES = 2
export const SIDE_WORDS = FLIGHT + PLACES * FLIGHT_WORDS
/** What the short row has as PACKETS and LAST_S, LAST_N. */
export const OPEN_PACKETS = 2 * SIDE_WORDS
export const OPEN_LAST_S = OPEN_PACKETS + 1
export const OPEN_LAST_N = OPEN_PACKETS + 2
/** Thirty bits below, the rest above: no carry into the sign. */
export const BYTES_LOW = OPEN_PACKETS + 3
export const BYTES_HIGH = OPEN_PACKETS + 4
export const ACK3_S = OPEN_PACKETS + 5
export const ACK3_N = OPEN_PACKETS + 6
/** Where the data on that ACK ends; from the second FIN on: how many packets there were up to it. */
export const MARK = OPEN_PACKETS + 7
export const LONG_WORDS = OPEN_PACKETS + 8
