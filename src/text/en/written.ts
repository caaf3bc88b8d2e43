/** English: the words of files and diagrams that others open. */
import type { WrittenWords } from '../written.js'

const packets = (n: number): string => (n === 1 ? '1 packet' : `${n} packets`)

export const written: WrittenWords = {
  key: (version, file) =>
    `the states of both ends after each packet, by bothends ${version}. ` +
    'C is the client, S the server, ? marks a state that the capture cannot tell. ' +
    `Packet numbers are those of ${file}.`,
  moreFindings: (n) => (n === 1 ? '1 more finding' : `${n} more findings`),
  notDrawn: (n) => `${n} more lines are not drawn; --all draws them`,
  oneFlow: (flow) => `flow ${flow}`,
  columns: {
    packet: '#',
    segment: 'segment',
    what: 'what happened',
  },
  capture: 'Capture',
  problems: {
    needsOutput: 'where to? name a file with -o',
    needsFolder: 'where to? name a folder with -o',
    oneCapture: 'write takes exactly one capture',
    exists: (file) => `${file}: exists; --force replaces it`,
    isInput: (file) => `${file}: is the capture itself`,
    notRegular: (file) => `${file}: exists and is no regular file`,
    system: (_code, message) => message,
    cannotWrite: (file, why) => `${file}: cannot be written: ${why}`,
    noFlows: (format) => `--format ${format}: no TCP connection to draw`,
    needsFlow: (format) => `--format ${format} draws one connection: choose it with --flow`,
    notHere: (option, command) => `${option} means nothing to ${command}`,
    linkType: (n) => `link type ${n} has no place in pcapng`,
  },
  remarks: {
    withoutPlace: (n) => `${packets(n)} without a comment: Simple Packet Blocks have no place for one`,
    leftOut: (n) =>
      `${n === 1 ? '1 block' : `${n} blocks`} left out: too long, or not to be copied into a changed file`,
  },
}
