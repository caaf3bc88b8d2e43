/** English: what `--help` says. */
import type { HelpWords } from '../help.js'

export const help: HelpWords = {
  about:
    'What netstat would have shown on both machines, after every packet of a tcpdump capture.\n' +
    'One connection: a ladder of packets between the states of both ends. Many: a table of connections.',
  captures: 'pcap, pcapng, also compressed; - for standard input',
  annotate: 'every packet with both states; with --json as NDJSON',
  flows: 'the connections, worst first',
  netstat: 'the sockets of each host at a moment, as netstat prints them',
  report: 'one HTML page that opens anywhere: findings, ladder, state diagrams, replay',
  serve: 'the same page on 127.0.0.1, read again when the capture grows',
  write: 'the same packets as pcapng, both states in a comment of each, for Wireshark',
  export: 'packets, flows, findings and transitions as tables, for DuckDB and others',
  options: {
    flow: 'only the connection with this number',
    json: 'one JSON object a line',
    stack: 'whose timers and habits to reckon with: linux or rfc9293',
    sysctl: 'kernel settings (sysctl -a) of both hosts, or of client=FILE, server=FILE',
    failOn: 'exit with 1 when there is a finding of note, warning or problem, or worse',
    lang: 'language: en or zh; else the locale decides',
    names: 'spelling of states: netstat, rfc or ss',
    absolute: 'sequence numbers as on the wire, not from 0',
    all: 'every packet and every connection; nothing is folded',
    ascii: 'only ASCII characters',
    colour: 'auto, always or never',
    time: 'time column: r since the first packet, d since the line above, a or ad local time, u or ud UTC, e epoch',
    why: 'under each packet the rules that fired, with their section',
    at: 'moment: epoch seconds, ISO 8601, or #n for after packet n; repeatable',
    host: 'only the sockets of this address',
    timers: 'with timers, as netstat -o',
    every: 'how many sockets are in each state, at every interval: 1s, 500ms, 2m',
    format:
      'mermaid, plantuml, markdown, csv or json instead of the drawing; of export: parquet, ndjson or csv',
    output: 'where to: a file for report and write, a folder for export',
    force: 'replace files that are there already',
    open: 'show it in the browser',
    version: 'print the version',
    help: 'print this help',
  },
  headings: {
    usage: 'Usage:',
    arguments: 'Arguments:',
    options: 'Options:',
    common: 'For every command:',
    commands: 'Commands:',
  },
  examples: [
    ['tcpdump -w trace.pcap tcp', 'record'],
    ['bothends trace.pcap', 'one connection: its ladder; many: a table'],
    ['bothends --flow 3 --why trace.pcap', 'connection 3, with the rule behind every state'],
    ['bothends netstat --at "#12" -o trace.pcap', 'both hosts after packet 12'],
    ['bothends annotate --json trace.pcap | jq .', 'for programs'],
    ['bothends report trace.pcap -o report.html --open', 'a page to look at and to pass on'],
    ['bothends write trace.pcap -o annotated.pcapng', 'for Wireshark'],
    ['ssh gate tcpdump -U -w - tcp | bothends -', 'from a pipe'],
  ],
  exampleHeading: 'Examples:',
  exits:
    'Exit status: 0 it ran; 1 a finding matched --fail-on; 2 wrong usage, or a capture that cannot be read to its end.',
}
