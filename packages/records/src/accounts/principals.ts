/**
 * A tenant's list of users and tokens, one hash in the tenant's shard.
 *
 * Rules: the list says who there is and what he may do, and nothing else does. A credential (a password, a token, a session)
 * lies in a slot of its own and counts only while an entry of the list names it. So every change is one step: a credential
 * that is written first counts from the moment in which the entry names it, and one whose entry is gone or names another
 * counts no more, whatever is left of it.
 */
import { ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import type { AuditAction } from '../audit/actions.ts'
import { type ActingPlace, actorText } from '../audit/actor.ts'
import { tenantKeys } from '../keys.ts'
import { earlierCall, type Once, onceValues } from '../once.ts'
import type { TenantPlace } from '../requests.ts'
import { runScript, textList } from '../scripts.ts'
import { defaultTenant } from '../tenants.ts'
import { loginName } from './login-name.ts'
import { installationRoles, type Role } from './roles.ts'

/** Who is calling. A token's name is `token:` and the name it was given, which no user can have. */
export type Principal = {
  readonly tenant: string
  readonly name: string
  readonly roles: readonly Role[]
}

/** The name of an entry in the list. */
export type PrincipalField = `user:${string}` | `token:${string}`

/** An entry as it is stored, with its text: what a change is compared with. */
export type Listed<Entry> = { readonly entry: Entry; readonly text: string }

/** A change by somebody whose own roles decide what he may change. */
export type ChangedBy = Pick<Principal, 'name' | 'roles'>

/** Far more than a fleet's clients need; the list is read whole when an administrator goes. */
const mostPrincipals = 10_000
const mostAttempts = 8

export async function readListed<Entry>(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  field: PrincipalField,
): Promise<Listed<Entry> | undefined> {
  const text = await redis.hget(tenantKeys(shard, tenant).principals, field)
  return text === null ? undefined : { entry: JSON.parse(text), text }
}

/** A page of the list, by name: entries whose field begins with `prefix`, those after `after`. */
export async function listEntries<Entry>(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  prefix: 'user:' | 'token:',
  { after, limit }: PageFrom,
): Promise<{ entries: Entry[]; next?: string }> {
  const { principals } = tenantKeys(shard, tenant)
  const names = (await redis.hkeys(principals))
    .flatMap((field) => (field.startsWith(prefix) ? [field.slice(prefix.length)] : []))
    .filter((name) => after === undefined || name > after)
    .sort()
  const page = names.slice(0, limit)
  if (page.length === 0) return { entries: [] }
  const texts = await redis.hmget(principals, ...page.map((name) => prefix + name))
  const entries = texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as Entry]))
  const next = names.length > limit ? page.at(-1) : undefined
  return { entries, ...(next !== undefined && { next }) }
}

/** Where a page begins, after which name, and how long it is. */
export type PageFrom = { readonly after?: string | undefined; readonly limit: number }

/**
 * Puts an entry in the list that is not there yet.
 *
 * @param most for the first of a tenant: 1, so that of several at once only one is it
 * @returns the name that an earlier call with the same Idempotency-Key has made; undefined where this call has
 * @throws {ServiceError} `name_taken`, `idempotency_key_reused`; `attribute_invalid` where the list is full
 */
export async function addListed(
  redis: Redis,
  place: ActingPlace,
  field: PrincipalField,
  entry: object,
  { most = mostPrincipals, once }: { most?: number | undefined; once?: Once | undefined } = {},
): Promise<string | undefined> {
  const after = JSON.stringify(entry)
  const { outcome, earlier } = await change(redis, place, field, { before: '', after, most, once })
  if (outcome === 'done' || outcome === 'again') return earlier
  if (most === 1) throw nameTaken('tenant', place.tenant)
  if (outcome === 'changed') {
    const [kind = '', name = ''] = field.split(':')
    throw nameTaken(kind, name)
  }
  const detail = `cannot be added: the tenant has ${most} users and tokens; delete some first`
  throw new ServiceError('attribute_invalid', { faults: [{ pointer: '', detail }] })
}

export const nameTaken = (kind: string, name: string) =>
  new ServiceError('name_taken', { detail: `There is a ${kind} ${name} already.` })

/**
 * Changes or removes (undefined) an entry to what `makeAfter` makes of it, again if another change came in between.
 *
 * @returns the entries before and after; undefined where there is none
 * @throws {ServiceError} `last_administrator`, and what `makeAfter` throws
 */
export async function changeListed<Entry extends object>(
  redis: Redis,
  place: ActingPlace,
  field: PrincipalField,
  makeAfter: (entry: Entry) => Promise<Entry | undefined>,
): Promise<{ before: Entry; after: Entry | undefined } | undefined> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const listed = await readListed<Entry>(redis, place, field)
    if (!listed) return undefined
    const after = await makeAfter(listed.entry)
    const text = after === undefined ? '' : JSON.stringify(after)
    const texts = { before: listed.text, after: text }
    const made = await change(redis, place, field, { ...texts, most: mostPrincipals })
    if (made.outcome === 'done') return { before: listed.entry, after }
    if (made.outcome === 'last') throw lastHolder(made.role)
  }
  throw new ServiceError('internal')
}

const lastHolder = (role = '') =>
  new ServiceError('last_administrator', {
    detail: `No other user has the role ${role}, and one must have it.`,
  })

/** One who has an error instead of an answer does not know whether the change was made: the answer may be what was lost. */
async function change(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  field: PrincipalField,
  { before, after, most, once }: EntryChange,
): Promise<{ outcome: string; role?: string | undefined; earlier?: string | undefined }> {
  const [kind, name = ''] = field.split(':')
  const told = kind === 'user' ? loginName(tenant, name) : field
  const values = [tenant, field, before, after, most, told, defaultTenant]
  const note = [actorText(actor), actionOf(field, before, after), name, ...onceValues(once)]
  const reply = textList(await runScript(redis, shard, 'change-principal', [...values, ...note]))
  const [outcome = '', role] = reply
  return { outcome, role, earlier: earlierCall(reply) }
}

/** An entry as it was read ('' for none) and as it is to be ('' for none), and how many the list may have. */
type EntryChange = {
  readonly before: string
  readonly after: string
  readonly most: number
  readonly once?: Once | undefined
}

function actionOf(field: PrincipalField, before: string, after: string): AuditAction {
  const isUser = field.startsWith('user:')
  if (after === '') return isUser ? 'user.delete' : 'token.delete'
  if (before === '' || !isUser) return isUser ? 'user.create' : 'token.create'
  return 'user.change'
}

/**
 * Refuses to give installation roles that the giver lacks, and to touch a principal that holds such.
 *
 * @throws {ServiceError} `role_missing`
 */
export function requireMayChange(by: ChangedBy, ...held: readonly (readonly Role[])[]): void {
  const lacked = installationRoles.find(
    (role) => !by.roles.includes(role) && held.some((roles) => roles.includes(role)),
  )
  if (lacked === undefined) return
  const detail = `Only who holds the role ${lacked} can give it, or change an account that has it.`
  throw new ServiceError('role_missing', { detail })
}
