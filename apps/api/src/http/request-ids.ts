import { randomUUID } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import type { Env } from '../services.ts'
import { setAnswerHeader } from './answer-headers.ts'

/** What may be written into log lines and headers as it came. */
const harmless = /^[\w.-]{1,64}$/

/** Names the call, by its caller's `X-Request-Id` where that is harmless, and tells the name in the answer. */
export const requestIds = createMiddleware<Env>((c, next) => {
  const given = c.req.header('X-Request-Id')
  const requestId = given !== undefined && harmless.test(given) ? given : randomUUID()
  c.set('requestId', requestId)
  setAnswerHeader(c, 'X-Request-Id', requestId)
  return next()
})
