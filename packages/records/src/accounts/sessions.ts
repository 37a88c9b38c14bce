/**
 * Sessions of users who have logged in with their password: `session:<hash of its id>`.
 *
 * A session names the password that began it, so it ends with the user and with a new password. It ends as well after a day
 * without a call.
 */
import { hash, randomBytes } from 'node:crypto'
import { Secret } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { installationKeys } from '../keys.ts'
import { type Account, readAccount } from './account.ts'
import { announceAccountChange } from './principals.ts'

/** After so many seconds without a call a session ends: 1440 minutes. */
const inactivity = 86_400

/** How a session is known in Redis. */
export const sessionHash = (id: Secret): string => hash('sha256', id.reveal(), 'hex')

/** Begins a session for the password of this generation; gives its id, which nothing but its owner keeps. */
export async function createSession(
  redis: Redis,
  login: string,
  generation: string,
): Promise<Secret> {
  const id = new Secret(randomBytes(32).toString('base64url'))
  const key = installationKeys.session(sessionHash(id))
  await redis.multi().hset(key, { login, generation }).expire(key, inactivity).exec()
  return id
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
  await redis.expire(installationKeys.session(sha256), inactivity)
}

export async function endSession(redis: Redis, id: Secret): Promise<void> {
  const sha256 = sessionHash(id)
  await redis.del(installationKeys.session(sha256))
  await announceAccountChange(redis, `session:${sha256}`)
}
