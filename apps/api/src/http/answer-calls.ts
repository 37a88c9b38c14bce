import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { errorKinds, type Logger, ServiceError } from '@csr-foundry/service'
import { getRequestListener, RequestError } from '@hono/node-server'
import type { Hono } from 'hono'
import { failure } from '../dialects/native/problem.ts'
import type { Env } from '../services.ts'
import { type Refusals, refuse } from './client-errors.ts'
import type { TakeShortcut } from './shortcut.ts'

/** Hands each call of a connection to the application, with the headers of every answer set before anything can fail. */
export function answerCalls(
  app: Hono<Env>,
  { log, headers, openCalls }: Refusals,
  takeShortcut?: TakeShortcut,
): RequestListener {
  const handle = getRequestListener(app.fetch, {
    // HTTP/1.0, as some balancers' health checks speak it, needs no Host.
    hostname: 'localhost',
    errorHandler: (error) => lastResort(log, error),
  })
  const fixedHeaders = headers.flat()
  const setHeaders = (outgoing: ServerResponse) => {
    for (const [name, value] of headers) outgoing.setHeader(name, value)
  }
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    try {
      if (await takeShortcut?.(incoming, outgoing, fixedHeaders)) return
    } catch {
      // Nobody hears what is thrown here: it would end the process. The application meets it again, and tells of it.
      if (outgoing.headersSent) return
    }
    setHeaders(outgoing)
    await handle(incoming, outgoing)
  }
  return (incoming, outgoing) => {
    if (!openCalls.admit(incoming, outgoing)) return
    if (isWithoutHost(incoming)) {
      setHeaders(outgoing)
      refuse(log, outgoing, incoming.socket, 'The header Host is missing.')
      return
    }
    void answer(incoming, outgoing)
  }
}

const isWithoutHost = ({ headers, httpVersionMajor, httpVersionMinor }: IncomingMessage) =>
  headers.host === undefined && httpVersionMajor === 1 && httpVersionMinor >= 1

/** What did not become a call, because its URL or its Host is none, and what no handler of errors caught. */
function lastResort(log: Logger, thrown: unknown): Response {
  const isMalformed = thrown instanceof RequestError
  const error = isMalformed
    ? new ServiceError('request_malformed', { detail: `${thrown.message}.`, cause: thrown })
    : new ServiceError('internal', { cause: thrown })
  const requestId = randomUUID()
  const { code } = error
  const { status } = errorKinds[code]
  if (isMalformed) log.info({ requestId, status, code }, 'call')
  else log.error({ requestId, code, err: thrown }, 'call failed')
  const { body, contentType } = failure(error, requestId)
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': contentType, 'X-Request-Id': requestId },
  })
}
