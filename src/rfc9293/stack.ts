/**
 * Where stacks differ from the RFC's text or where the RFC leaves a choice: data, with its source.
 *
 * In: nothing. Out: the stack profiles `linux` and `rfc9293`. Times in seconds.
 */

export interface StackProfile {
  readonly name: 'linux' | 'rfc9293'
  /** Length of TIME_WAIT, 2MSL. */
  readonly timeWait: number
  /** A RST in TIME_WAIT deletes it (tcp_rfc1337 = 0), or is ignored (RFC 1337 fix F1). */
  readonly resetEndsTimeWait: boolean
  /** A retransmitted SYN that meets SYN_RECEIVED is answered by the SYN+ACK again, not by an ACK. */
  readonly answersOldSynWithSynAck: boolean
  /** A SYN may end TIME_WAIT and open a new incarnation (3.6.1 MAY-2 and SHLD-4, RFC 6191). */
  readonly reopensFromTimeWait: boolean
  /** Any unacceptable segment with an ACK restarts the 2MSL time, not only the FIN again. */
  readonly anyAckRestartsTimeWait: boolean
  /** A RST in the window of TIME_WAIT, not at RCV.NXT, draws a challenge ACK. */
  readonly challengesResetInTimeWait: boolean
  /** In SYN_RECEIVED after a passive OPEN only a RST at RCV.NXT is taken, as in the other states. */
  readonly exactResetInSynReceived: boolean
  /** A RST at RCV.NXT-1 is taken after the peer's FIN: some peers reset with the number of their FIN. */
  readonly resetAtFin: boolean
  /** A RST at the end of what is held (the highest SACK block) is taken. */
  readonly resetAtHeldEnd: boolean
  /** A new SYN in the window of SYN_RECEIVED (passive) is answered by a RST on the way back to LISTEN. */
  readonly resetsNewSyn: boolean
  /** A SYN with FIN is dropped in LISTEN. */
  readonly dropsSynFin: boolean
  /** Text on a SYN is kept until ESTABLISHED (3.10.7.2); else it is thrown away unless Fast Open takes it. */
  readonly keepsSynText: boolean
  /** A segment that ends at RCV.NXT, or an empty one at the right edge, still passes step 1: its ACK field is read. */
  readonly laxWindowEdges: boolean
  /** A FIN may lie one beyond the window when all text before it fits. */
  readonly takesFinBeyondWindow: boolean
  /** ESTABLISHED answers an ACK of something not yet sent (3.10.7.4 step 5). */
  readonly answersFutureAck: boolean
  /** The RST of an ABORT carries an ACK. */
  readonly abortCarriesAck: boolean
  /** A hard ICMP error aborts a synchronized connection (3.9.2.2, SHLD-26). */
  readonly hardErrorAborts: boolean
  /** A soft ICMP error aborts a connection that is still opening (RFC 5461 section 4). */
  readonly softErrorAbortsOpening: boolean
  /** The sender of a RST goes to CLOSED (3.10.5), not to TIME_WAIT (3.5.2, figure 5 note 3). */
  readonly resetSenderCloses: boolean
  /** How many times a SYN is sent again before connect() returns ETIMEDOUT. */
  readonly synRetries: number
  /** The first so many resends of a SYN come at constant distance (tcp_syn_linear_timeouts). */
  readonly synLinearTimeouts: number
  /** How many times a SYN+ACK is sent again before the request is dropped. */
  readonly synAckRetries: number
  /** Retransmissions of data before the connection is given up (R2). */
  readonly retries2: number
  /** Retransmissions for a socket without an owner. */
  readonly orphanRetries: number
  /** How long an orphaned FIN_WAIT_2 is kept; Infinity: for ever. */
  readonly finTimeout: number
  readonly initialRto: number
  readonly minRto: number
  readonly maxRto: number
  /** What was sent last is sent again once before its time-out (tail loss probe, RFC 8985 section 7). */
  readonly lossProbe: boolean
}

