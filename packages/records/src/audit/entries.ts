/**
 * The audit of a tenant: one stream, whose entries say who did what, from where, to what, and with which outcome.
 *
 * Rules: the script that makes a change writes its entry, before the change: where the one cannot be written, the other is not
 * made. What has no script in the tenant's shard (tenants, the policy) and what is only read has its entry written first,
 * and a second one when the change then fails. Nothing secret is in an entry.
 */
import type { Redis } from 'ioredis'
import { tenantKeys } from '../keys.ts'
import type { TenantPlace } from '../requests.ts'
import { runScript } from '../scripts.ts'
import type { AuditAction } from './actions.ts'
import { type ActingPlace, type Actor, actorText } from './actor.ts'

/** `id` is the entry's place in the stream: milliseconds by the clock of Redis, and a number within them. */
export type AuditEntry = {
  readonly id: string
  readonly actor: Actor
  readonly action: AuditAction
  readonly ids: readonly string[]
  /** `done`, or how it went on: `asked`, `failed: <code>`, `3 ready, 1 failed`. */
  readonly outcome: string
}

/** An entry as it lies in the stream. */
type RawEntry = { readonly id: string; readonly fields: readonly string[] }

export type Note = {
  readonly action: AuditAction
  readonly ids?: readonly string[]
  readonly outcome?: string
}

/** Writes the entry of what no script of the records does. */
export async function writeAuditEntry(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  { action, ids = [], outcome = 'done' }: Note,
): Promise<void> {
  const values = [tenant, actorText(actor), action, ids.join(','), outcome]
  await runScript(redis, shard, 'write-audit-entry', values)
}

/**
 * Makes a change whose data is in no slot of the tenant's shard: the entry first, and a second one if the change fails.
 *
 * @throws what the change throws; nothing is changed where the entry cannot be written
 */
export async function audited<Made>(
  redis: Redis,
  place: ActingPlace,
  note: Note,
  change: () => Promise<Made>,
): Promise<Made> {
  await writeAuditEntry(redis, place, note)
  try {
    return await change()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal'
    // The first entry stands, whatever becomes of this one.
    await writeAuditEntry(redis, place, { ...note, outcome: `failed: ${code}` }).catch(() => {})
    throw error
  }
}

export type AuditPage = {
  /** Only entries before this one, which is not among them. */
  readonly before?: string | undefined
  /** Only entries after this one, which is not among them. */
  readonly after?: string | undefined
  readonly limit: number
}

/** Entries, newest first; `next` is the entry before which the list goes on. */
export async function readAudit(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  { before, after, limit }: AuditPage,
): Promise<{ entries: AuditEntry[]; next?: string }> {
  const found = await redis.xrevrange(
    tenantKeys(shard, tenant).audit,
    before === undefined ? '+' : `(${before}`,
    after === undefined ? '-' : `(${after}`,
    'COUNT',
    limit + 1,
  )
  const entries = found.slice(0, limit).map(([id, fields]) => parseEntry({ id, fields }))
  const next = found.length > limit ? entries.at(-1)?.id : undefined
  return { entries, ...(next !== undefined && { next }) }
}

function parseEntry({ id, fields }: RawEntry): AuditEntry {
  const map = new Map<string, string>()
  for (let i = 0; i + 1 < fields.length; i += 2) map.set(fields[i] ?? '', fields[i + 1] ?? '')
  const ids = map.get('ids') ?? ''
  return {
    id,
    actor: parseActor(map.get('actor') ?? ''),
    action: (map.get('action') ?? '') as AuditAction,
    ids: ids === '' ? [] : ids.split(','),
    outcome: map.get('outcome') ?? '',
  }
}

/** Somebody may have written it who is not this service: a reader of the audit sees it all the same. */
function parseActor(text: string): Actor {
  try {
    const { by, from, call } = JSON.parse(text) as Partial<Record<keyof Actor, unknown>>
    return {
      by: String(by),
      from: String(from),
      ...(call !== undefined && { call: String(call) }),
    }
  } catch {
    return { by: 'unknown', from: text }
  }
}
