import type { Redis } from 'ioredis'
import { installationKeys, tenantKeys } from '../keys.ts'
import type { TenantPlace } from '../requests.ts'
import { findTenant } from '../tenants.ts'

/** A count of a tenant is one command, and there can be thousands of tenants. */
const countsFor = 10_000

export type RequestCounts = { readonly queued: number; readonly failed: number }

/** How many requests of all tenants are queued or have failed, by counts that are up to ten seconds old: no request is looked at. */
export class RequestCounter {
  readonly #redis: Redis
  readonly #places = new Map<string, TenantPlace>()
  #counted: RequestCounts = { queued: 0, failed: 0 }
  #countedAt = Number.NEGATIVE_INFINITY

  constructor(redis: Redis) {
    this.#redis = redis
  }

  async read(): Promise<RequestCounts> {
    if (performance.now() - this.#countedAt < countsFor) return this.#counted
    const names = await this.#redis.smembers(installationKeys.tenants)
    const counts = await Promise.all(names.map((name) => this.#ofTenant(name)))
    this.#counted = {
      queued: counts.reduce((sum, { queued }) => sum + queued, 0),
      failed: counts.reduce((sum, { failed }) => sum + failed, 0),
    }
    this.#countedAt = performance.now()
    return this.#counted
  }

  async #ofTenant(name: string): Promise<RequestCounts> {
    const place = this.#places.get(name) ?? (await findTenant(this.#redis, name))
    if (!place) return { queued: 0, failed: 0 }
    this.#places.set(name, place)
    const { counts } = tenantKeys(place.shard, name)
    const [queued, failed] = await this.#redis.hmget(counts, 'queued', 'failed')
    return { queued: Math.max(0, Number(queued ?? 0)), failed: Math.max(0, Number(failed ?? 0)) }
  }
}
