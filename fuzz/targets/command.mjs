/**
 * The command as a process: arguments made of the input, on a capture or what is none. It ends with 0, 1, 2 or 130, says
 * nothing that moves a cursor, and never shows a stack.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileOf, folder } from '../beside.mjs'
import { must } from '../outputs.mjs'

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const SAMPLE = fileURLToPath(new URL('../corpus/capture/syncookies.pcap', import.meta.url))
const sample = readFileSync(SAMPLE)
/** Milliseconds. */
const LONG = 60_000

/** Arguments stand between NULs; these names stand for files. */
export const argumentsOf = (data) => data.toString('utf8').split('\0').slice(0, 40)

export const fuzz = async (data) => {
  const mine = fileOf('mine', 'mine')
  const files = {
    SAMPLE,
    DATA: fileOf(data, 'data.pcap'),
    OUT: join(folder, 'out'),
    MINE: mine,
    FOLDER: folder,
  }
  rmSync(files.OUT, { recursive: true, force: true })
  const args = argumentsOf(data).map((each) =>
    each.replace(/\b(?:SAMPLE|DATA|OUT|MINE|FOLDER)\b/g, (name) => files[name]),
  )
  // Opens a browser, or waits for one.
  if (args.some((each) => /^(?:--open|serve|--follow)$/.test(each))) return
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    input: sample,
    encoding: 'latin1',
    timeout: LONG,
    maxBuffer: 1 << 28,
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, COLUMNS: '100' },
  })
  must(error === undefined || error.code === 'E2BIG', 'command: ends', [args, error?.message])
  must([0, 1, 2, 130].includes(status), 'command: exit status', [args, status, signal, stderr])
  must(!/^\s+at .*[:(]/m.test(stderr), 'command: no stack trace', [args, stderr])
  must(!CONTROL.test(stderr), 'command: no control character on stderr', [args, stderr])
  must(!CONTROL.test(stdout) || isBinary(args), 'command: no control character', [
    args,
    CONTROL.exec(stdout)?.[0],
  ])
  if (!args.some((each) => each.startsWith('--f')) && existsSync(mine))
    must(readFileSync(mine, 'utf8') === 'mine', 'command: a file that was there stays', args)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\x1b(?!\[[0-9;]*m)/
/** A pcapng to standard output. */
const isBinary = (args) => args.includes('write')
