import type { Secret } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { accountsChannel, installationKeys, tenantKeys } from './keys.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { shardTag } from './shards.ts'
import { defaultTenant, ensureDefaultTenant } from './tenants.ts'

export const roles = ['submit', 'read', 'export', 'audit', 'admin', 'operate', 'tenants'] as const
export type Role = (typeof roles)[number]

/** Who is calling. */
export type Principal = {
  readonly tenant: string
  readonly name: string
  readonly roles: readonly Role[]
}

/**
 * Makes the tenant `default` and its administrator, who has every role, where there is none yet.
 *
 * @returns false where the account is there already: its password is not touched
 */
export async function ensureAdministrator(
  redis: Redis,
  name: string,
  password: Secret,
): Promise<boolean> {
  await ensureDefaultTenant(redis)
  const principal: Principal = { tenant: defaultTenant, name, roles }
  const account = { ...principal, password: await hashPassword(password), created: Date.now() }
  // The list first: the login is what says that the first start is done.
  const { principals } = tenantKeys(shardTag(0), defaultTenant)
  await redis.hsetnx(principals, `user:${name}`, JSON.stringify(principal))
  // One field holds the account, so that it is there whole or not at all.
  const made = await redis.hsetnx(installationKeys.login(name), 'account', JSON.stringify(account))
  return made === 1
}

export async function loginExists(redis: Redis, name: string): Promise<boolean> {
  return (await redis.exists(installationKeys.login(name))) === 1
}

/** An account as it is stored. `text` changes with whatever changes in it. */
export type Account = {
  readonly principal: Principal
  readonly password: string
  readonly text: string
}

/** The account of a user name; undefined where there is none. */
export async function readAccount(redis: Redis, name: string): Promise<Account | undefined> {
  const text = await redis.hget(installationKeys.login(name), 'account')
  if (text === null) return undefined
  const { tenant, name: user, roles: held, password } = JSON.parse(text)
  return { principal: { tenant, name: user, roles: held }, password, text }
}

/**
 * Whether a password is an account's. For no account it is false after the same work: the time must not tell which names
 * there are.
 */
export function isPasswordOf(account: Account | undefined, password: Secret): Promise<boolean> {
  return verifyPassword(password, account?.password)
}

/** Tells every process that what it may have cached of a login no longer counts. */
export async function announceAccountChange(redis: Redis, name: string): Promise<void> {
  await redis.publish(accountsChannel, name)
}
