/** A tenant's users: made, changed, ended, listed. Their passwords lie in account.ts. */
import { ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import type { ActingPlace } from '../audit/actor.ts'
import type { TenantPlace } from '../requests.ts'
import {
  newGeneration,
  removePassword,
  type UserEntry,
  userField,
  writePassword,
} from './account.ts'
import { loginName } from './login-name.ts'
import {
  addListed,
  type ChangedBy,
  changeListed,
  listEntries,
  type PageFrom,
  readListed,
  requireMayChange,
} from './principals.ts'
import type { Role } from './roles.ts'

/** A user as lists show him; `login` is what he logs in with. */
export type User = {
  readonly name: string
  readonly login: string
  readonly roles: readonly Role[]
  /** Milliseconds; undefined for the administrator of an installation of release 0.1. */
  readonly created: number | undefined
}

/** What a new user is made of; the password as `hashPassword` gives it. */
export type NewUser = {
  readonly name: string
  readonly password: string
  readonly roles: readonly Role[]
}

/** @throws {ServiceError} `name_taken`, `role_missing`; `attribute_invalid` where the tenant's list is full */
export async function createUser(
  redis: Redis,
  place: ActingPlace,
  user: NewUser,
  by: ChangedBy,
): Promise<User> {
  requireMayChange(by, user.roles)
  return await addUser(redis, place, user)
}

/** The first user of a tenant, which has none. @throws {ServiceError} `name_taken` */
export function createFirstUser(redis: Redis, place: ActingPlace, user: NewUser): Promise<User> {
  return addUser(redis, place, user, 1)
}

async function addUser(
  redis: Redis,
  place: ActingPlace,
  { name, password, roles }: NewUser,
  most?: number,
): Promise<User> {
  const entry = { name, roles, created: Date.now(), generation: newGeneration() }
  const login = loginName(place.tenant, name)
  await writePassword(redis, login, entry, password)
  await addListed(redis, place, userField(name), entry, { most }).catch((error: unknown) =>
    removeIfRefused(redis, login, entry.generation, error),
  )
  return viewOf(place, entry)
}

/**
 * A password whose entry was refused is nobody's. After any other error the entry may name it all the same, since only the
 * answer was lost: to remove it then would lock its owner out. What is left is no harm.
 *
 * @throws the error
 */
async function removeIfRefused(
  redis: Redis,
  login: string,
  generation: string | undefined,
  error: unknown,
): Promise<never> {
  // Without a generation no password was written, and what has none is the one of release 0.1.
  const isWritten = generation !== undefined
  if (isWritten && error instanceof ServiceError) await removePassword(redis, login, { generation })
  throw error
}

/** The password as `hashPassword` gives it. */
export type UserChange = { readonly roles?: readonly Role[]; readonly password?: string }

/**
 * Changes a user's roles, password or both in one step; a new password ends his sessions.
 *
 * @returns undefined where there is no such user
 * @throws {ServiceError} `role_missing`, `last_administrator`
 */
export async function changeUser(
  redis: Redis,
  place: ActingPlace,
  name: string,
  { roles, password }: UserChange,
  by: ChangedBy,
): Promise<User | undefined> {
  const login = loginName(place.tenant, name)
  const generation = password === undefined ? undefined : newGeneration()
  const changed = await changeListed<UserEntry>(redis, place, userField(name), async (entry) => {
    requireMayChange(by, entry.roles, roles ?? [])
    if (generation !== undefined && password !== undefined) {
      await writePassword(redis, login, { generation }, password)
    }
    return { ...entry, ...(roles && { roles }), ...(generation !== undefined && { generation }) }
  }).catch((error: unknown) => removeIfRefused(redis, login, generation, error))
  if (!changed?.after) return undefined
  if (generation !== undefined) await removePassword(redis, login, changed.before)
  return viewOf(place, changed.after)
}

/** Ends a user; false where there is none. @throws {ServiceError} `role_missing`, `last_administrator` */
export async function deleteUser(
  redis: Redis,
  place: ActingPlace,
  name: string,
  by: ChangedBy,
): Promise<boolean> {
  const changed = await changeListed<UserEntry>(redis, place, userField(name), async (entry) => {
    requireMayChange(by, entry.roles)
    return undefined
  })
  if (!changed) return false
  const login = loginName(place.tenant, name)
  await removePassword(redis, login, changed.before)
  return true
}

export async function readUser(
  redis: Redis,
  place: TenantPlace,
  name: string,
): Promise<User | undefined> {
  const listed = await readListed<UserEntry>(redis, place, userField(name))
  return listed && viewOf(place, listed.entry)
}

/** Users by name; `next` is the name after which the list goes on. */
export async function listUsers(
  redis: Redis,
  place: TenantPlace,
  page: PageFrom,
): Promise<{ users: User[]; next?: string }> {
  const { entries, ...more } = await listEntries<UserEntry>(redis, place, 'user:', page)
  return { users: entries.map((entry) => viewOf(place, entry)), ...more }
}

function viewOf({ tenant }: TenantPlace, { name, roles, created }: UserEntry): User {
  return { name, login: loginName(tenant, name), roles, created }
}
