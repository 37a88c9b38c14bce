/**
 * Sessions of users who have logged in with their password: `session:<hash of its id>`.
 *
 * A session names the password that began it, so it ends with the user and with a new password. It ends as well after a day
 * without a call, and when its user begins the hundredth after it: `sessions:<login>` has their hashes by the last call.
 *
 * There are kinds of sessions, for each a cookie of its own. The kind is hashed with the id, so an id of one kind names nothing
 * where another is asked for: LXCA's cookies may travel over plain HTTP, the console's may not.
 */
import { hash, randomBytes } from 'node:crypto'
import { Secret } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import type { ActingPlace } from '../audit/actor.ts'
import { audited } from '../audit/entries.ts'
import { installationKeys } from '../keys.ts'
import { requireRoom } from '../room.ts'
import { type Account, readAccount } from './account.ts'
import { announceAccountChange } from './announce-account-change.ts'

/** After so many seconds without a call a session ends. */
export const sessionSeconds = 86_400
const mostSessions = 100

export type SessionKind = 'lxca' | 'console'

/** How a session is known in Redis. */
export const sessionHash = (id: Secret, kind: SessionKind = 'lxca'): string =>
  // Those of LXCA as release 0.1 wrote them, so that an upgrade ends none.
  hash('sha256', kind === 'lxca' ? id.reveal() : `${kind} ${id.reveal()}`, 'hex')

/**
 * Begins a session for the password of this generation; gives its id, which nothing but its owner keeps. Beyond 100 of a
 * user the one goes that was used longest ago.
 *
 * @throws {ServiceError} `storage_full`
 */
export async function createSession(
  redis: Redis,
  place: ActingPlace,
  login: string,
  generation: string,
  kind: SessionKind = 'lxca',
): Promise<Secret> {
  await requireRoom(redis)
  const note = { action: 'session.create', ids: [login] } as const
  return await audited(redis, place, note, () => beginSession(redis, login, generation, kind))
}

async function beginSession(
  redis: Redis,
  login: string,
  generation: string,
  kind: SessionKind,
): Promise<Secret> {
  const id = new Secret(randomBytes(32).toString('base64url'))
  const sha256 = sessionHash(id, kind)
  const key = installationKeys.session(sha256)
  // The list first: a session that no list has would not be counted.
  const tooMany = await listSession(redis, login, sha256)
  await redis.multi().hset(key, { login, generation }).expire(key, sessionSeconds).exec()
  // Not announced, as one that has run out is not: else logins, which cost little, would empty the caches of all processes.
  await Promise.all(tooMany.map((one) => redis.del(installationKeys.session(one))))
  return id
}

/** Adds a session to its user's; gives those that have to go, which are taken from the list already. */
async function listSession(redis: Redis, login: string, sha256: string): Promise<string[]> {
  const list = installationKeys.sessionsOf(login)
  const now = Date.now()
  const replies = await redis
    .multi()
    .zremrangebyscore(list, '-inf', now - sessionSeconds * 1_000)
    .zadd(list, now, sha256)
    .expire(list, sessionSeconds)
    .zcard(list)
    .exec()
  const tooMany = Number(replies?.[3]?.[1] ?? 0) - mostSessions
  if (tooMany <= 0) return []
  const popped = await redis.zpopmin(list, tooMany)
  return popped.filter((_, i) => i % 2 === 0)
}

/** Who has the session with this hash; undefined where it has ended. */
export async function readSession(redis: Redis, sha256: string): Promise<Account | undefined> {
  const key = installationKeys.session(sha256)
  const [login, generation] = await redis.hmget(key, 'login', 'generation')
  const account = login ? await readAccount(redis, login) : undefined
  return account?.generation === generation ? account : undefined
}

/** Its owner has called: it goes on for another day. */
export async function prolongSession(redis: Redis, sha256: string): Promise<void> {
  const key = installationKeys.session(sha256)
  const login = await redis.hget(key, 'login')
  if (login === null) return
  const list = installationKeys.sessionsOf(login)
  await redis.expire(key, sessionSeconds)
  await redis.multi().zadd(list, 'XX', Date.now(), sha256).expire(list, sessionSeconds).exec()
}

/** Ends a session, where it has not ended already. */
export async function endSession(
  redis: Redis,
  place: ActingPlace,
  id: Secret,
  kind: SessionKind = 'lxca',
): Promise<void> {
  const sha256 = sessionHash(id, kind)
  const key = installationKeys.session(sha256)
  const login = await redis.hget(key, 'login')
  if (login === null) return
  await audited(redis, place, { action: 'session.end', ids: [login] }, async () => {
    await redis.del(key)
    await redis.zrem(installationKeys.sessionsOf(login), sha256)
    await announceAccountChange(redis, `session:${sha256}`)
  })
}
