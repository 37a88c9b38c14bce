import type { Vault } from '@csr-foundry/key-vault'
import {
  type AuditReport,
  readNewestSeal,
  readSealsBefore,
  type Seal,
  type TenantPlace,
} from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { AuditWalk } from './audit-walk.ts'
import { authenticSeal } from './authentic-seal.ts'

const mostWalks = 3
const sealsPerPage = 20

/**
 * Holds the audit of a tenant against its seals, and against one that the caller holds: the text of a seal, or a line of the log
 * with it. Reads in pages, so that an audit of any length takes the same memory and the event loop goes on.
 */
export async function verifyAudit(
  redis: Redis,
  vault: Vault,
  place: TenantPlace,
  held?: string,
): Promise<AuditReport> {
  for (let walks = 1; ; walks++) {
    const newest = await newestAuthentic(redis, vault, place)
    const upTo = (await readNewestSeal(redis, place))?.id
    const walk = await AuditWalk.prepare({ redis, vault, place, newest, upTo, held })
    const report = await walk.report()
    const now = await newestAuthentic(redis, vault, place)
    // Else the start of the audit went away while it was read, as it may.
    if (now?.trimmed?.count === newest?.trimmed?.count || walks === mostWalks) return report
  }
}

/** What others have stored after it is passed over here; the walk names it. */
async function newestAuthentic(
  redis: Redis,
  vault: Vault,
  place: TenantPlace,
): Promise<Seal | undefined> {
  let before = '+'
  for (;;) {
    const page = await readSealsBefore(redis, place, {
      before,
      limit: before === '+' ? 1 : sealsPerPage,
    })
    for (const stored of page) {
      const seal = await authenticSeal(vault, place, stored.seal)
      if (seal) return seal
    }
    const oldest = page.at(-1)
    if (!oldest) return undefined
    before = oldest.id
  }
}
