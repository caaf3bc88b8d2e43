/** English: the words of the views: ladder, list of flows, netstat, footers. */
import { moment, seconds } from '../amount.js'
import type { CaptureWords, LadderWords, ListWords, ProblemWords, SocketWords } from '../table.js'
import { bytes, side } from './phrases.js'

const atByte = (byte: number | null): string => (byte === null ? '' : ` (byte ${byte})`)
const packets = (n: number): string => (n === 1 ? '1 packet' : `${n} packets`)

export const ladder: LadderWords = {
  time: 'time',
  title: (flow) => `flow ${flow}`,
  size: (n, len) => `${packets(n)}, ${bytes(len)} of data`,
  incarnation: (n) => `number ${n + 1} of these addresses and ports`,
  beginsInMiddle: 'the capture starts in its middle',
  tunnel: 'inside',
  folded: (n, first, last, len) =>
    `${packets(n)}, #${first} to #${last}${len > 0 ? `, ${bytes(len)}` : ''}: no state changes`,
  noPacket: {
    timer: 'no packet: a timer',
    call: 'no packet: a call',
    packet: 'no packet',
    start: 'no packet',
  },
  silent: (who, was, state, why) => `${side(who)}: ${was} -> ${state}${why === '' ? '' : `, ${why}`}`,
  legend: {
    changed: 'state changed',
    assumed: 'assumed: the capture cannot tell',
    hindsight: 'known only from a later packet',
    lost: 'never arrived, or not taken',
    dropped: 'arrived, thrown away',
    unheard: 'nothing tells whether it arrived',
    crossing: 'still under way',
  },
  closedFirst: { client: 'the client', server: 'the server', both: 'both at once' },
  call: ({ side: who, call, errno }, meaning, evidence) =>
    `${who}: ${call}() returns ${errno} (${meaning}), ${evidence}`,
  byTimer: (at, packet) => `by a timer at ${at}${packet === null ? '' : `, see #${packet}`}`,
  byTimerLater: (until) => `by a timer at ${until}, unless an answer comes before`,
  captured: (place, why) => `${place}. ${why}`,
  capturedNear: {
    client: 'near the client',
    server: 'near the server',
    between: 'between the two',
    both: 'at both hosts',
    unknown: 'at an unknown point of the path',
  },
  runs: (who, state, until) => `${side(who)} leaves ${state} at ${until}, after the end of the capture`,
  givesUp: (who, state, until) => `${side(who)} gives up ${state} at ${until}, unless an answer comes before`,
  findings: 'Findings',
  labels: {
    states: 'States',
    verdict: 'Verdict',
    closedFirst: 'Closed first',
    calls: 'Calls',
    captured: 'Captured',
    later: 'Later',
  },
}

export const list: ListWords = {
  headings: {
    flow: 'flow',
    client: 'client',
    server: 'server',
    packets: 'packets',
    seconds: 'seconds',
    clientState: 'client is',
    serverState: 'server is',
    verdict: 'verdict',
  },
  hint: (flow, file) => `One flow, packet by packet: bothends --flow ${flow} ${file}`,
  noFlows: (tcp) => (tcp === 0 ? 'No TCP connection in this capture.' : 'No connection matches.'),
  noSuchFlow: (flow, flows) => {
    const [first = 0] = flows
    const last = flows.at(-1) ?? 0
    const none = `there is no flow ${flow}`
    if (flows.length === 0) return `${none}: no TCP connection was found`
    if (flows.length === 1) return `${none}: there is only flow ${first}`
    if (last - first < flows.length) return `${none}: there are flows ${first} to ${last}`
    return `${none}: there are ${flows.length} flows from ${first} to ${last}, not all in between`
  },
  more: (n) => `${n} more flows; --all shows them`,
}

