/**
 * How long the whole of a call may take to arrive. Node has one limit for all calls; here a call whose body is read as a stream is
 * let off it, once it is known who sends it. Whoever reads such a body looks himself that it does not stop.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'

const streamed = new WeakSet<IncomingMessage>()

/** Lets the body of a call take as long as it needs. */
export function letBodyTakeLong(c: Context): void {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>
  if (incoming) streamed.add(incoming as IncomingMessage)
}

/** Whether a call is answered before its body is there. */
export function bodyStillComes(c: Context): boolean {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>
  return (
    incoming?.headers !== undefined && hasBody(incoming as IncomingMessage) && !incoming.complete
  )
}

type Deadline = { readonly requestTimeout: number; readonly connectionsCheckingInterval: number }

/** Ends calls that have not arrived whole in time, as Node itself does by its `requestTimeout`. */
export function endLateCalls(
  server: Server,
  { requestTimeout, connectionsCheckingInterval }: Deadline,
): void {
  const arriving = new Map<IncomingMessage, number>()
  server.on('request', (incoming: IncomingMessage) => {
    if (!hasBody(incoming)) return
    arriving.set(incoming, performance.now())
    incoming.once('close', () => arriving.delete(incoming))
  })
  const timer = setInterval(() => {
    const latest = performance.now() - requestTimeout
    for (const [incoming, since] of arriving) {
      if (incoming.complete || streamed.has(incoming)) arriving.delete(incoming)
      else if (since < latest) {
        arriving.delete(incoming)
        server.emit('clientError', tooLate(), incoming.socket)
      }
    }
  }, connectionsCheckingInterval)
  timer.unref()
  server.once('close', () => clearInterval(timer))
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** The error that Node gives. */
const tooLate = () =>
  Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
