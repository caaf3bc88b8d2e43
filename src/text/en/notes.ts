/** English: what happened, one full sentence per note. Frame numbers are written `#4`, times count from the first packet. */
import { moment, nth, seconds } from '../amount.js'
import type { NoteSentences } from '../table.js'
import { bytes, count, evidence, gaveUp, HIDDEN, other, RESET, side, THROWN, The } from './phrases.js'

export const notes: NoteSentences = {
  'syn-retransmission': ({ nth: n, budget, givesUpAt, first }) =>
    `The SYN of #${first} again, ${count(n, budget)}.${gaveUp(givesUpAt)}`,
  'syn-ack-retransmission': ({ nth: n, budget, first, answers }) =>
    answers === null
      ? `The SYN+ACK of #${first} again, ${count(n, budget)}: the server has taken no final ACK.`
      : `The SYN+ACK of #${first} again, in answer to the SYN of #${answers}.`,
  'syn-cookie': ({ answers }) =>
    `A SYN cookie in answer to #${answers}: the server keeps nothing of this connection.`,
  'fast-open': ({ bytes: n, accepted }) =>
    `Fast Open: ${bytes(n)} came with the SYN${accepted === null ? '' : accepted ? ', and were accepted' : ', and were not accepted'}.`,
  'fast-open-cookie': ({ request }) =>
    request ? 'It asks for a Fast Open cookie.' : 'It hands out a Fast Open cookie.',
  'simultaneous-open': ({ with: n }) => `Simultaneous open: it crossed the SYN of #${n}.`,
  'port-reuse': ({ previousFlow, inTimeWait }) =>
    `The same addresses and ports as flow ${previousFlow}${inTimeWait ? ', whose other end was still in TIME_WAIT' : ''}: a new connection.`,
  retransmission: ({ of, why }) =>
    `${of === null ? 'A segment again' : `The segment of #${of} again`}: ${
      {
        timeout: 'its retransmission timer ran out',
        probe: 'a tail loss probe',
        unknown: 'a retransmission',
      }[why]
    }.`,
  'fast-retransmission': ({ of, duplicateAcks }) =>
    `${of === null ? 'A lost segment again' : `The segment of #${of} again`} after ${duplicateAcks} duplicate ACKs.`,
  'spurious-retransmission': ({ of, shownBy }) =>
    `${of === null ? 'A segment again' : `The segment of #${of} again`} although it had arrived${evidence(shownBy)}.`,
  'out-of-order': ({ behind }) => `Out of order${behind === null ? '' : `: it was sent before #${behind}`}.`,
  'duplicate-ack': ({ nth: n, of }) =>
    `${nth(n)} duplicate of the ACK in #${of}: something before it is missing.`,
  'zero-window': ({ seconds: s }) =>
    `The receive window is shut: its application does not read${s === null ? '' : `, for ${seconds(s)}`}.`,
  'zero-window-probe': ({ nth: n }) => `${nth(n)} probe of the shut window.`,
  'zero-window-probe-ack': ({ answers }) =>
    `Answers the window probe${answers === null ? '' : ` of #${answers}`}: still shut.`,
  'window-update': ({ bytes: n }) => `The window opens to ${bytes(n)}.`,
  'window-full': ({ bytes: n }) => `${bytes(n)} fill the peer's window: the sender must wait.`,
  'keep-alive': ({ nth: n }) => `${nth(n)} keep-alive probe.`,
  'keep-alive-ack': ({ answers }) => `Answers the keep-alive of #${answers}: the peer is there.`,
  'challenge-ack': ({ answers }) =>
    `A challenge ACK${answers === null ? '' : ` to #${answers}`}: "is that really you?" (RFC 5961).`,
  'previous-segment-missing': ({ bytes: n, kind }) =>
    `${bytes(n)} before it are missing: ${
      {
        lost: 'lost on the way',
        'not-captured': 'the capture missed them, the peer has them',
        unknown: 'lost, or not captured',
      }[kind]
    }.`,
  'ack-of-unseen': ({ bytes: n }) => `Acknowledges ${bytes(n)} that the capture does not have.`,
  'capture-duplicate': ({ of }) => `The same packet as #${of}, captured twice.`,
  'old-duplicate': ({ of }) => `An old duplicate${of === null ? '' : ` of #${of}`}.`,
  'outside-window': () => "Outside the receiver's window: it is dropped and answered with an ACK.",
  reset: ({ form, answers, taken }) =>
    `${RESET[form]}${answers === null ? '' : `, in answer to #${answers}`}${taken === false ? '; the other end did not take it' : ''}.`,
  'fin-retransmission': ({ of }) => `The FIN of #${of} again.`,
  'simultaneous-close': ({ with: n }) => `Simultaneous close: it crossed the FIN of #${n}.`,
  'data-after-close': ({ bytes: n }) => `${bytes(n)} for an end that had closed: nobody reads them.`,
  'time-wait-until': ({ side: s, until }) => `${The(s)} stays in TIME_WAIT until ${moment(until)}.`,
  'not-received': ({ side: s, shownBy, lost }) =>
    `${The(s)} never took it${lost ? ': lost on the way' : ''}${evidence(shownBy)}.`,
  unanswered: ({ shownBy }) => `No answer came${evidence(shownBy)}: it was lost, or its answer was.`,
  'thrown-away': ({ side: s, shownBy, why }) =>
    `${The(s)} threw it away: ${THROWN[why]}${evidence(shownBy)}.`,
  crossing: ({ with: n }) => `It crossed #${n} on the way: neither end had the other's when it sent.`,
  'hidden-change': ({ side: s, from, to, why }, { state }) =>
    `Unseen, ${side(s)} went from ${state(from)} to ${state(to)}: ${HIDDEN[why]}.`,
  'state-unknown-before': () =>
    'The capture starts in the middle of this connection; the states before it are assumed.',
  'icmp-error': ({ name, router, fatal }, { from }) =>
    `${router} says ${name}: ${fatal ? `it ends the attempt of ${side(from)}` : 'taken as a hint, the connection stays'}.`,
  'near-fast-answers': ({ side: s, milliseconds, other: far }) =>
    `${The(s)} answers within ${seconds(milliseconds / 1000)}${
      far === null ? '' : `, ${side(other(s))} within ${seconds(far / 1000)}`
    }.`,
  'near-large-frames': ({ side: s, bytes: n }) =>
    `Frames of ${bytes(n)} from ${side(s)} are larger than a network carries: offloading, seen only on its own host.`,
  'near-partial-checksums': ({ side: s, packets }) =>
    `${packets} checksums from ${side(s)} are not filled in yet: captured on its own host.`,
  'near-ttl': ({ side: s, ttl }) => `Packets from ${side(s)} still have their first TTL, ${ttl}.`,
  'near-between': ({ client, server }) =>
    `${seconds(client / 1000)} to the client and back, ${seconds(server / 1000)} to the server.`,
  'near-at-most': ({ client, server }) =>
    `At most ${seconds(client / 1000)} to the client and back, at most ${seconds(server / 1000)} to the server: ACKs that may have been held back.`,
  'near-both': ({ client, server }) =>
    client === null || server === null
      ? 'How far they are from each other is not known.'
      : `${seconds((client + server) / 1000)} from one to the other and back.`,
  'near-unknown': () => 'Nothing in the capture tells where it was taken.',
}