/** Linux defaults, measured on 6.18 or read in its ip-sysctl documentation and source. */
export const LINUX: StackProfile = {
  name: 'linux',
  timeWait: 60, // TCP_TIMEWAIT_LEN, not tunable
  resetEndsTimeWait: true, // net.ipv4.tcp_rfc1337 = 0
  answersOldSynWithSynAck: true, // tcp_check_req(): a retransmitted SYN draws the SYN+ACK again
  reopensFromTimeWait: true, // tcp_timewait_state_process(): TCP_TW_SYN
  anyAckRestartsTimeWait: true, // tcp_timewait_state_process(): paws_reject || th->ack
  challengesResetInTimeWait: false, // tcp_timewait_state_process() passes over such a RST
  exactResetInSynReceived: false, // tcp_check_req(): any RST in the window, embryonic_reset
  resetAtFin: true, // tcp_reset_check()
  resetAtHeldEnd: true, // tcp_validate_incoming(): SEG.SEQ = max_sack
  resetsNewSyn: true, // tcp_check_req(): embryonic_reset
  dropsSynFin: true, // tcp_rcv_state_process(), TCP_LISTEN
  keepsSynText: false, // tcp_check_req(): "they will be thrown away too"
  laxWindowEdges: true, // tcp_sequence()
  takesFinBeyondWindow: true, // tcp_sequence(), tcp_data_queue(): "bare FIN packets"
  answersFutureAck: false, // tcp_rcv_established(): SKB_DROP_REASON_TCP_ACK_UNSENT_DATA
  abortCarriesAck: true, // tcp_send_active_reset()
  hardErrorAborts: false, // tcp_v4_err(): only sk_err_soft outside SYN_SENT and SYN_RECV
  softErrorAbortsOpening: true, // tcp_v4_err(); seen: connect-icmp-unreachable
  resetSenderCloses: true, // tcp_send_active_reset() then tcp_done()
  synRetries: 6, // net.ipv4.tcp_syn_retries
  synLinearTimeouts: 4, // net.ipv4.tcp_syn_linear_timeouts, since 6.5
  synAckRetries: 5, // net.ipv4.tcp_synack_retries
  retries2: 15, // net.ipv4.tcp_retries2
  orphanRetries: 8, // net.ipv4.tcp_orphan_retries = 0 means 8
  finTimeout: 60, // net.ipv4.tcp_fin_timeout
  initialRto: 1, // TCP_TIMEOUT_INIT, RFC 6298 2.1
  minRto: 0.2, // TCP_RTO_MIN
  maxRto: 120, // TCP_RTO_MAX
  lossProbe: true, // net.ipv4.tcp_early_retrans = 3
}

/** The text of RFC 9293, where it gives a number; MSL is two minutes there (section 3.4.2). */
export const RFC9293: StackProfile = {
  ...LINUX,
  name: 'rfc9293',
  timeWait: 240, // 2 * MSL, section 3.4.2: MSL is taken to be two minutes
  resetEndsTimeWait: true, // section 3.10.7.4 step 2
  answersOldSynWithSynAck: false, // section 3.10.7.4 step 1: an unacceptable segment draws an ACK
  reopensFromTimeWait: true, // section 3.6.1, MAY-2 and SHLD-4
  anyAckRestartsTimeWait: false, // section 3.10.7.4 step 5 speaks of the remote FIN only
  challengesResetInTimeWait: true, // section 3.10.7.4 step 2, third check
  exactResetInSynReceived: true, // section 3.10.7.4 step 2, third check
  resetAtFin: false, // section 3.10.7.4 step 2, first check
  resetAtHeldEnd: false, // section 3.10.7.4 step 2, third check
  resetsNewSyn: false, // section 3.10.7.4 step 4
  dropsSynFin: false, // section 3.10.7.2 third: "any other control or text should be queued"
  keepsSynText: true, // section 3.10.7.2 third
  laxWindowEdges: false, // section 3.10.7.4 table 6
  takesFinBeyondWindow: false, // section 3.10.7.4 step 1: trimmed, "including SYN and FIN"
  answersFutureAck: true, // section 3.10.7.4 step 5
  abortCarriesAck: false, // section 3.10.5: <SEQ=SND.NXT><CTL=RST>
  hardErrorAborts: true, // section 3.9.2.2, SHLD-26
  softErrorAbortsOpening: false, // section 3.9.2.2, MUST-56
  resetSenderCloses: true, // section 3.10.5
  synRetries: Number.POSITIVE_INFINITY, // MUST-23: R2 for a SYN at least 3 minutes, by time
  synLinearTimeouts: 0,
  synAckRetries: Number.POSITIVE_INFINITY,
  retries2: Number.POSITIVE_INFINITY, // section 3.8.3: R2 by time, at least 100 s
  orphanRetries: Number.POSITIVE_INFINITY,
  finTimeout: Number.POSITIVE_INFINITY, // the RFC knows no orphans
  minRto: 1, // RFC 6298 2.4
  lossProbe: false, // RFC 8985 is no part of RFC 9293
}
