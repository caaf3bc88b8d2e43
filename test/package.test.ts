/** The package as others get it: packed, unpacked in an empty folder, run, imported from JavaScript and TypeScript. */
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VERSION } from '../src/index.js'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

interface Manifest {
  readonly version: string
  readonly bin: { readonly bothends: string }
  readonly dependencies: Readonly<Record<string, string>>
}
const manifest = JSON.parse(read('package.json')) as Manifest

test('the version is the same in package.json and in the source', () => {
  expect(VERSION).toBe(manifest.version)
})

test('the lock file has every platform of every binary', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>
  }
  // npm drops those of other platforms when it writes a lock from a full node_modules; `npm ci` then fails everywhere.
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        lock.packages[`node_modules/${name}`]?.version === undefined &&
        lock.packages[`${path}/node_modules/${name}`]?.version === undefined,
    ),
  )
  expect(missing).toEqual([])
})

describe('packed and installed elsewhere', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bothends-package-')))
  const installed = join(folder, 'node_modules', 'bothends')
  const node = (args: readonly string[], cwd: string): string =>
    execFileSync(process.execPath, args, { cwd, encoding: 'utf8', env: { ...process.env, COLUMNS: '80' } })

  beforeAll(() => {
    if (!existsSync(join(root, 'dist', 'cli.js'))) throw new Error('dist/ is missing: npm run build')
    mkdirSync(installed, { recursive: true })
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root })
    const tarball = join(folder, `bothends-${manifest.version}.tgz`)
    execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1'])
    // What npm would install beside it: what it depends on, and nothing that only we need.
    const needed = (name: string): string[] => {
      const { dependencies = {} } = JSON.parse(
        read(join('node_modules', name, 'package.json')),
      ) as Partial<Manifest>
      return [name, ...Object.keys(dependencies).flatMap(needed)]
    }
    for (const name of new Set(Object.keys(manifest.dependencies).flatMap(needed)))
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  test('holds what its documents and commands speak of, and no tests', () => {
    for (const file of [
      'README.md',
      'README.zh-CN.md',
      'LICENSE',
      'docs/json.md',
      'samples/README.md',
      'dist/index.d.ts',
    ])
      expect(existsSync(join(installed, file)), file).toBe(true)
    for (const file of ['test', 'src', 'samples/record'])
      expect(existsSync(join(installed, file)), file).toBe(false)
  })

  test('the command runs', () => {
    const cli = join(installed, manifest.bin.bothends)
    expect(readFileSync(cli, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true)
    expect(node([cli, '--version'], folder)).toBe(`${VERSION}\n`)
    const ladder = node([cli, '--lang', 'en', join(installed, 'samples', 'connect-refused.pcap')], folder)
    expect(ladder).toContain('ECONNREFUSED')
  })

  test("the README's program runs as it stands, and is right in strict TypeScript", () => {
    const [, program] = /```ts\n([\s\S]*?)```/.exec(read('README.md')) ?? []
    if (program === undefined) throw new Error('README.md has no program')
    writeFileSync(join(folder, 'program.mjs'), program)
    const printed = node([join(folder, 'program.mjs')], installed).split('\n')
    // Line 3 is the whole story: the captured ACK, and the server that never had it (samples/truth).
    expect(printed.slice(0, 3)).toEqual([
      '#1 S  SYN_SENT / SYN_RECEIVED',
      '#2 SA ESTABLISHED / SYN_RECEIVED',
      '#3 A  ESTABLISHED / SYN_RECEIVED',
    ])

    writeFileSync(join(folder, 'program.ts'), program)
    // CommonJS has no `await` outside of a function.
    const required = program.replace('const report', 'void (async () => {\nconst report').concat('})()\n')
    writeFileSync(join(folder, 'required.cts'), required)
    writeFileSync(
      join(folder, 'required.cjs'),
      required.replace(/import (.*) from ('bothends')/, 'const $1 = require($2)'),
    )
    expect(node([join(folder, 'required.cjs')], installed).split('\n')).toEqual(printed)
    writeFileSync(
      join(folder, 'types.ts'),
      `import { analyze, CaptureError, type Report, type State } from 'bothends'
       const states = (report: Report): State[] => report.flows.map((flow) => flow.server.state)
       export const wrong: 'no state' = (await analyze([])).flows[0]?.client.state
       export const right = states(await analyze([]))
       export const caught = (error: unknown) => error instanceof CaptureError`,
    )
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    // No types of Node: who uses the library may have none.
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023']
    let said = ''
    try {
      node([tsc, ...options, 'program.ts', 'types.ts', 'required.cts'], folder)
    } catch (error) {
      said = String((error as { stdout?: unknown }).stdout)
    }
    // The one line that is wrong on purpose, so that types are known to be found at all.
    expect(said.match(/error TS\d+/g)).toEqual(['error TS2322'])
    expect(said).toContain('types.ts(3,')
  }, 60_000)
})
