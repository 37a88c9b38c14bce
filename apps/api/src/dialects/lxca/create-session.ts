/** POST /sessions: logs in and gives a session, as cookies and in the body. The one call of LXCA's that needs no credentials. */
import { sessionSeconds } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { actorOf } from '../../authentication/actor-of.ts'
import { protect } from '../../guards.ts'
import { jsonBodyOf, jsonOf, objectError } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { success, successView } from './messages.ts'
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

const view = successView(
  z.object({
    pwChangeRequired: z.literal(false),
    session: z.object({
      ...{ id: z.string(), UserId: z.string(), csrf: z.string(), Address: z.string() },
      isOwnSession: z.literal(true),
      ...{ created: z.iso.datetime(), lastAccessed: z.iso.datetime() },
      inactivityTimeout: z.string().describe('Minutes.'),
    }),
  }),
).meta({ id: 'LxcaSession' })

const created = '2030-01-31T12:00:00.371Z'

const example = success({
  pwChangeRequired: false,
  session: {
    ...{ id: 'this-is-no-session', UserId: 'mira', csrf: 'this-is-no-csrf-token' },
    ...{ Address: '192.0.2.10', isOwnSession: true, created, lastAccessed: created },
    inactivityTimeout,
  },
})

export const createSession = (services: Services) =>
  new Hono<Env>().post(
    '/',
    protect(services, { anonymous: true, bodyBytes }),
    operation('createSession', {
      summary: 'Log in',
      description:
        'Gives a session, as cookies and in the body. Calls that change something carry its `csrf` in the header X-Csrf-Token.',
      open: true,
      body: jsonBodyOf(bodySchema, {
        'A user': { UserId: 'mira', password: 'an example password' },
      }),
      answers: {
        200: {
          description: 'The session.',
          headers: ['Set-Cookie'],
          body: jsonOf(view, { 'A session': example }),
        },
      },
      errors: ['credentials_invalid', 'login_throttled', 'writes_throttled'],
    }),
    async (c) => {
      const { UserId, password } = c.req.valid('json')
      const { authenticator, writeLimit } = services
      const address = c.get('address')
      const caller = await authenticator.logIn({ username: UserId, password }, address)
      await writeLimit.count(caller)
      const { id, csrf } = await authenticator.startSession(caller, {
        ...caller.place,
        actor: actorOf(c, caller),
      })
      setSessionCookies(services, c, id, { csrf, inactivityTimeout, user: UserId })
      const created = new Date().toISOString()
      const session = {
        ...{ id, UserId, csrf, Address: address, isOwnSession: true },
        ...{ created, lastAccessed: created, inactivityTimeout },
      }
      return c.json(success({ pwChangeRequired: false, session }))
    },
  )
