/** Records of private keys. What is sealed in them is opened by workers only; readers of the API never ask for it. */
import { createHash } from 'node:crypto'
import type { Custody, KeyAlgorithmName } from '@csr-foundry/csr'
import { ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { type ActingPlace, actorText } from './audit/actor.ts'
import { tenantKeys } from './keys.ts'
import { callOnce, earlierCall, onceValues } from './once.ts'
import type { TenantPlace } from './requests.ts'
import { requireRoom } from './room.ts'
import { type Reply, runScript, textList } from './scripts.ts'

export type KeyOrigin = 'generated' | 'imported'

/** A key as its readers see it. `spki` is the public key as DER; `created` milliseconds since the epoch. */
export type KeyRecord = {
  readonly id: string
  readonly algorithm: KeyAlgorithmName
  readonly spki: Buffer
  readonly custody: Custody
  readonly origin: KeyOrigin
  readonly name?: string
  readonly created: number
  /** Whether a request that is not deleted points at it. */
  readonly inUse: boolean
}

/** What a worker needs to sign with a key. `sealed` is for the vault. */
export type SealedKey = {
  readonly algorithm: KeyAlgorithmName
  readonly spki: Buffer
  readonly custody: Custody
  readonly sealed: Buffer
}

/** A key of someone else's making, sealed for the id that {@link takeId} gave. */
export type NewKey = SealedKey & { readonly id: string; readonly name?: string }

/**
 * `knownAs` is the id under which the tenant has imported the same key before, `again` the one that an earlier call with the
 * same Idempotency-Key has imported it under.
 */
export type ImportedOrKnown =
  | { readonly imported: true; readonly created: number }
  | { readonly imported: false; readonly again: string }
  | { readonly imported: false; readonly knownAs: string }

/** A key; undefined where there is none or it was deleted. */
export async function readKey(
  redis: Redis,
  place: TenantPlace,
  id: string,
): Promise<KeyRecord | undefined> {
  return (await readKeys(redis, place, [id]))[0]
}

/** Several keys at once; each undefined where there is none or it was deleted. */
export async function readKeys(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  ids: readonly string[],
): Promise<(KeyRecord | undefined)[]> {
  if (ids.length === 0) return []
  const reply = await runScript(redis, shard, 'read-keys', [tenant, ...ids])
  return Array.isArray(reply) ? reply.map(parseKey) : []
}

/** What a worker signs with; undefined where there is no such key. */
export async function readSealedKey(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  id: string,
): Promise<SealedKey | undefined> {
  const [algorithm, spki, custody, sealed] = await redis.hmgetBuffer(
    tenantKeys(shard, tenant).key(id),
    'algorithm',
    'spki',
    'custody',
    'sealed',
  )
  if (!algorithm || !spki || !custody || !sealed) return undefined
  return {
    algorithm: algorithm.toString() as KeyAlgorithmName,
    spki,
    custody: custody.toString() as Custody,
    sealed,
  }
}

/**
 * An id for a key that is to be imported: it is sealed for the id, so it needs one first.
 *
 * @throws {ServiceError} `storage_full`
 */
export async function takeId(redis: Redis, { tenant, shard }: TenantPlace): Promise<string> {
  await requireRoom(redis)
  return String(await runScript(redis, shard, 'take-id', [tenant]))
}

/**
 * Records a key under the id that {@link takeId} gave for it. A tenant holds an imported key once.
 *
 * @param onceParts as for callOnce; the digest is made of the public key, the name and the custody: one of what was sent would
 *   let passwords be guessed
 * @throws {ServiceError} `idempotency_key_reused`, `storage_full`
 */
export async function importKey(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  { id, algorithm, spki, sealed, custody, name = '' }: NewKey,
  onceParts?: readonly string[],
): Promise<ImportedOrKnown> {
  await requireRoom(redis)
  const hash = hashOf(spki)
  const once = onceParts && callOnce(onceParts, JSON.stringify([hash, name, custody]))
  const key = [tenant, id, algorithm, spki, hash, sealed, custody, name]
  const values = [...key, actorText(actor), ...onceValues(once)]
  const reply = textList(await runScript(redis, shard, 'import-key', values))
  const again = earlierCall(reply)
  if (again !== undefined) return { imported: false, again }
  const [kind, value] = reply
  if (kind === 'known' && value) return { imported: false, knownAs: value }
  if (kind !== 'imported') throw new ServiceError('internal')
  return { imported: true, created: Number(value) }
}

/** Destroys a key, unless a request that is not deleted points at it. */
export async function deleteKey(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  id: string,
): Promise<'deleted' | 'in_use' | 'unknown'> {
  const spki = await redis.hgetBuffer(tenantKeys(shard, tenant).key(id), 'spki')
  if (!spki) return 'unknown'
  const values = [tenant, id, hashOf(spki), actorText(actor)]
  const reply = String(await runScript(redis, shard, 'delete-key', values))
  return reply === 'deleted' || reply === 'in_use' ? reply : 'unknown'
}

const hashOf = (spki: Buffer) => createHash('sha256').update(spki).digest('hex')

/** A key from what the scripts say of it; undefined for none. */
export function parseKey(view: Reply | undefined): KeyRecord | undefined {
  if (!Array.isArray(view)) return undefined
  const [id, inUse, algorithm, spki, custody, origin, created, name] = view
  if (!Buffer.isBuffer(spki)) return undefined
  return {
    id: String(id),
    algorithm: String(algorithm) as KeyAlgorithmName,
    spki,
    custody: String(custody) as Custody,
    origin: String(origin) as KeyOrigin,
    ...(Buffer.isBuffer(name) && { name: name.toString() }),
    created: Number(created),
    inUse: inUse === 1,
  }
}
