/**
 * `bothends serve`: the report page over HTTP, read again when the capture grows.
 *
 * In: what makes the page, and a stamp that changes with the capture. Out: a server on 127.0.0.1 and its address. Answers
 * only requests that name that address, so that no other site can reach it through a name of its own (DNS rebinding).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { LiveParts } from '../html/index.js'

export interface Served {
  /** The page as HTML, with the parts that wait for news. */
  readonly page: (live: LiveParts) => Promise<string>
  /** Equal as long as the captures are the same: sizes and times of change. */
  readonly stamp: () => Promise<string>
  /** Milliseconds between two looks. */
  readonly interval: number
}

export interface Serving {
  /** `http://127.0.0.1:40123/` */
  readonly address: string
  readonly close: () => Promise<void>
}

const HOST = '127.0.0.1'
const NEWS = '/news'

/** Loads the page again where the reader stands: the address keeps the flow and the packet. */
const LIVE: LiveParts = {
  script: `new EventSource('${NEWS}').addEventListener('changed',()=>location.reload())`,
  policy: "connect-src 'self'",
}

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
} as const

export const serve = async (served: Served): Promise<Serving> => {
  const listeners = new Set<ServerResponse>()
  let stamp = await served.stamp()
  let page = served.page(LIVE)
  // An error is for the one who asks for the page; until then nobody looks.
  page.catch(() => {})
  const watch = setInterval(() => {
    void served.stamp().then(
      (now) => {
        if (now === stamp) return
        stamp = now
        page = served.page(LIVE)
        page.then(
          () => {
            for (const listener of listeners) listener.write('event: changed\ndata:\n\n')
          },
          () => {},
        )
      },
      // Gone for a moment while it is rotated: the page stays as it was.
      () => {},
    )
  }, served.interval)

  const server = createServer((request, response) => {
    if (!isOurs(request, server)) return refuse(response, 403)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405)
    if (request.url === NEWS) return listen(response, listeners)
    if (request.url !== '/') return refuse(response, 404)
    page.then(
      (html) => {
        response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' })
        response.end(request.method === 'HEAD' ? undefined : html)
      },
      () => refuse(response, 500),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // Port 0: the system chooses one that is free.
    server.listen(0, HOST, resolve)
  })
  return {
    address: `http://${HOST}:${portOf(server)}/`,
    close: () => {
      clearInterval(watch)
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const isOurs = ({ headers }: IncomingMessage, server: Server): boolean =>
  headers.host === `${HOST}:${portOf(server)}`

const refuse = (response: ServerResponse, status: number): void => {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain' })
  response.end(`${status}\n`)
}

const listen = (response: ServerResponse, listeners: Set<ServerResponse>): void => {
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' })
  // A comment, so that the browser knows at once that it is connected.
  response.write(': here\n\n')
  listeners.add(response)
  response.on('close', () => listeners.delete(response))
}
