/**
 * The command as a process: arguments made of the input, on a capture or what is none. It ends with 0, 1, 2 or 130, says
 * nothing that moves a cursor, and never shows a stack.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { browser, fileOf, folder } from '../beside.mjs'
import { must } from '../outputs.mjs'

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const SAMPLE = fileURLToPath(new URL('../corpus/capture/syncookies.pcap', import.meta.url))
const sample = readFileSync(SAMPLE)
const PAGE = '<!doctype html>'
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
  // They wait; targets/served.mjs looks at the one, targets/follow.mjs at the other.
  if (args.some((each) => /^(?:serve|--follow)$/.test(each))) return
  const opens = args.includes('--open')
  if (opens && process.platform !== 'linux') return
  const { path, opened } = browser()
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    input: sample,
    encoding: 'latin1',
    timeout: LONG,
    maxBuffer: 1 << 28,
    env: { PATH: path, HOME: folder, TMPDIR: folder, COLUMNS: '100' },
  })
  must(error === undefined || error.code === 'E2BIG', 'command: ends', [args, error?.message])
  must([0, 1, 2, 130].includes(status), 'command: exit status', [args, status, signal, stderr])
  must(!/^\s+at .*[:(]/m.test(stderr), 'command: no stack trace', [args, stderr])
  must(!CONTROL.test(stderr), 'command: no control character on stderr', [args, stderr])
  must(!CONTROL.test(stdout) || isBinary(args), 'command: no control character', [
    args,
    CONTROL.exec(stdout)?.[0],
  ])
  if (opens) {
    // Nobody waits for the browser.
    for (let wait = 0; opened() === '' && status === 0 && wait < 500; wait += 20) await setTimeout(20)
    const pages = opened().split('\n').slice(0, -1)
    const isPage = (file) =>
      file.startsWith('/') && existsSync(file) && readFileSync(file, 'latin1').startsWith(PAGE)
    must(pages.length <= 1 && pages.every(isPage), 'command: --open opens the page that was written', [
      args,
      pages,
    ])
  }
  if (!args.some((each) => each.startsWith('--f')) && existsSync(mine))
    must(readFileSync(mine, 'utf8') === 'mine', 'command: a file that was there stays', args)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\x1b(?!\[[0-9;]*m)/
/** A pcapng to standard output. */
const isBinary = (args) => args.includes('write')
