import { createHmac, randomBytes } from 'node:crypto'
import type { Subscription } from '@csr-foundry/queue'
import {
  accountsChannel,
  findTenant,
  isPasswordOf,
  type Principal,
  readAccount,
  type TenantPlace,
} from '@csr-foundry/records'
import { Secret, ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { Gate } from './gate.ts'

export type Caller = { readonly principal: Principal; readonly place: TenantPlace }

type Known = { readonly caller: Caller; readonly accountText: string; checked: number }

/** For so long (ms) an account is not looked at again, while every change of one is heard of. */
const checkedFor = 30_000
const knownCallers = 10_000
/** A scrypt takes 32 MiB and a core for a moment. Strangers may cost that much, and wait, but not without end. */
const scryptsAtOnce = 4
const scryptsWaiting = 32
const retryAfter = 5

/**
 * Finds who is calling by user name and password.
 *
 * A password costs a scrypt, so who was right is remembered, under a keyed hash that means nothing outside this process.
 * What is remembered counts for 30 s; after that, and at every call while the subscription is not live, the account is
 * read, and counts on if nothing in it has changed. Every change is published and is the end of what was remembered.
 */
export class Authenticator {
  readonly #redis: Redis
  readonly #subscription: Subscription
  readonly #cacheKey = randomBytes(32)
  readonly #known = new LRUCache<string, Known>({ max: knownCallers })
  readonly #underWay = new Map<string, Promise<Caller>>()
  #changes = 0
  readonly #scrypts = new Gate(scryptsAtOnce, scryptsWaiting)

  constructor(redis: Redis, subscription: Subscription) {
    this.#redis = redis
    this.#subscription = subscription
    const checkAll = () => {
      this.#changes += 1
      for (const known of this.#known.values()) known.checked = 0
    }
    subscription.on(accountsChannel, checkAll)
    subscription.onLive(checkAll)
  }

  /** @throws {ServiceError} `credentials_invalid`, `login_throttled` */
  async authenticate(
    credentials: { username: string; password: string } | undefined,
  ): Promise<Caller> {
    if (!credentials) throw new ServiceError('credentials_invalid')
    const { username, password } = credentials
    const key = createHmac('sha256', this.#cacheKey)
      .update(JSON.stringify([username, password]))
      .digest('base64')
    const known = this.#known.get(key)
    if (known && this.#subscription.live && Date.now() - known.checked < checkedFor) {
      return known.caller
    }
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
    const account = await readAccount(this.#redis, username)
    const known = this.#known.get(key)
    if (known && known.accountText === account?.text) {
      // Unless a change came meanwhile, which may not have been in what was read.
      if (this.#changes === changesBefore) known.checked = Date.now()
      return known.caller
    }
    this.#known.delete(key)
    const isRight = await this.#scrypts.run(() => isPasswordOf(account, password))
    if (isRight === undefined) throw new ServiceError('login_throttled', { retryAfter })
    const place = account && (await findTenant(this.#redis, account.principal.tenant))
    if (!isRight || !place) throw new ServiceError('credentials_invalid')
    const caller = { principal: account.principal, place }
    const checked = this.#changes === changesBefore ? Date.now() : 0
    this.#known.set(key, { caller, accountText: account.text, checked })
    return caller
  }
}
