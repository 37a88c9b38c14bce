import type { Vault } from '@csr-foundry/key-vault'
import {
  type AuditReport,
  installationKeys,
  readNewestSeal,
  tenantKeys,
  unsealedTenants,
  writeAuditEntry,
} from '@csr-foundry/records'
import { AuditSealer, type AuditSealerOptions } from '../../src/audit/audit-sealer.ts'
import { verifyAudit } from '../../src/audit/verify-audit.ts'
import { place, startWorkerContext, type WorkerContext } from '../start-worker-context.ts'

export const streams = tenantKeys(place.shard, place.tenant)

export type Line = [id: string, fields: string[]]

export type AuditContext = WorkerContext & {
  readonly vault: Vault
  /** A sealer of its own, that is not started. */
  sealer(options?: Partial<AuditSealerOptions>): AuditSealer
  /** Writes entries, each about an id of its own. */
  write(count: number): Promise<void>
  /** Seals all that is there, with one seal. */
  seal(): Promise<void>
  verify(held?: string): Promise<AuditReport>
  newestSeal(): Promise<string>
  lines(): Promise<Line[]>
  /** Puts these entries in place of those that are there, as somebody would who can write to Redis. */
  rewrite(lines: readonly Line[]): Promise<void>
  clear(): Promise<void>
}

export async function startAudit(): Promise<AuditContext> {
  const worker = await startWorkerContext()
  const { redis, context } = worker
  const { vault, log } = context
  await redis.hset(installationKeys.tenant(place.tenant), 'shard', 0)
  await redis.sadd(installationKeys.tenants, place.tenant)
  let written = 0
  const sealer = (options: Partial<AuditSealerOptions> = {}) =>
    new AuditSealer({ redis, vault, log, shards: [place.shard], retentionDays: 0, ...options })
  return Object.assign(worker, {
    vault,
    sealer,
    write: async (count: number) => {
      for (let i = 0; i < count; i++) {
        written += 1
        await writeAuditEntry(redis, place, { action: 'key.read', ids: [String(written)] })
      }
    },
    seal: async () => {
      await redis.del(`${place.shard}:audit:lease`)
      await sealer().round()
      if ((await unsealedTenants(redis, place.shard)).length > 0) throw new Error('not all sealed')
    },
    verify: (held?: string) => verifyAudit(redis, vault, place, held),
    newestSeal: async () => (await readNewestSeal(redis, place))?.seal ?? '',
    lines: () => redis.xrange(streams.audit, '-', '+'),
    rewrite: async (lines: readonly Line[]) => {
      await redis.del(streams.audit)
      for (const [id, fields] of lines) await redis.xadd(streams.audit, id, ...fields)
    },
    clear: async () => {
      const { audit, auditSeals } = streams
      await redis.del(audit, auditSeals, `${place.shard}:audit:unsealed`)
    },
  })
}

export const kinds = ({ findings }: AuditReport) => findings.map(({ kind }) => kind)

export { place }
