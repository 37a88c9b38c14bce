import { errorKinds, isTracing, ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { compress } from 'hono/compress'
import { asServiceError } from './as-service-error.ts'
import { clientAddress } from './authentication/client-address.ts'
import { loadedConsole } from './console/load-console.ts'
import { dialectOf, dialects } from './dialects/index.ts'
import { docsPage } from './docs-page.ts'
import { errorDocs } from './error-docs.ts'
import { health } from './health.ts'
import { setAnswerHeader } from './http/answer-headers.ts'
import { bodyStillComes } from './http/body-deadlines.ts'
import { allowOrigins } from './http/cors.ts'
import { requestIds } from './http/request-ids.ts'
import { logCalls } from './log-calls.ts'
import { countCalls } from './metrics/count-calls.ts'
import { openApiJson } from './openapi/openapi-json.ts'
import { boardPath, queueDashboard } from './queue-dashboard/queue-dashboard.ts'
import type { Env, Services } from './services.ts'
import { traceCalls } from './tracing/trace-calls.ts'

export type AppOptions = {
  /** Origins whose pages may call; none: no CORS at all. */
  readonly corsOrigins?: readonly string[]
}

/** The whole HTTP surface. Whatever is thrown in it is answered in the shape of the dialect that owns the path. */
export function createApp(services: Services, { corsOrigins = [] }: AppOptions = {}): Hono<Env> {
  const app = new Hono<Env>()
  app.use(requestIds, ...(isTracing() ? [traceCalls] : []))
  app.use(clientAddress(services), logCalls(services), countCalls(services))
  app.use(async (c, next) => {
    await next()
    // What still comes of a body is not read to its end: a client that sent its next call behind it would see that call break.
    if (services.draining() || bodyStillComes(c)) setAnswerHeader(c, 'Connection', 'close')
  })
  if (corsOrigins.length > 0) app.use(allowOrigins(corsOrigins))
  for (const path of longAnswers) app.get(path, compress({ encoding: 'gzip' }))
  app.route('/', health(services))
  app.route('/docs/errors', errorDocs())
  app.route('/', docsPage())
  const document = openApiJson(() => app.routes)
  app.route('/', document)
  // Before the console, which owns whatever else lies under /dashboard.
  app.route(boardPath, queueDashboard(services))
  app.route('/dashboard', loadedConsole(services))
  for (const dialect of dialects) app.route('/', dialect.routes(services))
  app.notFound((c) => answerError(services, c, new ServiceError('resource_unknown')))
  app.onError((error, c) => answerError(services, c, error))
  return app
}

/**
 * Lists and pages. None of them has a secret in it: beside what a caller sends, the length of what is compressed would tell of
 * it (BREACH). A single CSR is not worth the work, base64 hardly gets shorter.
 */
const longAnswers = [
  ...['/docs/*', '/openapi.json', '/v1/requests', '/v1/keys', '/tasks'],
  ...['/tls/certificate_signing_requests', '/tls/private_keys'],
]

function answerError({ log }: Services, c: Context<Env>, thrown: unknown): Response {
  const error = asServiceError(thrown)
  if (c.req.method === 'OPTIONS' && error.code === 'operation_not_supported') {
    return answerOptions(c, error.allow)
  }
  const { status } = errorKinds[error.code]
  const { code } = error
  const failure = { requestId: c.get('requestId'), code }
  if (status === 503) log.warn({ ...failure, reason: String(error.cause ?? '') }, 'call refused')
  else if (status >= 500) log.error({ ...failure, err: thrown }, 'call failed')
  if (error.retryAfter !== undefined) c.header('Retry-After', String(error.retryAfter))
  if (error.allow.length > 0) c.header('Allow', error.allow.join(', '))
  if (status === 401)
    for (const scheme of schemes) c.header('WWW-Authenticate', scheme, { append: true })
  const {
    body,
    contentType,
    status: own = status,
  } = dialectOf(c.req.path).failure(error, c.get('requestId'))
  return c.body(JSON.stringify(body), own, { 'Content-Type': contentType })
}

/** Basic first: some clients read no further than the first. */
const schemes = ['Basic realm="csr-foundry", charset="UTF-8"', 'Bearer realm="csr-foundry"']

/** OPTIONS of a path that is known and has no OPTIONS of its own. */
function answerOptions(c: Context<Env>, allow: readonly string[]): Response {
  return c.body(null, 204, { Allow: [...allow, 'OPTIONS'].join(', ') })
}
