import { connect } from 'node:net'
import { createLogger } from '@csr-foundry/service'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { type Limits, serve, usualLimits } from '../../src/http/serve.ts'
import type { TlsFiles } from '../../src/http/tls-files.ts'
import type { Env } from '../../src/services.ts'

export type TestServer = AsyncDisposable & {
  readonly url: string
  logged(): Record<string, unknown>[]
  /** What comes back for these bytes until the server ends the connection. */
  send(bytes: string): Promise<string>
}

/** A server as the API has it, with an application of these routes. */
export async function startServer(
  routes: (app: Hono<Env & { Bindings: HttpBindings }>) => void,
  { limits, tls }: { limits?: Partial<Limits>; tls?: TlsFiles } = {},
): Promise<TestServer> {
  const app = new Hono<Env & { Bindings: HttpBindings }>()
  routes(app)
  const lines: string[] = []
  const log = createLogger('api', 'info', { write: (line) => lines.push(line) })
  const place = { host: '127.0.0.1', port: 0, tls }
  const server = await serve(app as never, place, log, { ...usualLimits, ...limits })
  const { port } = new URL(server.url)
  return {
    url: server.url,
    logged: () => lines.map((line) => JSON.parse(line)),
    send: (bytes) => send(Number(port), bytes),
    [Symbol.asyncDispose]: () => server.close(50),
  }
}

function send(port: number, bytes: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let received = ''
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
  socket.setEncoding('latin1').on('data', (text) => {
    received += text
  })
  socket.on('error', () => {}).on('close', () => resolve(received))
  return promise
}
