/** POST /sessions: logs in and gives a session, as cookies and in the body. The one call of LXCA's that needs no credentials. */
import { sessionSeconds } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { protect } from '../../guards.ts'
import { jsonBody, objectError, query, requireJson } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { success } from './messages.ts'
import { setSessionCookies } from './session-cookies.ts'

/** Strangers send this body: it is no larger than a name and a password need. */
const bodyBytes = 8 * 1024

/** After so many minutes without a call a session ends. */
const inactivityTimeout = String(sessionSeconds / 60)

const text = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be a string') })
  .min(1, 'is empty')

/** Clients of older LXCAs ask for a heart beat, in strings. This service has none, and a session lives without. */
const heartBeat = {
  heartBeatEnabled: z
    .union([z.boolean(), z.enum(['true', 'false'])], 'must be true or false')
    .optional(),
  maxLostHeartBeats: z
    .union([z.int().min(0), z.string().regex(/^\d{1,9}$/)], 'must be a whole number')
    .optional(),
}

const bodySchema = z.strictObject(
  { UserId: text, password: text, ...heartBeat },
  { error: objectError },
)

export const createSession = (services: Services) =>
  new Hono<Env>().post(
    '/',
    protect(services, { anonymous: true, bodyBytes }),
    query(z.strictObject({})),
    requireJson,
    jsonBody(bodySchema),
    async (c) => {
      const { UserId, password } = c.req.valid('json')
      const { authenticator, writeLimit } = services
      const address = c.get('address')
      const caller = await authenticator.logIn({ username: UserId, password }, address)
      await writeLimit.count(caller)
      const { id, csrf } = await authenticator.startSession(caller)
      setSessionCookies(services, c, id, { csrf, inactivityTimeout, user: UserId })
      const created = new Date().toISOString()
      const session = {
        ...{ id, UserId, csrf, Address: address, isOwnSession: true },
        ...{ created, lastAccessed: created, inactivityTimeout },
      }
      return c.json(success({ pwChangeRequired: false, session }))
    },
  )
