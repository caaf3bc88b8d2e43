/**
 * Any bytes to the server of `bothends serve`: it goes on, and gives the page only to who names its own address.
 */
import { serve } from '../../dist/views/serve/index.js'
import { answerOf } from '../answer.mjs'
import { must } from '../outputs.mjs'

const PAGE = 'the page of the capture'
let serving = null
const start = () => serve({ page: async () => PAGE, stamp: async () => 'always', interval: 1e9 })
/** Milliseconds: who says nothing more has his answer. */
const SILENCE = 20

export const fuzz = async (data) => {
  serving ??= await start().then((made) => {
    process.on('exit', () => void made.close())
    return made
  })
  const port = Number(new URL(serving.address).port)
  // The port is chosen by the system: inputs name it so.
  const request = data.toString('latin1').replaceAll('PORT', String(port))
  const answer = await ask(port, request)
  const host = /^host:[ \t]*([^\r\n]*?)[ \t]*\r?$/im.exec(request)?.[1]
  if (answer.includes(PAGE))
    must(host === `127.0.0.1:${port}`, 'serve: the page for its own address only', request)
  must(!/\n\s+at /.test(answer), 'serve: no stack trace', answer)
  const next = await ask(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`, 2000)
  must(next.startsWith('HTTP/1.1 200 ') && next.includes(PAGE), 'serve: goes on', [request, next])
}

const ask = (port, request, silence = SILENCE) =>
  answerOf(port, (socket) => socket.write(request, 'latin1'), silence)
