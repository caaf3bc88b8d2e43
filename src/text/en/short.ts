/** English: the few words that stand in the ladder beside a packet; '' where the drawing says it already. */
import { seconds } from '../amount.js'
import type { NoteSentences, Numbered } from '../table.js'
import { count, HIDDEN, THROWN } from './phrases.js'

const see = (packet: Numbered | null): string => (packet === null ? '' : ` (#${packet})`)
const again = (what: string, of: Numbered | null): string => `${what} again${see(of)}`

export const short: NoteSentences = {
  'syn-retransmission': ({ nth: n, budget }) => `SYN again, ${count(n, budget)}`,
  'syn-ack-retransmission': ({ nth: n, budget, answers }) =>
    `SYN+ACK again, ${answers === null ? count(n, budget) : `for #${answers}`}`,
  'syn-cookie': () => 'SYN cookie: the server keeps nothing',
  'fast-open': ({ accepted }) => (accepted === false ? 'Fast Open, data refused' : 'Fast Open'),
  'fast-open-cookie': ({ request }) => (request ? 'asks for a Fast Open cookie' : 'Fast Open cookie'),
  'simultaneous-open': ({ with: n }) => `simultaneous open with #${n}`,
  'port-reuse': ({ previousFlow }) => `ports of flow ${previousFlow} again`,
  retransmission: ({ of, why }) => (why === 'probe' ? `tail loss probe${see(of)}` : again('sent', of)),
  'fast-retransmission': ({ of }) => `fast retransmission${see(of)}`,
  'spurious-retransmission': ({ of }) => `sent again, had arrived already${see(of)}`,
  'out-of-order': ({ behind }) => `out of order${behind === null ? '' : `: older than #${behind}`}`,
  'duplicate-ack': ({ nth: n }) => `duplicate ACK ${n}`,
  'zero-window': ({ seconds: s }) => `window shut${s === null ? '' : ` for ${seconds(s)}`}`,
  'zero-window-probe': ({ nth: n }) => `window probe ${n}`,
  'zero-window-probe-ack': () => 'window still shut',
  'window-update': ({ bytes }) => `window opens to ${bytes}`,
  'window-full': () => "the peer's window is full",
  'keep-alive': ({ nth: n }) => `keep-alive ${n}`,
  'keep-alive-ack': () => 'still there',
  'challenge-ack': ({ answers }) => `challenge ACK${answers === null ? '' : ` to #${answers}`}`,
  'previous-segment-missing': ({ bytes, kind }) =>
    `${bytes} bytes before it ${{ lost: 'lost', 'not-captured': 'not captured', unknown: 'missing' }[kind]}`,
  'ack-of-unseen': ({ bytes }) => `acknowledges ${bytes} bytes not captured`,
  'capture-duplicate': ({ of }) => `captured twice (#${of})`,
  'old-duplicate': ({ of }) => `old duplicate${see(of)}`,
  'outside-window': () => 'outside the window',
  reset: ({ form, taken }) =>
    `${
      {
        refused: 'refused: nothing listens here',
        'no-socket': 'no socket for it',
        abort: 'aborted by the application',
        'keep-alive-timeout': 'keep-alive unanswered',
        'unread-data': 'its application had closed: nobody reads this data',
        'bad-ack': 'ACK of something never sent',
        forged: 'RST, perhaps forged',
        unknown: 'RST that answers nothing',
      }[form]
    }${taken === false ? '; not taken' : ''}`,
  'fin-retransmission': ({ of }) => again('FIN', of),
  'simultaneous-close': ({ with: n }) => `simultaneous close with #${n}`,
  'data-after-close': () => 'data for a closed end',
  'time-wait-until': () => '',
  'not-received': ({ shownBy, lost }) =>
    `${lost ? 'lost on the way' : 'never taken'}${shownBy === null ? '' : `: see #${shownBy}`}`,
  unanswered: ({ shownBy }) => `no answer${shownBy === null ? '' : `: see #${shownBy}`}`,
  'thrown-away': ({ shownBy, why }) => `${THROWN[why]}${shownBy === null ? '' : `: see #${shownBy}`}`,
  crossing: ({ with: n }) => `crosses #${n}`,
  'hidden-change': ({ from, to, side, why }, { state }) =>
    `${side}: ${state(from)} -> ${state(to)}, ${HIDDEN[why]}`,
  'state-unknown-before': () => 'the capture starts in the middle',
  'icmp-error': ({ name, fatal }) => `ICMP ${name}${fatal ? ': ends the attempt' : ''}`,
  'near-fast-answers': () => '',
  'near-large-frames': () => '',
  'near-partial-checksums': () => '',
  'near-ttl': () => '',
  'near-between': () => '',
  'near-at-most': () => '',
  'near-both': () => '',
  'near-unknown': () => '',
}
