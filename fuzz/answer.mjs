/** What a server answers. In: a port, how to begin, milliseconds. Out: what comes back until nothing comes for so long, as text. */
import { connect } from 'node:net'

/** `begin` is given the socket once it is open. */
export const answerOf = (port, begin, silence) =>
  new Promise((resolve) => {
    const parts = []
    const socket = connect(port, '127.0.0.1', () => begin(socket))
    const over = () => {
      socket.destroy()
      resolve(Buffer.concat(parts).toString('latin1'))
    }
    socket.setTimeout(silence, over)
    socket.on('data', (part) => parts.push(part))
    socket.on('error', over)
    socket.on('close', over)
  })
