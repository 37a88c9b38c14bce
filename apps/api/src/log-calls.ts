import type { HttpBindings } from '@hono/node-server'
import { createMiddleware } from 'hono/factory'
import type { Env, Services } from './services.ts'

/** One line for each call: who, what, how it ended, how long it took. */
export const logCalls = ({ log }: Services) =>
  createMiddleware<Env>(async (c, next) => {
    const started = performance.now()
    // Now: a client that has hung up by the end has no address any more.
    const remote = remoteAddress(c.env)
    await next()
    const principal = c.get('principal')
    log.info(
      {
        requestId: c.get('requestId'),
        method: c.req.method,
        path: c.req.path,
        csrPath: c.req.query('path'),
        status: c.res.status,
        ms: Math.round((performance.now() - started) * 10) / 10,
        remote,
        ...(principal && { tenant: principal.tenant, user: principal.name }),
      },
      'call',
    )
  })

/** The other end of the connection. What a header says of it is not believed: nothing trusted has set it. */
function remoteAddress(bindings: unknown): string | undefined {
  const { incoming } = (bindings ?? {}) as Partial<HttpBindings>
  return incoming?.socket.remoteAddress
}
