import { hash } from 'node:crypto'
import { installationKeys } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { networkOf } from './client-address.ts'
import { countWhenFull } from './count-when-full.ts'

/** So many wrong passwords within so many seconds stop the pair of account and address. */
const failures = { points: 10, duration: 900 }
/** So many, over all accounts, stop an address until the seconds are over: names that there are not cost as much as others. */
const failuresOfAddress = { points: 100, duration: 900 }
/** The first stop, in seconds; each further one within a day is twice as long, up to the longest. */
const firstStop = 60
const longestStop = 3_600
const stopsRemembered = 86_400

/**
 * Slows those who guess passwords.
 *
 * Counted is the pair of account and address: one who guesses stops himself, and not the owner of the account, who calls
 * from elsewhere. Counted as well is the address with all accounts, which stops one who goes through names. All processes
 * count together. What is stored names neither account nor address.
 */
export class LoginThrottle {
  /** Wrong passwords of a pair. */
  readonly #failures: RateLimiterRedis
  /** Wrong passwords of an address. */
  readonly #failuresOfAddress: RateLimiterRedis
  /** How often a pair was stopped lately. */
  readonly #stops: RateLimiterRedis
  /** There while it is stopped. */
  readonly #stopped: RateLimiterRedis

  constructor(redis: Redis) {
    const { loginFailures, loginStops, loginStopped } = installationKeys
    this.#failures = counter(redis, loginFailures, failures)
    this.#failuresOfAddress = counter(redis, loginFailures, failuresOfAddress)
    this.#stops = counter(redis, loginStops, { points: 1, duration: stopsRemembered })
    this.#stopped = counter(redis, loginStopped, { points: 1, duration: firstStop })
  }

  /**
   * How many wrong passwords of the pair there were lately.
   *
   * @throws {ServiceError} `login_throttled`
   */
  async check(login: string, address: string): Promise<number> {
    const pair = pairOf(login, address)
    const [stopped, failed, ofAddress] = await Promise.all([
      this.#stopped.penalty(pair, 0),
      this.#failures.penalty(pair, 0),
      this.#failuresOfAddress.penalty(addressKey(address), 0),
    ])
    if (stopped.consumedPoints > 0) throw throttled(stopped.msBeforeNext / 1_000)
    // The stop is being written at this moment.
    if (failed.consumedPoints >= failures.points) throw throttled(firstStop)
    if (ofAddress.consumedPoints >= failuresOfAddress.points) {
      throw throttled(ofAddress.msBeforeNext / 1_000)
    }
    return failed.consumedPoints
  }

  /** Counts a wrong password. */
  async failed(login: string, address: string): Promise<void> {
    const pair = pairOf(login, address)
    const [{ consumedPoints }] = await Promise.all([
      this.#failures.penalty(pair),
      this.#failuresOfAddress.penalty(addressKey(address)),
    ])
    if (consumedPoints !== failures.points) return
    const { consumedPoints: stops } = await this.#stops.penalty(pair)
    const customDuration = Math.min(firstStop * 2 ** (stops - 1), longestStop)
    await this.#stopped.penalty(pair, 1, { customDuration })
    await this.#failures.delete(pair)
  }

  /** Forgets those of the pair: whoever knows the password has not been guessing. Those of the address stay: one is his own. */
  async succeeded(login: string, address: string): Promise<void> {
    const pair = pairOf(login, address)
    await Promise.all([this.#failures.delete(pair), this.#stops.delete(pair)])
  }
}

const counter = (redis: Redis, keyPrefix: string, rule: { points: number; duration: number }) =>
  new RateLimiterRedis({
    ...{ storeClient: redis, keyPrefix, customIncrTtlLuaScript: countWhenFull },
    ...rule,
  })

const pairOf = (login: string, address: string) => keyOf(login, networkOf(address))

const addressKey = (address: string) => keyOf(networkOf(address))

const keyOf = (...parts: string[]) => hash('sha256', JSON.stringify(parts), 'base64url')

function throttled(seconds: number): ServiceError {
  const retryAfter = Math.max(1, Math.ceil(seconds))
  return new ServiceError('login_throttled', { retryAfter })
}
