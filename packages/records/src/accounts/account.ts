/**
 * The passwords of users, in `login:<name>`, and what counts as an account.
 *
 * Each password lies in a field of its own, named by its generation; the one that the user's entry in the list names is the
 * one that counts. A new password is written beside the old one, so at no moment is there none or are there two.
 */
import { randomBytes } from 'node:crypto'
import { type Secret, ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { type ActingPlace, installationActor } from '../audit/actor.ts'
import { installationKeys, tenantKeys } from '../keys.ts'
import { hashPassword, verifyPassword } from '../password.ts'
import type { TenantPlace } from '../requests.ts'
import { shardTag } from '../shards.ts'
import { defaultTenant, ensureDefaultTenant, findTenant } from '../tenants.ts'
import { parseLoginName } from './login-name.ts'
import { type OpenTenant, readOpenTenant } from './open-tenant.ts'
import {
  addListed,
  changeListed,
  type Principal,
  type PrincipalField,
  readListed,
} from './principals.ts'
import { type Role, roles } from './roles.ts'

export type UserEntry = {
  readonly name: string
  readonly roles: readonly Role[]
  readonly created?: number
  /** Names the password that counts. An entry of release 0.1 has none. */
  readonly generation?: string
}

export const userField = (name: string): PrincipalField => `user:${name}`
const passwordField = (generation: string | undefined) =>
  generation === undefined ? 'account' : `account:${generation}`
export const newGeneration = () => randomBytes(12).toString('base64url')

/** An account that can log in. A generation that is another is another password. */
export type Account = {
  readonly login: string
  readonly principal: Principal
  readonly place: OpenTenant
  readonly password: string
  readonly generation: string
}

/** The account of a login name; undefined where there is none, or its tenant is closed. */
export async function readAccount(redis: Redis, login: string): Promise<Account | undefined> {
  // The same reads whether there is such a tenant and such a user or not.
  const { tenant, user } = parseLoginName(login) ?? { tenant: '', user: '' }
  const [passwords, place] = await Promise.all([
    redis.hgetall(installationKeys.login(login)),
    readOpenTenant(redis, tenant),
  ])
  const where = place ?? { tenant, shard: shardTag(0) }
  const listed = await readListed<UserEntry>(redis, where, userField(user))
  const field = passwordField(listed?.entry.generation)
  const account = passwords[field]
  if (!listed || !place || account === undefined) return undefined
  const principal = { tenant, name: user, roles: listed.entry.roles }
  return { login, principal, place, password: JSON.parse(account).password, generation: field }
}

/**
 * Whether a password is an account's. For no account it is false after the same work: the time must not tell which names
 * there are.
 */
export function isPasswordOf(account: Account | undefined, password: Secret): Promise<boolean> {
  return verifyPassword(password, account?.password)
}

/** Whether the installation has an administrator; see {@link ensureAdministrator}. */
export async function administratorExists(redis: Redis, name: string): Promise<boolean> {
  const place = await findTenant(redis, defaultTenant)
  return place !== undefined && (await hasAdministrator(redis, place, name))
}

/**
 * Makes the tenant `default` and its administrator, who has every role, while no user there has the role `admin`: one who was
 * deleted does not come back with a start. A user of this name who has no password, because somebody with access to Redis has
 * removed it, is given this one and keeps his roles.
 *
 * @returns false where nothing was to be made: no password is touched
 */
export async function ensureAdministrator(
  redis: Redis,
  name: string,
  password: Secret,
): Promise<boolean> {
  const place = { ...(await ensureDefaultTenant(redis)), actor: installationActor }
  if (await hasAdministrator(redis, place, name)) return false
  const entry: UserEntry = { name, roles, created: Date.now(), generation: newGeneration() }
  await writePassword(redis, name, entry, await hashPassword(password))
  const isMade = await nameAdministrator(redis, place, entry)
  if (!isMade) await removePassword(redis, name, entry)
  return isMade
}

async function hasAdministrator(redis: Redis, place: TenantPlace, name: string): Promise<boolean> {
  const list = await redis.hgetall(tenantKeys(place.shard, place.tenant).principals)
  const own = list[userField(name)]
  if (own !== undefined) return await hasPassword(redis, JSON.parse(own))
  return Object.entries(list).some(
    ([field, text]) =>
      field.startsWith('user:') && (JSON.parse(text) as UserEntry).roles.includes('admin'),
  )
}

/** Of a user of the tenant `default`. */
async function hasPassword(redis: Redis, { name, generation }: UserEntry): Promise<boolean> {
  return (await redis.hexists(installationKeys.login(name), passwordField(generation))) === 1
}

/** Of several first starts one makes the entry, and all go on with that: false for the others. */
async function nameAdministrator(
  redis: Redis,
  place: ActingPlace,
  entry: UserEntry,
): Promise<boolean> {
  const field = userField(entry.name)
  const { generation } = entry
  const changed = await changeListed<UserEntry>(redis, place, field, async (listed) =>
    (await hasPassword(redis, listed)) ? listed : { ...listed, ...(generation && { generation }) },
  )
  if (changed) return changed.after?.generation === generation
  try {
    await addListed(redis, place, field, entry)
    return true
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'name_taken') return false
    throw error
  }
}

export async function writePassword(
  redis: Redis,
  login: string,
  { generation }: Pick<UserEntry, 'generation'>,
  password: string,
): Promise<void> {
  const account = JSON.stringify({ password })
  await redis.hset(installationKeys.login(login), passwordField(generation), account)
}

/** It counts no more already: what cannot be removed now does no harm. */
export async function removePassword(
  redis: Redis,
  login: string,
  { generation }: Pick<UserEntry, 'generation'>,
): Promise<void> {
  await redis.hdel(installationKeys.login(login), passwordField(generation)).catch(() => {})
}
