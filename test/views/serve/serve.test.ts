/** The server of the report page, spoken to over HTTP. */
import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { type Served, type Serving, serve } from '../../../src/views/serve/index.js'

let running: Serving | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

const start = async (made: Partial<Served> = {}): Promise<Serving> => {
  running = await serve({ page: async () => '<p>page</p>', stamp: async () => 'one', interval: 20, ...made })
  return running
}

interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, unknown>>
}

const ask = (
  address: string,
  path = '/',
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(new URL(path, address), { headers, method }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        body += piece
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }))
    })
    sent.on('error', reject)
    sent.end()
  })

/** The first event of the stream. */
const news = (address: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const sent = request(new URL('/news', address), (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        text += piece
        const event = /^event: (\w+)/m.exec(text)?.[1]
        if (event === undefined) return
        response.destroy()
        resolve(event)
      })
    })
    sent.on('error', reject)
    sent.end()
  })

describe('serve', () => {
  it('listens on 127.0.0.1 only, on a port of the system', async () => {
    const { address } = await start()
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d{4,5}\/$/)
    const { status, body, headers } = await ask(address)
    expect([status, body]).toEqual([200, '<p>page</p>'])
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-frame-options': 'DENY' })
    const elsewhere = address.replace('127.0.0.1', '127.0.0.2')
    await expect(ask(elsewhere)).rejects.toThrow(/ECONNREFUSED/)
  })

  it('answers nobody who calls it by another name', async () => {
    const { address } = await start()
    expect((await ask(address, '/', { host: 'evil.example' })).status).toBe(403)
    expect((await ask(address, '/news', { host: `localhost:${new URL(address).port}` })).status).toBe(403)
  })

  it('has one page, to be read', async () => {
    const { address } = await start()
    expect((await ask(address, '/../etc/passwd')).status).toBe(404)
    expect((await ask(address, '/', {}, 'POST')).status).toBe(405)
    expect(await ask(address, '/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' })
  })

  it('tells when the capture has grown, and has the new page then', async () => {
    let stamp = 'one'
    const { address } = await start({ stamp: async () => stamp, page: async () => `page of ${stamp}` })
    expect((await ask(address)).body).toBe('page of one')
    const told = news(address)
    stamp = 'two'
    expect(await told).toBe('changed')
    expect((await ask(address)).body).toBe('page of two')
  })

  it('stays as it was while the capture is gone', async () => {
    let gone = false
    const { address } = await start({
      stamp: async () => {
        if (gone) throw new Error('ENOENT')
        return 'one'
      },
    })
    gone = true
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect((await ask(address)).status).toBe(200)
  })

  it('says so when the page could not be made, and makes it at the next change', async () => {
    let stamp = 'one'
    const { address } = await start({
      stamp: async () => stamp,
      page: async () => {
        if (stamp === 'one') throw new Error('half a header')
        return 'whole'
      },
    })
    expect((await ask(address)).status).toBe(500)
    const told = news(address)
    stamp = 'two'
    await told
    expect((await ask(address)).body).toBe('whole')
  })
})
