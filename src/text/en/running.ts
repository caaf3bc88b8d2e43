/** English: the words of long runs. */
import type { RunningWords } from '../running.js'

const count = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`

export const running: RunningWords = {
  task: { reading: 'reading', replaying: 'replaying' },
  rate: {
    reading: (amount) => `${amount.replace(/\d$/, '$& ')}B/s`,
    replaying: (amount) => `${amount} packets/s`,
  },
  left: (time) => `${time} left`,
  interrupted: (packets, flows) =>
    `interrupted: only ${count(packets, 'packet')} and ${count(flows, 'connection')} were looked at`,
  beyondKernel: (file, setting, least, most) =>
    `${file}: ${setting}: a kernel accepts ${least} to ${most}; reckoned with the nearest`,
  outOfMemory: (mebibytes) =>
    `${mebibytes} MiB of memory are not enough. One connection (--flow N), a filter, or parts of the capture take less.`,
  passedOver: (line) => `${line}; passed over`,
  noCaptures: (files, named) =>
    `${files} files are no captures, passed over: ${named.join(', ')}${files > named.length ? ` and ${files - named.length} more` : ''}`,
  follow: {
    truncated: (file) => `${file}: was cut back; read again from its start`,
    rotated: (file) => `${file}: is another file now; reading that one`,
  },
  letGo: (flows) =>
    `${count(flows, 'connection')} let go, the longest silent first: too many at once to remember`,
  revised: 'revised',
  begins: (flow, client, server) => `flow ${flow}: ${client} (client), ${server} (server)`,
  state: {
    notState: (file) => `${file}: is no saved state`,
    otherVersion: (file, version, known) =>
      `${file}: is a state of version ${version}, this program knows version ${known}; analyse its captures again`,
    damaged: (file) => `${file}: is damaged or cut short; analyse its captures again`,
    occupied: (file) => `${file}: exists and is no saved state`,
    notSaved: (file) => `${file}: not written, because the run was interrupted`,
  },
  oneToFollow: '--follow takes one file',
}
