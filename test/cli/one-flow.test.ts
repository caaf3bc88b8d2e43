/** `--flow N` is about that connection alone, in every command. The captures are samples; what they hold is in samples/README.md. */
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

/** Three connections; only the third, of port 40003, was never taken by the server. */
const THREE = 'samples/accept-queue-overflow.pcap'

const run = (...args: string[]) =>
  spawnSync(process.execPath, ['dist/cli.js', '--lang', 'en', ...args], { encoding: 'utf8' })

it('netstat shows its sockets only', () => {
  expect(run('netstat', THREE).stdout).toContain(':40002')
  const { stdout } = run('netstat', '--flow', '0', THREE)
  expect(stdout).toContain(':40001')
  expect(stdout).not.toContain(':40002')
  const lines = run('netstat', '--flow', '0', '--json', THREE).stdout.trim().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { flow?: number }).flow)).toEqual([undefined, 0, 0])
})

it('netstat says which connections there are', () => {
  const { status, stderr } = run('netstat', '--flow', '7', THREE)
  expect(stderr).toContain('there is no flow 7')
  expect(status).toBe(2)
})

it.each(['flows', 'annotate', 'netstat', 'explain'])(
  '--fail-on looks at its findings only: %s',
  (command) => {
    expect(run(command, '--fail-on', 'problem', '--flow', '0', THREE).status).toBe(0)
    expect(run(command, '--fail-on', 'problem', '--flow', '2', THREE).status).toBe(1)
  },
)
