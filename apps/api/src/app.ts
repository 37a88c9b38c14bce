import { errorKinds, ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { asServiceError } from './as-service-error.ts'
import { dialectOf, dialects } from './dialects/index.ts'
import { errorDocs } from './error-docs.ts'
import { health } from './health.ts'
import { logCalls } from './log-calls.ts'
import type { Env, Services } from './services.ts'

/** The whole HTTP surface. Whatever is thrown in it is answered in the shape of the dialect that owns the path. */
export function createApp(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  app.use(requestId(), logCalls(services), secureHeaders({ strictTransportSecurity: false }))
  app.use(async (c, next) => {
    await next()
    // What a path stands for can be deleted at any time.
    c.header('Cache-Control', 'no-store')
    if (services.draining()) c.header('Connection', 'close')
  })
  app.route('/', health(services))
  app.route('/docs/errors', errorDocs())
  for (const dialect of dialects) app.route('/', dialect.routes(services))
  app.notFound((c) => answerError(services, c, new ServiceError('resource_unknown')))
  app.onError((error, c) => answerError(services, c, error))
  return app
}

function answerError({ log }: Services, c: Context<Env>, thrown: unknown): Response {
  const error = asServiceError(thrown)
  const { status } = errorKinds[error.code]
  const { code } = error
  const failure = { requestId: c.get('requestId'), code }
  if (status === 503) log.warn({ ...failure, reason: String(error.cause ?? '') }, 'call refused')
  else if (status >= 500) log.error({ ...failure, err: thrown }, 'call failed')
  if (error.retryAfter !== undefined) c.header('Retry-After', String(error.retryAfter))
  if (error.allow.length > 0) c.header('Allow', error.allow.join(', '))
  if (status === 401) c.header('WWW-Authenticate', 'Basic realm="csr-foundry", charset="UTF-8"')
  const {
    body,
    contentType,
    status: own = status,
  } = dialectOf(c.req.path).failure(error, c.get('requestId'))
  return c.body(JSON.stringify(body), own, { 'Content-Type': contentType })
}
