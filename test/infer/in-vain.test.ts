/** Whether an end still asks in vain when the capture ends. */
import { describe, expect, it } from 'vitest'
import { CLIENT, SERVER } from '../../src/flow/segment.js'
import { triesInVain } from '../../src/infer/in-vain.js'
import { HANDSHAKE, track } from './connection.js'

const client = (text: string) => triesInVain(track(`${HANDSHAKE}\n${text}`), CLIENT)
const COPIES = 'c>s 1.0 PA 1 1 9\n c>s 1.3 PA 1 1 9\n c>s 1.9 PA 1 1 9'

describe('an end tries in vain', () => {
  it('with three copies of the same bytes', () => expect(client(COPIES)).toBe(true))
  it('with a FIN as well', () =>
    expect(client('c>s 1.0 FA 1 1\n c>s 1.3 FA 1 1\n c>s 1.9 FA 1 1')).toBe(true))
  it('with two probes', () => {
    expect(client('c>s 1 PA 1 1 9\n s>c 1.02 A 1 10\n c>s 60 A 9 1\n c>s 61 A 9 1')).toBe(true)
    expect(client('c>s 1 PA 1 1 9\n s>c 1.02 A 1 10\n c>s 60 A 9 1')).toBe(false)
  })
})

describe('an end does not', () => {
  it('with three segments of which each is new', () =>
    expect(client('c>s 1.0 PA 1 1 9\n c>s 1.3 PA 10 1 9\n c>s 1.9 PA 19 1 9')).toBe(false))
  it('when its peer was heard of in between', () =>
    expect(client('c>s 1.0 PA 1 1 9\n c>s 1.3 PA 1 1 9\n s>c 1.4 A 1 1\n c>s 1.9 PA 1 1 9')).toBe(false))
  it('when nothing of its peer was captured at all: there is one direction only', () =>
    expect(triesInVain(track('c>s 1.0 PA 1 1 9\n c>s 1.3 PA 1 1 9\n c>s 1.9 PA 1 1 9'), CLIENT)).toBe(false))
  it('because the other one does', () =>
    expect(triesInVain(track(`${HANDSHAKE}\n${COPIES}`), SERVER)).toBe(false))
})
