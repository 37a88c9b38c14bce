import { type AuditEntry, readAudit, type TenantPlace } from '@csr-foundry/records'
import { defaultPlace, type TestApi } from '../start-api.ts'

/** What was done since, but for readings: who, what, to what, and how it ended. */
export async function auditedBy(
  { redis }: TestApi,
  work: () => Promise<unknown>,
  place: TenantPlace = defaultPlace,
) {
  const newest = async (after?: string): Promise<AuditEntry[]> => [
    ...(await readAudit(redis, place, { limit: 100, ...(after && { after }) })).entries,
  ]
  const [before] = await newest()
  await work()
  const entries = await newest(before?.id)
  return entries
    .filter(({ action }) => action !== 'key.list')
    .map(({ actor, action, ids, outcome }) => ({ by: actor.by, action, ids, outcome }))
}
