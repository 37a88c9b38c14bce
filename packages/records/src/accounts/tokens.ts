/**
 * API tokens: an entry in the tenant's list, which has the token's hash, and `token:<hash>`, which says whose it is.
 *
 * A token is 256 random bits, shown once; its prefix lets those who search for lost secrets know one.
 */
import { hash, randomBytes } from 'node:crypto'
import { Secret, ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import type { ActingPlace } from '../audit/actor.ts'
import { installationKeys, tenantKeys } from '../keys.ts'
import type { Once } from '../once.ts'
import type { TenantPlace } from '../requests.ts'
import { type OpenTenant, readOpenTenant } from './open-tenant.ts'
import {
  addListed,
  type ChangedBy,
  changeListed,
  listEntries,
  type PageFrom,
  type Principal,
  type PrincipalField,
  readListed,
  requireMayChange,
} from './principals.ts'
import type { Role } from './roles.ts'
import { readUser } from './users.ts'

/** A token as lists show it; times in milliseconds. */
export type Token = {
  readonly id: string
  readonly name: string
  /** The user whose token it is; undefined for one with roles of its own. */
  readonly user: string | undefined
  readonly roles: readonly Role[]
  readonly created: number
  readonly createdBy: string
  readonly expires: number | undefined
  /** To within a minute. */
  readonly lastUsed: number | undefined
}

export type TokenEntry = {
  readonly id: string
  readonly name: string
  /** SHA-256 in hex of the token that counts. */
  readonly hash: string
  readonly created: number
  readonly createdBy: string
  readonly expires?: number
} & ({ readonly roles: readonly Role[] } | { readonly user: string })

export const tokenFieldOf = (id: string): PrincipalField => `token:${id}`

/** How a token is known in Redis. */
export const tokenHash = (token: Secret): string => hash('sha256', token.reveal(), 'hex')

/** What a token that counts lets its bearer be. */
export type TokenStanding = {
  readonly id: string
  readonly principal: Principal
  readonly place: OpenTenant
  readonly expires: number | undefined
}

/** Who bears the token with this hash; undefined where it is unknown, deleted or expired, or its tenant is closed. */
export async function readTokenStanding(
  redis: Redis,
  sha256: string,
): Promise<TokenStanding | undefined> {
  const [tenant, id] = await redis.hmget(installationKeys.token(sha256), 'tenant', 'id')
  const place = tenant ? await readOpenTenant(redis, tenant) : undefined
  if (!place || !id) return undefined
  const listed = await readListed<TokenEntry>(redis, place, tokenFieldOf(id))
  if (listed?.entry.hash !== sha256) return undefined
  const { entry } = listed
  if (entry.expires !== undefined && entry.expires <= Date.now()) return undefined
  const roles = await rolesOf(redis, place, entry)
  if (!roles) return undefined
  const name = 'user' in entry ? entry.user : `token:${entry.name}`
  return { id, principal: { tenant: place.tenant, name, roles }, place, expires: entry.expires }
}

/** Undefined where its user is gone. */
async function rolesOf(
  redis: Redis,
  place: TenantPlace,
  entry: TokenEntry,
): Promise<readonly Role[] | undefined> {
  return 'roles' in entry ? entry.roles : (await readUser(redis, place, entry.user))?.roles
}

/** `expires` in milliseconds since the epoch; left out, it does not expire. */
export type NewToken = {
  readonly name: string
  readonly roles: readonly Role[]
  readonly expires?: number | undefined
}

/**
 * @throws {ServiceError} `role_missing`; `attribute_invalid` where the tenant's list is full; `token_made_before` where an
 *   earlier call with the same Idempotency-Key has made it: it is shown once
 */
export async function createToken(
  redis: Redis,
  place: ActingPlace,
  { name, roles, expires }: NewToken,
  by: ChangedBy,
  once?: Once,
): Promise<{ made: Token; token: Secret }> {
  requireMayChange(by, roles)
  const token = new Secret(`cf_${randomBytes(32).toString('base64url')}`)
  const id = randomBytes(8).toString('hex')
  const entry: TokenEntry = {
    ...{ id, name, roles, hash: tokenHash(token), created: Date.now(), createdBy: by.name },
    ...(expires !== undefined && { expires }),
  }
  // The token first, which counts from the moment in which the list names it: were it the other way round, a failure in
  // between would leave an Idempotency-Key that tells of a token which never was.
  await writeToken(redis, place, entry)
  try {
    const earlier = await addListed(redis, place, tokenFieldOf(id), entry, { once })
    if (earlier !== undefined) throw madeBefore(earlier)
  } catch (error) {
    // Nobody has been shown it: it goes, whatever has become of its entry.
    await redis.del(installationKeys.token(entry.hash)).catch(() => {})
    throw error
  }
  return { made: viewOf(entry, roles, null), token }
}

const madeBefore = (id: string) =>
  new ServiceError('token_made_before', {
    detail: `An earlier call with this Idempotency-Key has made the token ${id}, and showed it.`,
  })

export async function writeToken(
  redis: Redis,
  { tenant }: TenantPlace,
  { hash, id, expires }: TokenEntry,
): Promise<void> {
  const key = installationKeys.token(hash)
  await redis.hset(key, { tenant, id })
  if (expires !== undefined) await redis.pexpireat(key, expires)
}

/** Ends a token; false where there is none. @throws {ServiceError} `role_missing` */
export async function deleteToken(
  redis: Redis,
  place: ActingPlace,
  id: string,
  by: ChangedBy,
): Promise<boolean> {
  const changed = await changeListed<TokenEntry>(redis, place, tokenFieldOf(id), async (entry) => {
    requireMayChange(by, (await rolesOf(redis, place, entry)) ?? [])
    return undefined
  })
  if (!changed) return false
  // It counts no more already: what cannot be removed now does no harm.
  await redis.del(installationKeys.token(changed.before.hash)).catch(() => {})
  return true
}

/** Writes down that a token is in use. */
export async function noteTokenUse(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  id: string,
): Promise<void> {
  await redis.hset(tenantKeys(shard, tenant).tokenUses, id, Date.now())
}

export async function readToken(
  redis: Redis,
  place: TenantPlace,
  id: string,
): Promise<Token | undefined> {
  const listed = await readListed<TokenEntry>(redis, place, tokenFieldOf(id))
  return listed && (await viewsOf(redis, place, [listed.entry]))[0]
}

/** Tokens by id; `next` is the id after which the list goes on. */
export async function listTokens(
  redis: Redis,
  place: TenantPlace,
  page: PageFrom,
): Promise<{ tokens: Token[]; next?: string }> {
  const { entries, ...more } = await listEntries<TokenEntry>(redis, place, 'token:', page)
  return { tokens: await viewsOf(redis, place, entries), ...more }
}

async function viewsOf(
  redis: Redis,
  place: TenantPlace,
  entries: readonly TokenEntry[],
): Promise<Token[]> {
  if (entries.length === 0) return []
  const { tokenUses } = tenantKeys(place.shard, place.tenant)
  const uses = await redis.hmget(tokenUses, ...entries.map(({ id }) => id))
  return await Promise.all(
    entries.map(async (entry, i) =>
      viewOf(entry, (await rolesOf(redis, place, entry)) ?? [], uses[i] ?? null),
    ),
  )
}

function viewOf(entry: TokenEntry, roles: readonly Role[], used: string | null): Token {
  const { id, name, created, createdBy, expires } = entry
  const user = 'user' in entry ? entry.user : undefined
  const lastUsed = used === null ? undefined : Number(used)
  return { id, name, user, roles, created, createdBy, expires, lastUsed }
}
