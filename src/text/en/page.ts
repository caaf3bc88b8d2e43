/** English: the words of the report page. */
import type { PageWords } from '../page.js'
import { bytes } from './phrases.js'

const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`

export const page: PageWords = {
  title: 'What netstat would have shown at both ends',
  skip: 'Skip to the content',
  language: 'Language',
  theme: { label: 'Colours', auto: 'System', light: 'Light', dark: 'Dark' },
  back: 'All connections',
  overview: 'Overview',
  capture: (packets, tcp, flows) =>
    `${count(packets, 'packet')}, ${count(tcp, 'of them TCP', 'of them TCP')}, ${count(flows, 'connection')}`,
  stack: (stack) =>
    stack === 'linux' ? 'reckoned with Linux timers' : 'reckoned with the timers of RFC 9293',
  other: (packets) => `${count(packets, 'packet')} not TCP or not decoded`,
  drops: (packets) => `${count(packets, 'packet')} lost by the capturing host`,
  findings: {
    heading: 'Findings',
    none: 'Nothing that calls for attention.',
    about: (flows) => count(flows, 'connection'),
    all: (findings) => `Show all ${findings}`,
    fewer: 'Show fewer',
    evidence: 'Evidence',
    causes: 'Possible causes',
    more: (findings) =>
      `${count(findings, 'finding')} left out of this page; bothends --json prints them all.`,
  },
  chart: {
    heading: 'Sockets over time',
    explain:
      'How many sockets each host held in each state. Every strip has its own scale; its peak is at the right.',
    at: (moment) => `at ${moment}`,
    peak: (n) => `peak ${n}`,
    cursor: (host) => `Moment to read off for ${host}`,
    coarse: (seconds) => `Each step shows the highest number within ${seconds}.`,
    more: (hosts) =>
      `${count(hosts, 'host')} with fewer sockets left out; bothends netstat --every 1s counts them all.`,
    none: 'The capture has no length in time.',
  },
  table: {
    heading: 'Connections',
    filter: 'Filter',
    hint: 'address, port, state, verdict',
    verdict: 'Verdict',
    any: 'all',
    shown: (shown, all) =>
      shown === all ? count(all, 'connection') : `${shown} of ${count(all, 'connection')}`,
    none: 'No connection matches.',
    bytes: 'bytes',
    start: 'start',
    duration: 'lasted',
    sort: (column) => `Sort by ${column}`,
    more: (flows, command) =>
      `${count(flows, 'connection')} left out of this page, the uneventful ones first. One of them: ${command}`,
  },
  flow: {
    next: 'Next connection',
    previous: 'Previous connection',
    facts: 'About this connection',
    duration: 'Lasted',
    community: 'Community ID',
    resized: '',
  },
  ladder: {
    heading: 'Packets',
    list: (flow, events) => `Connection ${flow}, ${count(events, 'event')}. Arrow keys step through them.`,
    scale: 'Time scale',
    squeezed: 'squeezed',
    linear: 'linear',
    squeezedHint: 'Long waits are drawn short; the time beside each packet is exact.',
    fold: 'Fold quiet stretches',
    folded: (n, first, last) => `${count(n, 'packet')}, #${first} to #${last}: no state changes`,
    leftOut: (n, first, last, command) =>
      `${count(n, 'packet')} between #${first} and #${last} left out of this page: ${command}`,
    wait: (seconds) => `${seconds} pass`,
    lost: 'lost',
    unseen: (n) => `${bytes(n)} lost before the capture point`,
    timer: {
      syn: 'SYN timer',
      'syn-ack': 'SYN+ACK timer',
      retransmission: 'retransmission timer',
      'time-wait': 'TIME_WAIT timer',
      'fin-wait-2': 'FIN_WAIT_2 timer',
      'keep-alive': 'keep-alive timer',
      'zero-window-probe': 'zero-window probe timer',
    },
    legend: {
      heading: 'How to read it',
      band: 'state of that end',
      assumed: 'assumed: the capture cannot tell',
      hindsight: 'known only from a later packet',
      lost: 'never arrived',
      thrown: 'arrived, thrown away',
      unseen: 'lost before the capture point',
      crossing: 'crossed another packet',
      timer: 'a timer runs',
      silent: 'changed without a packet',
    },
    empty: 'No packet of this connection is in this page.',
  },
  diagram: {
    heading: 'State diagrams',
    label: (who, state) => `State diagram of the ${who}: now ${state}`,
    stays: 'no change',
    start: 'before the first packet',
    source: 'RFC 9293, figure 5',
  },
  detail: {
    heading: 'What happened',
    before: 'Before the first packet.',
    nothing: 'Nothing changed at either end.',
    position: (n, all) => `${n} of ${all}`,
  },
  replay: {
    heading: 'Replay',
    play: 'Play',
    pause: 'Pause',
    first: 'To the start',
    previous: 'Step back',
    next: 'Step forward',
    last: 'To the end',
    position: 'Position in the replay',
    speed: 'Speed',
    squeezed: (real, shown) => `${real} shown in ${shown}`,
    timing: 'Original timing; long waits are squeezed and tiny ones stretched.',
    keys: 'Space plays and pauses, the arrow keys step, Home and End jump.',
    value: (n, all, moment) => `event ${n} of ${all}, ${moment}`,
    start: 'the start',
  },
  netstat: {
    heading: 'netstat on both hosts',
    of: (host) => `Sockets of ${host}`,
    none: 'no socket',
    others: (sockets) => `${count(sockets, 'other socket')} on this host`,
    unknownQueue: '? assumed, or not to be known from a capture',
    own: 'this connection',
  },
  printed: 'Made by bothends',
  live: 'The capture has grown; the page was read again.',
}
