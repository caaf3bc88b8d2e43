/** A file for what reads only files. In: bytes. Out: its name; the folder goes with the process. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const folder = mkdtempSync(join(tmpdir(), 'bothends-fuzz-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

export const fileOf = (bytes, name = 'capture') => {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  return file
}