export const sockets: SocketWords = {
  title: (host, at, iso) => `${host} at ${at}${iso === '' ? '' : ` (${iso})`}`,
  none: (at) => `No sockets at ${at}.`,
  legend: '? assumed: the capture cannot tell. Recv-Q is never known from a capture.',
  end: 'the end of the capture',
  outside: {
    before: (at, by, iso) =>
      `${at} lies ${seconds(by)} before the first packet (${iso}): this is what the first packets tell of it.`,
    after: (at, by, iso) =>
      `${at} lies ${seconds(by)} behind the last packet (${iso}): this is what would be left if nothing came since; timers ran on.`,
  },
  onItsWay: (packet, local, state) =>
    `#${packet} is still on its way to ${local}, which is in ${state} when it comes.`,
  takenForClosed: (n) =>
    `${n === 1 ? '1 socket more is' : `${n} sockets more are`} taken for CLOSED: assumed, the capture cannot tell.`,
  moreOnTheirWay: (n) => `${n} more packets are on their way to change a state.`,
  countHeading: { time: 'time', host: 'host' },
  leftOut: (at, endAt) =>
    `These would be too many lines: they end at ${at.toFixed(3)}, the capture at ${endAt.toFixed(3)}. A longer interval or --host makes fewer.`,
}

export const capture: CaptureWords = {
  summedUp: (n) => `${n} more connections never came about and are only counted; --max-flows lists more`,
  other: (n, reasons) => `${packets(n)} not TCP or not decoded: ${reasons}`,
  cutHeaders: (n, tcp) =>
    `${n} of ${tcp} TCP packets ${n === 1 ? 'is' : 'are'} cut too short to follow: capture with a larger snap length (tcpdump -s 0)`,
  drops: (n) => `${packets(n)} lost by the capturing host: what looks missing may have been there`,
  clockBehind: (by) =>
    `its clock was ${seconds(by)} behind that of another capture: all its times are told as much later`,
  watchedUntil: (at) =>
    `silence of its connections counts up to ${moment(at)} only: no other capture goes on where it ends`,
  timesGoBack: (at) =>
    `its times go back: silence of its connections counts up to its last packet only, at ${moment(at)}`,
  watchedApart: (n) =>
    `in ${n} captures silence counts only up to where their own packets, or captures that go on there, end`,
  headerOnly: (byte) => `holds no packet, only its header${atByte(byte)}`,
  unknownLink: (type, byte) =>
    `link type ${type} is not known: none of its packets can be decoded${atByte(byte)}`,
}

export const problems: ProblemWords = {
  badTime: (text, several) =>
    `--at ${text}: not a time; give seconds since the first packet (7.0, 500ms), #n (after packet n), end, ISO 8601 or epoch seconds${several ? ', "#n of FILE" for other captures than the first' : ''}`,
  noPacket: (text, n, file, other) =>
    `--at ${text}: no such packet; ${file ?? 'the capture'} has ${n}${other === null ? '' : `; "${other}" is one of another capture`}`,
  noSuchCapture: (text, known) => `--at ${text}: no such capture; there are ${known}`,
  badChoice: (option, value, choices) => `${option} ${value}: choose one of ${choices}`,
  badNumber: (option, value) => `${option} ${value}: not a whole number from 0`,
  unknownHost: (host, known) => `no host ${host} in this capture; there are ${known}`,
  badFilter: (filter, at, found, expected) =>
    `${filter}: character ${at}: ${found === '' ? 'something is missing' : `"${found}" makes no sense here`}${expected === '' ? '' : `; try: ${expected}`}`,
  atAndEvery: '--at and --every: one or the other',
  badInterval: (value) => `--every ${value}: not an interval; for example 1s, 500ms, 2m`,
  cannotRead: (file, why) => `${file}: ${why}`,
  system: (_code, message) => message,
  usage: (_code, message) => message,
  didYouMean: (word) => `; did you mean ${word}?`,
  commandFirst: (command) => `; the command goes before the files: bothends ${command} ...`,
  noCapture: 'no capture given; try: bothends --help',
  failOn: (n, severity) => `${n === 1 ? '1 finding' : `${n} findings`} at or above ${severity}`,
}
