/** An end that had closed before the capture began. Identifications as Linux 6 sends them. */
import { expect, it } from 'vitest'
import { CLIENT, SERVER } from '../../src/flow/segment.js'
import { closedBefore } from '../../src/infer/closed-before.js'
import { flow, segments, statesOf } from './connection.js'

const found = (text: string) => closedBefore(segments(text))

/** The client had closed; the server sends the rest, and its FIN is answered without a socket. */
const CLOSED = `
  s>c 0.00 PA 1 2 100 id=70
  c>s 0.02 A 2 101 id=9
  s>c 1.00 FA 101 2 id=71
  c>s 1.02 A 2 102 id=0`

it('is the one whose last ACKs no socket counts', () => {
  expect(found(CLOSED)).toBe(CLIENT)
  expect(found(CLOSED.replaceAll('c>s', 'x').replaceAll('s>c', 'c>s').replaceAll('x', 's>c'))).toBe(SERVER)
})
it('goes from FIN_WAIT_2 to TIME_WAIT, and its peer has it all', () => {
  const of = flow(CLOSED)
  expect(statesOf(of)).toEqual([
    'FIN_WAIT_2 CLOSE_WAIT',
    'FIN_WAIT_2 CLOSE_WAIT',
    'TIME_WAIT LAST_ACK',
    'TIME_WAIT CLOSED',
  ])
  expect(of.spans.client[0]).toMatchObject({ state: 'FIN_WAIT_2', from: null, certainty: 'assumed' })
  expect(of.verdict).toBe('closed')
})
it('is not told where the socket itself answers', () => {
  expect(found(CLOSED.replace('id=0', 'id=10'))).toBeNull()
  expect(statesOf(flow(CLOSED.replace('id=0', 'id=10')))[3]).toBe('CLOSE_WAIT FIN_WAIT_2')
})
it('is not told of a host that numbers nothing, nor after text or a FIN of its own', () => {
  expect(found(CLOSED.replace('id=9', 'id=0'))).toBeNull()
  expect(found(CLOSED.replace('c>s 0.02 A 2 101', 'c>s 0.02 PA 2 101 50'))).toBeNull()
  expect(found(CLOSED.replace('c>s 0.02 A 2 101', 'c>s 0.02 FA 2 101'))).toBeNull()
})
it('is not told while its peer still lacks what it sent last', () => {
  expect(found(CLOSED.replace('PA 1 2', 'PA 1 1'))).toBeNull()
})

/** Who never sends text or a FIN may have closed before as well: nothing then tells CLOSE_WAIT from TIME_WAIT. */
const QUIET = CLOSED.replace('id=0', 'id=10')
it('that it may have closed is said, where nothing shows that it had not', () => {
  const { client, server } = flow(QUIET, { goesOn: 60 })
  expect([client, server]).toMatchObject([
    { state: 'CLOSE_WAIT', certainty: 'assumed' },
    { certainty: 'assumed' },
  ])
  const spoke = flow(`${QUIET}\n c>s 9 PA 2 102 50`, { goesOn: 60 })
  expect(spoke.client).toMatchObject({ state: 'CLOSE_WAIT', certainty: 'implied' })
})
