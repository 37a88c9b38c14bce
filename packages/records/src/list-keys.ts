/**
 * Lists of keys, newest first: those that were imported, those of single requests, and those of a batch that outlived their
 * own request.
 */
import type { Redis } from 'ioredis'
import { isId } from './path-id.ts'
import { type KeyRecord, parseKey } from './private-keys.ts'
import type { TenantPlace } from './requests.ts'
import { type Reply, runScript } from './scripts.ts'

export type KeyPage = {
  readonly which: 'all' | 'unused'
  readonly page: { readonly offset: number; readonly limit: number }
}

/** A page by its number, with the count of all that it is a page of. */
export async function listKeys(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  { which, page: { offset, limit } }: KeyPage,
): Promise<{ keys: KeyRecord[]; total: number }> {
  const reply = await runScript(redis, shard, 'list-keys', [tenant, which, offset, limit])
  const [total, ...views] = listOf(reply)
  return { keys: keysOf(views), total: Number(total) }
}

export type KeyWalk = {
  readonly which: 'all' | 'unused' | 'used'
  /** The `next` of the page before. */
  readonly before?: string
  readonly limit: number
}

/** A page that goes on where another ended. It may hold fewer than `limit`, also none, and still have a `next`. */
export async function listKeysFrom(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  { which, before = '', limit }: KeyWalk,
): Promise<{ keys: KeyRecord[]; next?: string }> {
  if (before !== '' && !isId(before)) return { keys: [] }
  const reply = await runScript(redis, shard, 'list-keys-from', [tenant, which, before, limit])
  const [next, ...views] = listOf(reply)
  const goOn = String(next)
  return { keys: keysOf(views), ...(goOn !== '' && { next: goOn }) }
}

const listOf = (reply: Reply) => (Array.isArray(reply) ? reply : [])

const keysOf = (views: readonly Reply[]) => views.flatMap((view) => parseKey(view) ?? [])
