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
  // Seals lie under the time when they were stored, just after they were made.
  const [old] = await readSealsBefore(redis, place, { before: String(until), limit: 1 })
  const anchor = old && (await authenticSeal(vault, place, old.seal))
  if (!old || !anchor || anchor.at >= until) return undefined
  if (anchor.count <= (newest.seal.trimmed?.count ?? 0)) return undefined
  const end = pointOf(newest.seal)
  const seal = await makeSeal(vault, place, { before: end, end, trimmed: pointOf(anchor) })
  const isStored = await storeSeal(redis, place, {
    before: newest.stored.id,
    seal: sealText(seal),
    records: Buffer.alloc(0),
    last: end.last,
    drop: { entry: anchor.last, seal: old.id },
  })
  return isStored ? seal : undefined
}
