/**
 * What a process finds beside it: files for what reads only files, something that is called instead of a browser.
 *
 * In: bytes. Out: a file's name; the folder goes with the process.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

export const folder = mkdtempSync(join(tmpdir(), 'bothends-fuzz-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

export const fileOf = (bytes, name = 'capture') => {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  return file
}

/** A PATH on which the name that opens a browser on Linux only writes down its arguments, and these. */
export function browser() {
  const bin = join(folder, 'bin')
  const list = join(folder, 'opened')
  mkdirSync(bin, { recursive: true })
  writeFileSync(list, '')
  writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$@" >> '${list}'\n`)
  chmodSync(join(bin, 'xdg-open'), 0o755)
  return { path: `${bin}${delimiter}${process.env.PATH}`, opened: () => readFileSync(list, 'latin1') }
}
