/**
 * What the lines of a state must hold. The sum at its end says only that nothing was changed by accident; whoever changes
 * a state on purpose can reckon it anew.
 *
 * In: a value out of JSON. Out: whether a state that this version writes can hold it there.
 */
import { ENGLISH_FAULTS } from '../faults-english.js'
import { parseAddress } from '../wire/address.js'
import { NUMBERS } from './segment-line.js'

type Test = (value: unknown) => boolean

const text: Test = (value) => typeof value === 'string'
const finite: Test = (value) => Number.isFinite(value)
const whole: Test = (value) => Number.isSafeInteger(value)
const address: Test = (value) => typeof value === 'string' && parseAddress(value) !== null
const oneOf =
  (...values: readonly unknown[]): Test =>
  (value) =>
    values.includes(value)
const upTo =
  (most: number): Test =>
  (value) =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most
/** Numbers of packets and captures, lengths of lists: tables hold them in 31 bits. */
const count = upTo(0x7fff_ffff)
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null || test(value)
const orAbsent =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value)
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test)
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const recordOf =
  (test: Test): Test =>
  (value) =>
    isObject(value) && Object.values(value).every(test)
const object =
  (fields: Readonly<Record<string, Test>>): Test =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, test]) => test(value[name]))

/** Its numbers end up in a sentence, whatever they are. */
const isFault: Test = (value) =>
  isObject(value) &&
  typeof value.what === 'string' &&
  Object.hasOwn(ENGLISH_FAULTS.faults, value.what) &&
  orNull(finite)(value.byte) &&
  Object.values(value).every((each) => typeof each !== 'object' || each === null)

/** A hostile capture may claim any. */
const time = { seconds: finite, nanoseconds: finite }
const place = { packet: count, capture: count }

export const isHeader = object({
  epoch: orNull(object(time)),
  lastAt: finite,
  captures: listOf(
    object({
      file: text,
      format: text,
      compression: text,
      packets: count,
      tcpPackets: count,
      first: orNull(text),
      last: orNull(text),
      other: recordOf(whole),
      drops: finite,
      damage: orNull(text),
      fault: orAbsent(isFault),
    }),
  ),
  names: recordOf(text),
  forgotten: listOf(object({ ...place, flows: count })),
  conversations: count,
})

const end = object({ address, port: upTo(0xffff) })

export const isConversation = object({
  ends: (value) => Array.isArray(value) && value.length === 2 && value.every(end),
  ipVersion: oneOf(4, 6),
  outer: text,
  icmp: listOf(
    object({
      ...place,
      ...time,
      at: finite,
      to: oneOf(0, 1),
      ipVersion: oneOf(4, 6),
      type: upTo(0xff),
      code: upTo(0xff),
      router: address,
      seq: upTo(0xffff_ffff),
    }),
  ),
  segments: count,
})

/** Of a segment's line, by its place; all others are whole numbers. */
const OF_SEGMENT: ReadonlyMap<number, Test> = new Map([
  [0, count],
  [1, count],
  [3, finite],
  [4, finite],
  [5, oneOf(0, 1)],
  [6, upTo(0xffff)],
  [7, upTo(0xffff_ffff)],
  [8, upTo(0xffff_ffff)],
  [9, upTo(0x7fff_ffff)],
  [10, upTo(0xffff)],
])

export const isSegmentLine = (value: unknown): value is number[] =>
  Array.isArray(value) &&
  value.length >= NUMBERS &&
  value.every((number, at) => (OF_SEGMENT.get(at) ?? whole)(number))
