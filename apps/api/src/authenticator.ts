import { createHmac, randomBytes } from 'node:crypto'
import type { Subscription } from '@csr-foundry/queue'
import {
  accountsChannel,
  findPrincipal,
  findTenant,
  type Principal,
  type TenantPlace,
} from '@csr-foundry/records'
import { Secret, ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'

export type Caller = { readonly principal: Principal; readonly place: TenantPlace }

const cachedFor = 30_000
const cachedCallers = 10_000

/**
 * Finds who is calling by user name and password.
 *
 * A password costs a scrypt, so who was right is remembered for 30 s, under a keyed hash that means nothing outside this
 * process. Every change of an account is published and empties the memory; while the subscription is not live nothing is
 * remembered, so that a revocation counts everywhere at once.
 */
export class Authenticator {
  readonly #redis: Redis
  readonly #subscription: Subscription
  readonly #cacheKey = randomBytes(32)
  readonly #callers = new LRUCache<string, Caller>({ max: cachedCallers, ttl: cachedFor })
  readonly #underWay = new Map<string, Promise<Caller>>()
  #changes = 0

  constructor(redis: Redis, subscription: Subscription) {
    this.#redis = redis
    this.#subscription = subscription
    const forget = () => {
      this.#changes += 1
      this.#callers.clear()
      this.#underWay.clear()
    }
    subscription.on(accountsChannel, forget)
    subscription.onLive(forget)
  }

  /** @throws {ServiceError} `credentials_invalid` */
  async authenticate(
    credentials: { username: string; password: string } | undefined,
  ): Promise<Caller> {
    if (!credentials) throw new ServiceError('credentials_invalid')
    const { username, password } = credentials
    const key = createHmac('sha256', this.#cacheKey)
      .update(JSON.stringify([username, password]))
      .digest('base64')
    const known = this.#subscription.live ? this.#callers.get(key) : undefined
    if (known) return known
    // A client that opens many connections at once pays for one scrypt, not for one each.
    const underWay = this.#underWay.get(key) ?? this.#verify(key, username, new Secret(password))
    this.#underWay.set(key, underWay)
    try {
      return await underWay
    } finally {
      if (this.#underWay.get(key) === underWay) this.#underWay.delete(key)
    }
  }

  async #verify(key: string, username: string, password: Secret): Promise<Caller> {
    const changesBefore = this.#changes
    const principal = await findPrincipal(this.#redis, username, password)
    const place = principal && (await findTenant(this.#redis, principal.tenant))
    if (!principal || !place) throw new ServiceError('credentials_invalid')
    const caller = { principal, place }
    if (this.#subscription.live && this.#changes === changesBefore) this.#callers.set(key, caller)
    return caller
  }
}
