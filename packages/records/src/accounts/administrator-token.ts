import type { Secret } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { installationActor } from '../audit/actor.ts'
import { installationKeys } from '../keys.ts'
import { ensureDefaultTenant } from '../tenants.ts'
import { addListed, changeListed, readListed } from './principals.ts'
import { type TokenEntry, tokenFieldOf, tokenHash, writeToken } from './tokens.ts'

const id = 'admin-token'
const name = 'ADMIN_TOKEN'

/**
 * Records the administrator's token of the settings, in place of the one that was recorded before. Its bearer is the
 * administrator: his roles are those that the user has at the time, and it ends with the user.
 */
export async function recordAdministratorToken(
  redis: Redis,
  user: string,
  token: Secret,
): Promise<void> {
  const place = { ...(await ensureDefaultTenant(redis)), actor: installationActor }
  const field = tokenFieldOf(id)
  const hash = tokenHash(token)
  const entry: TokenEntry = { id, name, user, hash, created: Date.now(), createdBy: name }
  const listed = await readListed<TokenEntry>(redis, place, field)
  const before = listed?.entry
  if (before?.hash !== hash || !('user' in before) || before.user !== user) {
    if (!before) await addListed(redis, place, field, entry)
    else await changeListed<TokenEntry>(redis, place, field, async () => entry)
  }
  await writeToken(redis, place, entry)
  if (before && before.hash !== hash) await redis.del(installationKeys.token(before.hash))
}
