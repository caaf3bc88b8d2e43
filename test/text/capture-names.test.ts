/** Which capture a frame number counts in. */
import { describe, expect, it } from 'vitest'
import type { Note } from '../../src/notes.js'
import { inCaptures, namesOf, numbered } from '../../src/text/capture-names.js'
import { en } from '../../src/text/en/index.js'
import { say } from '../../src/text/note.js'
import { zh } from '../../src/text/zh/index.js'

const FILES = ['day/client.pcap', 'day/server.pcap']
const several = inCaptures(en, FILES)

describe('a frame number', () => {
  it('is told with its capture where there are several', () => {
    expect(numbered(several, 12, 1)).toBe('12 of server.pcap')
    expect(numbered(inCaptures(zh, FILES), 12, 1)).toBe('12 (server.pcap)')
    expect(numbered(several, 12, undefined)).toBe(12)
  })
  it('is told alone where there is one', () => expect(numbered(inCaptures(en, ['a.pcap']), 12, 0)).toBe(12))
  it('names the folder too where names are alike', () =>
    expect(numbered(inCaptures(en, ['a/x.pcap', 'b/x.pcap']), 1, 1)).toBe('1 of b/x.pcap'))

  it('is told without the folder that all are in', () => {
    expect(namesOf(['/t/a/x.pcap', '/t/ab/x.pcap', '/t/y.pcap'])).toEqual(['a/x.pcap', 'ab/x.pcap', 'y.pcap'])
    expect(namesOf(['/x.pcap', '/t/x.pcap'])).toEqual(['x.pcap', 't/x.pcap'])
    expect(namesOf(['x.pcap', 'x.pcap'])).toEqual(['x.pcap', 'x.pcap'])
  })
  it('brings no control characters of a file name', () =>
    expect(numbered(inCaptures(en, ['a', '\u001b[2J']), 1, 1)).toBe('1 of \\u{1b}[2J'))
})

describe('a note', () => {
  const note: Note = { code: 'spurious-retransmission', of: 3, shownBy: 7, shownByCapture: 1 }
  const packet = (n: number, capture: number) => numbered(several, n, capture)
  const voice = { from: 'client', state: String } as const
  it('says of which capture the other packet is', () =>
    expect(say(en.notes, note, { ...voice, packet })).toBe(
      'The segment of #3 again although it had arrived, as #7 of server.pcap shows.',
    ))
  it('says numbers alone without names', () =>
    expect(say(en.notes, note, voice)).toBe('The segment of #3 again although it had arrived, as #7 shows.'))
})
