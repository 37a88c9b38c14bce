import type { Vault } from '@csr-foundry/key-vault'
import {
  chainStart,
  extendChain,
  readChainedEntries,
  readNewestSeal,
  recordOf,
  type Seal,
  type StoredSeal,
  sealText,
  storeSeal,
  type TenantPlace,
} from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { authenticSeal, makeSeal, pointOf } from './authentic-seal.ts'

export const entriesPerSeal = 1_000

/**
 * The newest seal as it lies there, which others may have written: undefined for none, `seal` undefined for one that is not
 * authentic.
 */
export type Newest = { readonly stored: StoredSeal; readonly seal: Seal | undefined } | undefined

/** What one step did: `more` says whether there is another page; nothing where another process was faster. */
export type Step = { readonly seal: Seal; readonly more: boolean } | 'nothing'

export async function findNewest(redis: Redis, vault: Vault, place: TenantPlace): Promise<Newest> {
  const stored = await readNewestSeal(redis, place)
  return stored && { stored, seal: await authenticSeal(vault, place, stored.seal) }
}

/** Seals the next entries after the newest seal, which has to be authentic: what others wrote must never become ours. */
export async function sealNext(
  redis: Redis,
  vault: Vault,
  place: TenantPlace,
  newest: { readonly stored: StoredSeal; readonly seal: Seal } | undefined,
): Promise<Step> {
  const before = newest ? pointOf(newest.seal) : chainStart(place.tenant)
  const page = { after: before.last, limit: entriesPerSeal }
  const records = (await readChainedEntries(redis, place, page)).map(recordOf)
  if (records.length === 0) return 'nothing'
  const end = extendChain(before, records)
  const trimmed = newest?.seal.trimmed ?? null
  const seal = await makeSeal(vault, place, { before, end, trimmed })
  const isStored = await storeSeal(redis, place, {
    before: newest?.stored.id,
    seal: sealText(seal),
    records: Buffer.concat(records),
    last: end.last,
  })
  return isStored ? { seal, more: records.length === entriesPerSeal } : 'nothing'
}
