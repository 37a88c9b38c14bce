/** DELETE /sessions: ends the caller's session. Whoever calls with other credentials has none: nothing is ended. */
import { Hono } from 'hono'
import { jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { done, doneView } from './messages.ts'
import { clearSessionCookies, sessionIdOf } from './session-cookies.ts'

export const endSession = (services: Services) =>
  new Hono<Env>().delete(
    '/',
    operation('endSession', {
      summary: 'Log out',
      description: 'Who calls with other credentials than a session has none to end.',
      answers: {
        200: {
          description: 'The session is ended.',
          headers: ['Set-Cookie'],
          body: jsonOf(doneView, { Done: done }),
        },
      },
    }),
    async (c) => {
      // A cookie that was not what let the call in has not been checked for its CSRF token either.
      const id = c.get('caller').kind === 'session' ? sessionIdOf(c) : undefined
      if (id !== undefined) await services.authenticator.endSession(c.get('place'), id)
      clearSessionCookies(services, c)
      return c.json(done)
    },
  )
