/** DELETE /sessions: ends the caller's session. Whoever calls with other credentials has none: nothing is ended. */
import { Hono } from 'hono'
import { z } from 'zod'
import { query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { done } from './messages.ts'
import { clearSessionCookies, sessionIdOf } from './session-cookies.ts'

export const endSession = (services: Services) =>
  new Hono<Env>().delete('/', query(z.strictObject({})), async (c) => {
    // A cookie that was not what let the call in has not been checked for its CSRF token either.
    const id = c.get('caller').kind === 'session' ? sessionIdOf(c) : undefined
    if (id !== undefined) await services.authenticator.endSession(id)
    clearSessionCookies(services, c)
    return c.json(done)
  })
