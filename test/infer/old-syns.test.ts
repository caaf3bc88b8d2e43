/** A SYN that comes again is the same attempt, unless its sender had gone on. */
import { expect, it } from 'vitest'
import { oldSyns } from '../../src/infer/old-syns.js'
import { segments } from './connection.js'

const of = (text: string) => [...oldSyns(segments(text))]

it('sent again, without anything else of its sender', () =>
  expect(of('c>s 0 S =1\n s>c 0.1 SA =9 =2\n c>s 1 S =1')).toEqual([0, 0, 0]))
it('behind the ACK of its sender', () =>
  expect(of('c>s 0 S =1\n c>s 0.1 A =2 =10\n c>s 1 S =1\n c>s 2 S =1')).toEqual([0, 0, 1, 1]))
it('with another number', () =>
  expect(of('c>s 0 S =1\n c>s 0.1 A =2 =10\n c>s 1 S =7\n c>s 2 S =7')).toEqual([0, 0, 0, 0]))
it('behind a RST', () => expect(of('c>s 0 S =1\n c>s 0.1 R =2\n c>s 1 S =1')).toEqual([0, 0, 0]))
it('of the other end', () =>
  expect(of('c>s 0 S =1\n c>s 0.1 A =2 =10\n s>c 1 S =1\n s>c 2 A =2 =2\n s>c 3 S =1')).toEqual([
    0, 0, 0, 0, 1,
  ]))
it('behind a thousand others', () => {
  const many = Array.from({ length: 1500 }, (_, n) => `c>s ${n} S =${n * 9 + 5}`)
  expect(of(`c>s 0 S =1\n c>s 0.1 A =2 =10\n ${many.join('\n ')}\n c>s 2000 S =1`).indexOf(1)).toBe(1502)
})
