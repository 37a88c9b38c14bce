/**
 * Removes requests and batches RETENTION_DAYS after they were settled, and their keys as RETENTION_KEYS says.
 *
 * Rules: of all supervisors one does it for a shard, by a lease; two at once do no harm. A pass goes over all tenants of the
 * shard, once an hour, in rounds that leave most of Redis to others; it reads little but what it removes. What is due waits:
 * nothing depends on the hour in which it goes.
 */
import { randomUUID } from 'node:crypto'
import {
  type Expired,
  expire,
  findTenant,
  leaseRetention,
  listTenants,
  type Retention,
  type ShardTag,
} from '@csr-foundry/records'
import type { Logger } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { Rounds } from './rounds.ts'

const every = 5_000
const passEvery = 60 * 60 * 1_000
/** Some half a second of Redis, a few milliseconds at a time. */
const stepsPerRound = 150
const tenantsPerPage = 100

export type ExpiryOptions = {
  readonly redis: Redis
  readonly shards: readonly ShardTag[]
  readonly log: Logger
  readonly retention: Retention
}

/** A pass yields after each step of it. */
type Pass = AsyncGenerator<void, void>

export class Expiry {
  readonly #options: ExpiryOptions
  readonly #owner = randomUUID()
  readonly #passes = new Map<ShardTag, Pass>()
  /** When the next pass of a shard begins (performance.now). */
  readonly #nextPass = new Map<ShardTag, number>()
  readonly #rounds = new Rounds(() => this.round(), every)
  #stopped = false

  constructor(options: ExpiryOptions) {
    this.#options = options
  }

  start(): void {
    this.#rounds.start()
  }

  /** Ends after the step that is under way; whoever goes on, does so there. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#rounds.stop()
  }

  /** The next steps of each shard's pass; does not throw. */
  async round(): Promise<void> {
    const { shards, log } = this.#options
    for (const shard of shards) {
      try {
        await this.#goOn(shard)
      } catch (error) {
        this.#passes.delete(shard)
        log.warn({ shard, err: error }, 'retention failed; the next round tries again')
      }
    }
  }

  async #goOn(shard: ShardTag): Promise<void> {
    if (!(await leaseRetention(this.#options.redis, shard, this.#owner))) {
      this.#passes.delete(shard)
      return
    }
    const pass = this.#passOf(shard)
    for (let step = 0; pass && step < stepsPerRound && !this.#stopped; step++) {
      if (!(await pass.next()).done) continue
      this.#passes.delete(shard)
      this.#nextPass.set(shard, performance.now() + passEvery)
      return
    }
  }

  #passOf(shard: ShardTag): Pass | undefined {
    const underWay = this.#passes.get(shard)
    if (underWay || performance.now() < (this.#nextPass.get(shard) ?? 0)) return underWay
    const pass = this.#pass(shard)
    this.#passes.set(shard, pass)
    return pass
  }

  async *#pass(shard: ShardTag): Pass {
    const { redis } = this.#options
    let after: string | undefined
    do {
      const page = await listTenants(redis, { after, limit: tenantsPerPage })
      for (const { name } of page.tenants) {
        const found = await findTenant(redis, name)
        if (found?.shard === shard) yield* this.#expireTenant(shard, name)
      }
      after = page.next
    } while (after !== undefined)
  }

  async *#expireTenant(shard: ShardTag, tenant: string): Pass {
    const { redis, log, retention } = this.#options
    const removed = { requests: 0, keys: 0, batches: 0 }
    for await (const step of expire(redis, { tenant, shard }, retention)) {
      add(removed, step)
      yield
    }
    if (removed.requests + removed.batches > 0) {
      log.info({ tenant, ...removed }, 'removed after RETENTION_DAYS')
    }
  }
}

function add(sum: { -readonly [name in keyof Expired]: number }, step: Expired): void {
  sum.requests += step.requests
  sum.keys += step.keys
  sum.batches += step.batches
}
