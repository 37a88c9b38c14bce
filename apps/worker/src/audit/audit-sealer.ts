/**
 * Seals the audits of all tenants every second, and lets go of what is older than AUDIT_RETENTION_DAYS.
 *
 * Rules: of all processes one seals a shard, by a lease; two at once do no harm. A seal that is not authentic is never extended,
 * since that would make somebody else's entries ours: it is told of in the log, and left for the operator. The newest seal of
 * each round is logged whole: a log that Redis' owner cannot change is what a cut audit is found by.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Vault } from '@csr-foundry/key-vault'
import {
  type ChainPoint,
  findTenant,
  leaseAudit,
  listTenants,
  redisTrouble,
  type Seal,
  type ShardTag,
  type StoredSeal,
  type TenantPlace,
  unsealedTenants,
} from '@csr-foundry/records'
import type { Logger } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { Rounds } from '../rounds.ts'
import { pointOf } from './authentic-seal.ts'
import { findNewest, sealNext } from './seal-tenant.ts'
import { trimAudit } from './trim-audit.ts'

const every = 1_000
const complainEvery = 60_000
const trimEvery = 60 * 60 * 1_000
const day = 24 * 60 * 60 * 1_000
const lastRoundWithin = 1_000
const tenantsPerPage = 100

export type AuditSealerOptions = {
  readonly redis: Redis
  readonly vault: Vault
  readonly shards: readonly ShardTag[]
  readonly log: Logger
  /** 0: entries are kept for ever. */
  readonly retentionDays: number
}

export class AuditSealer {
  readonly #options: AuditSealerOptions
  readonly #owner = randomUUID()
  /** By tenant: up to where this process knows its audit to be sealed, and when it complained of it. */
  readonly #known = new Map<string, ChainPoint>()
  readonly #complained = new Map<string, number>()
  readonly #trimmed = new Map<ShardTag, number>()
  readonly #rounds = new Rounds(() => this.round(), every)
  #stopped = false

  constructor(options: AuditSealerOptions) {
    this.#options = options
  }

  start(): void {
    this.#rounds.start()
  }

  /** Seals what is there, if Redis answers, and stops. */
  async stop(): Promise<void> {
    const given = new AbortController()
    const lastRound = this.#rounds.stop().then(() => this.round())
    const timeout = sleep(lastRoundWithin, undefined, { signal: given.signal }).catch(() => {})
    await Promise.race([lastRound, timeout])
    given.abort()
    this.#stopped = true
  }

  /** One look at each shard; does not throw. */
  async round(): Promise<void> {
    const { shards, log } = this.#options
    for (const shard of shards) {
      try {
        await this.#sealShard(shard)
      } catch (error) {
        if (this.#stopped) return
        log.warn({ shard, err: error }, 'sealing the audit failed; the next round tries again')
      }
    }
  }

  async #sealShard(shard: ShardTag): Promise<void> {
    const { redis } = this.#options
    if (!(await this.#leased(shard))) return
    for (const tenant of await unsealedTenants(redis, shard)) {
      await this.#apart({ tenant, shard }, (place) => this.#sealTenant(place))
      // A long round keeps its lease, and one that has lost it leaves the rest to who has it.
      if (!(await this.#leased(shard))) return
    }
    await this.#trimShard(shard)
  }

  /** What is wrong with the audit of one tenant must not keep those of others from being sealed. */
  async #apart(place: TenantPlace, work: (place: TenantPlace) => Promise<void>): Promise<void> {
    try {
      await work(place)
    } catch (error) {
      if (redisTrouble(error)) throw error
      if (!this.#mayComplain(place.tenant)) return
      this.#options.log.error(
        { tenant: place.tenant, err: error },
        'audit of a tenant is not sealed',
      )
    }
  }

  async #leased(shard: ShardTag): Promise<boolean> {
    return !this.#stopped && (await leaseAudit(this.#options.redis, shard, this.#owner))
  }

  async #sealTenant(place: TenantPlace): Promise<void> {
    const { redis, vault, log } = this.#options
    let made: Seal | undefined
    for (;;) {
      const newest = await this.#authenticNewest(place)
      if (newest === 'foreign') return
      const step = await sealNext(redis, vault, place, newest)
      if (step === 'nothing') break
      made = step.seal
      this.#known.set(place.tenant, pointOf(made))
      if (!step.more || this.#stopped) break
    }
    if (made) log.info({ ...made }, 'audit sealed')
  }

  /** The newest seal; undefined where there is none yet, 'foreign' for one that must not be extended. */
  async #authenticNewest(
    place: TenantPlace,
  ): Promise<{ stored: StoredSeal; seal: Seal } | undefined | 'foreign'> {
    const { redis, vault, log } = this.#options
    const newest = await findNewest(redis, vault, place)
    if (newest && !newest.seal) {
      if (this.#mayComplain(place.tenant)) {
        const { tenant } = place
        const { id } = newest.stored
        log.error({ tenant, sealId: id }, 'newest seal of the audit is not authentic')
      }
      return 'foreign'
    }
    const found = newest?.seal && { stored: newest.stored, seal: newest.seal }
    this.#compareWithKnown(place.tenant, found?.seal)
    return found
  }

  /** Whoever takes seals away has this process make them anew: it must not do so without a word. */
  #compareWithKnown(tenant: string, seal: Seal | undefined): void {
    const known = this.#known.get(tenant)
    if (known && known.count > (seal?.count ?? 0)) {
      const { last, count, hash } = known
      this.#options.log.error(
        { tenant, last, count, hash, found: seal?.count ?? 0 },
        'newest seal of the audit is gone',
      )
    }
    if (seal) this.#known.set(tenant, pointOf(seal))
    else this.#known.delete(tenant)
  }

  #mayComplain(tenant: string): boolean {
    if (Date.now() < (this.#complained.get(tenant) ?? 0) + complainEvery) return false
    this.#complained.set(tenant, Date.now())
    return true
  }

  async #trimShard(shard: ShardTag): Promise<void> {
    const { redis, retentionDays } = this.#options
    if (retentionDays === 0 || Date.now() < (this.#trimmed.get(shard) ?? 0) + trimEvery) return
    this.#trimmed.set(shard, Date.now())
    let after: string | undefined
    do {
      const page = await listTenants(redis, { after, limit: tenantsPerPage })
      for (const { name } of page.tenants) {
        if (!(await this.#leased(shard))) return
        await this.#apart({ tenant: name, shard }, (place) => this.#trimTenant(place))
      }
      after = page.next
    } while (after !== undefined)
  }

  async #trimTenant(place: TenantPlace): Promise<void> {
    const { redis, vault, log, retentionDays } = this.#options
    const found = await findTenant(redis, place.tenant)
    if (found?.shard !== place.shard) return
    const newest = await this.#authenticNewest(place)
    if (newest === 'foreign' || !newest) return
    const until = Date.now() - retentionDays * day
    const seal = await trimAudit(redis, vault, place, { newest, until })
    if (seal) log.info({ ...seal }, 'audit trimmed')
  }
}
