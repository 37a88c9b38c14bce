import { createMiddleware } from 'hono/factory'
import type { Env, Services } from './services.ts'

/** One line for each call: who, what, how it ended, how long it took. */
export const logCalls = ({ log }: Services) =>
  createMiddleware<Env>(async (c, next) => {
    const started = performance.now()
    await next()
    const principal = c.get('principal')
    const { method, path, url } = c.req
    log.info(
      {
        requestId: c.get('requestId'),
        method,
        path,
        csrPath: url.includes('path=') ? c.req.query('path') : undefined,
        status: c.res.status,
        ms: Math.round((performance.now() - started) * 10) / 10,
        remote: c.get('address'),
        tenant: principal?.tenant,
        user: principal?.name,
      },
      'call',
    )
  })
