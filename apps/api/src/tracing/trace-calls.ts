import { traceCall } from '@csr-foundry/service'
import { createMiddleware } from 'hono/factory'
import { csrPathOf } from '../log-calls.ts'
import { dialectNameOf, routeOf } from '../metrics/count-calls.ts'
import type { Env } from '../services.ts'

/** What is asked for all day long, by machines that look after others. */
const checks = /^\/(healthz|readyz|metrics)$/

/**
 * A span for each call, in the trace of its caller where that sends a `traceparent`. It says which route, never which path: the
 * route is a pattern, and what a caller puts into a path or a query may be anything.
 */
export const traceCalls = createMiddleware<Env>(async (c, next) => {
  const { method, path } = c.req
  if (checks.test(path)) return await next()
  await traceCall({
    traceparent: c.req.header('traceparent'),
    work: next,
    answered: () => {
      const route = routeOf(c)
      const { status } = c.res
      return {
        name: `${method} ${route}`,
        facts: {
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': status,
          'csr_foundry.dialect': dialectNameOf(path),
          'csr_foundry.request_id': c.get('requestId'),
          'csr_foundry.path': csrPathOf(c),
        },
        failed: status >= 500,
      }
    },
  })
})
