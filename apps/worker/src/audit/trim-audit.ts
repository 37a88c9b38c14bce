import type { Vault } from '@csr-foundry/key-vault'
import {
  readSealsBefore,
  type Seal,
  type StoredSeal,
  sealText,
  storeSeal,
  type TenantPlace,
} from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { authenticSeal, makeSeal, pointOf } from './authentic-seal.ts'

/**
 * Lets go of the entries up to the newest seal that was made before `until` (milliseconds since the epoch), and of the seals up
 * to that one. What says so is a seal of its own over no entries, stored in the same script: a verification begins
 * where the newest seal says. Undefined where there is nothing to let go of.
 */
export async function trimAudit(
  redis: Redis,
  vault: Vault,
  place: TenantPlace,
  { newest, until }: { newest: { stored: StoredSeal; seal: Seal }; until: number },
): Promise<Seal | undefined> {
  const anchor = await newestBefore(redis, vault, place, until)
  if (!anchor) return undefined
  if (anchor.seal.count <= (newest.seal.trimmed?.count ?? 0)) return undefined
  const end = pointOf(newest.seal)
  const seal = await makeSeal(vault, place, { before: end, end, trimmed: pointOf(anchor.seal) })
  const isStored = await storeSeal(redis, place, {
    before: newest.stored.id,
    seal: sealText(seal),
    records: Buffer.alloc(0),
    last: end.last,
    drop: { entry: anchor.seal.last, seal: anchor.stored.id },
  })
  return isStored ? seal : undefined
}

/**
 * The newest seal that was made before `until`; undefined where there is none, or where one that is not authentic comes first.
 * Seals lie under the time at which they were stored, by the clock of Redis, which may be behind the one that they were made by.
 */
async function newestBefore(redis: Redis, vault: Vault, place: TenantPlace, until: number) {
  let before = `${until}-0`
  for (;;) {
    const [stored] = await readSealsBefore(redis, place, { before, limit: 1 })
    const seal = stored && (await authenticSeal(vault, place, stored.seal))
    if (!stored || !seal) return undefined
    if (seal.at < until) return { stored, seal }
    before = stored.id
  }
}
