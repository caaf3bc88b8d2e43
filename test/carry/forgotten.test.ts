/** Connections that are over and long quiet are not carried on, and the others keep their numbers. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import type { Carried } from '../../src/carry/carried.js'
import { inFolder } from '../capture/collect.js'
import { type Frame, NORMAL, pcap } from '../cli/capture.js'

/** A whole connection, or its beginning. */
const connection = (at: number, port: number, frames: readonly Frame[] = NORMAL, numbers = 0): Frame[] =>
  frames.map((frame) => ({
    ...frame,
    at: frame.at + at,
    port,
    seq: frame.seq + numbers,
    ack: frame.ack === 0 ? 0 : frame.ack + numbers,
  }))

/** One that closes early, one that stays open, then those of much later. */
const FILES: readonly (readonly Frame[])[] = [
  [
    ...connection(0, 1001),
    ...connection(1, 1002, NORMAL.slice(0, 4)),
    ...connection(2, 1003),
    ...connection(3, 1004, NORMAL.slice(0, 3)),
  ],
  [...connection(900, 1005), ...connection(901, 1003, NORMAL, 1_000_000)],
  [...connection(2000, 1006), ...connection(2001, 1002, NORMAL.slice(4))],
]

const run = async (files: readonly string[]) => {
  let carried: Carried | undefined
  const reports = []
  const states: Carried[] = []
  for (const file of files) {
    const leave = (left: Carried): void => {
      carried = left
      states.push(left)
    }
    reports.push(await analyze([file], { ...(carried && { carried }), leave }))
  }
  return { reports, states }
}

const ports = (conversations: Carried['conversations']): number[] =>
  conversations.map(({ ends }) => ends[0].port).sort((a, b) => a - b)

describe('what a run leaves', () => {
  it('is what may still change, and the numbers go on', () =>
    inFolder(async (folder) => {
      const files = FILES.map((frames, index) => {
        const file = join(folder, `part${index}`)
        writeFileSync(file, pcap(frames))
        return file
      })
      const { reports, states } = await run(files)
      // 1003 is used again while it is remembered; 1001 is over.
      expect(states.map(({ conversations }) => ports(conversations))).toEqual([
        [1001, 1002, 1003, 1004],
        [1002, 1003, 1004, 1005],
        [1002, 1004, 1006],
      ])
      expect(states.map(({ forgotten }) => forgotten.map(({ flows }) => flows))).toEqual([[], [1], [1, 1, 2]])
      // They are said to go on with each other, though a quarter of an hour lies between them.
      const whole = await analyze(files, { leave: () => {} })
      const last = new Map(reports.flatMap(({ flows }) => flows.map((flow) => [flow.flow, flow] as const)))
      expect(last.size).toBe(whole.flows.length)
      for (const flow of whole.flows) expect(last.get(flow.flow)).toEqual(flow)
      const [, , third] = reports
      expect(third?.flows.map(({ flow, client }) => [flow, client.port])).toEqual([
        [1, 1002],
        [2, 1003],
        [3, 1004],
        [4, 1005],
        [5, 1003],
        [6, 1006],
      ])
    }))
})
