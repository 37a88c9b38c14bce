import { hash, randomBytes } from 'node:crypto'
import type { Subscription } from '@csr-foundry/queue'
import {
  type ActingPlace,
  createSession,
  endSession,
  hashPassword,
  isPasswordOf,
  readAccount,
  type SessionKind,
  sessionHash,
  tokenHash,
} from '@csr-foundry/records'
import { Secret, ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { FairGate } from '../fair-gate.ts'
import type { Caller, Proof } from './caller.ts'
import type { Watch } from './caller-watches.ts'
import { Callers } from './callers.ts'
import { networkOf } from './client-address.ts'
import type { Credentials } from './credentials.ts'
import { csrfOf } from './csrf.ts'
import { LoginThrottle } from './login-throttle.ts'

const knownPasswords = 10_000
/**
 * A scrypt takes 32 MiB and a core for a moment. Strangers may cost that much, and wait, but not without end; and each address
 * little of it, so that one who never stops leaves places to all others.
 */
const logIns = [
  { running: 4, waiting: 256 },
  { running: 1, waiting: 2 },
] as const
/** Places of their own for new passwords, by tenant: whoever makes one is known already. */
const newPasswords = [
  { running: 2, waiting: 64 },
  { running: 1, waiting: 8 },
] as const
const retryAfter = 5

/**
 * Finds who is calling by what the call brings.
 *
 * A password costs a scrypt, so one that was right is remembered, under a keyed hash that means nothing outside this process,
 * as a proof: the name and the generation of the password. Whether the proof counts is asked at every call; see
 * {@link Callers}.
 */
export class Authenticator {
  readonly #redis: Redis
  readonly #callers: Callers
  readonly #throttle: LoginThrottle
  readonly #cacheKey = randomBytes(32).toString('base64url')
  readonly #proofs = new LRUCache<string, Proof>({ max: knownPasswords })
  readonly #underWay = new Map<string, Promise<Proof>>()
  readonly #logIns = new FairGate(...logIns)
  readonly #newPasswords = new FairGate(...newPasswords)

  constructor(redis: Redis, subscription: Subscription) {
    this.#redis = redis
    this.#callers = new Callers(redis, subscription)
    this.#throttle = new LoginThrottle(redis)
  }

  /**
   * @param address where the call comes from: wrong passwords are counted by account and address
   * @throws {ServiceError} `credentials_invalid`, `login_throttled`
   */
  async authenticate(credentials: Credentials | undefined, address: string): Promise<Caller> {
    if (!credentials) throw new ServiceError('credentials_invalid')
    switch (credentials.kind) {
      case 'password':
        return await this.#byPassword(credentials.username, credentials.password, address)
      case 'token':
        return await this.#callers.find({ kind: 'token', sha256: tokenHash(credentials.token) })
      case 'session':
        return await this.#callers.find({
          kind: 'session',
          sha256: sessionHash(credentials.id, credentials.of),
        })
    }
  }

  /** Who brings these credentials, where nothing has to be asked to say so; undefined says nothing of them. */
  known(credentials: Credentials): Caller | undefined {
    if (credentials.kind === 'token') {
      return this.#callers.known({ kind: 'token', sha256: tokenHash(credentials.token) })
    }
    if (credentials.kind === 'session') return undefined
    const proof = this.#proofs.get(this.#proofKey(credentials.username, credentials.password))
    return proof && this.#callers.known(proof)
  }

  /** A user by his name and password. @throws {ServiceError} `credentials_invalid`, `login_throttled` */
  logIn(
    { username, password }: { readonly username: string; readonly password: string },
    address: string,
  ): Promise<Caller> {
    return this.#byPassword(username, new Secret(password), address)
  }

  /** Begins a session of one who has logged in; `id` is the cookie's value, `csrf` what its changes have to bring along. */
  async startSession(
    { password }: Caller,
    place: ActingPlace,
    kind: SessionKind = 'lxca',
  ): Promise<{ id: string; csrf: string }> {
    if (!password) throw new ServiceError('credentials_invalid')
    const { login, generation } = password
    const id = await createSession(this.#redis, place, login, generation, kind)
    return { id: id.reveal(), csrf: csrfOf(id) }
  }

  async endSession(place: ActingPlace, id: string, kind: SessionKind = 'lxca'): Promise<void> {
    await endSession(this.#redis, place, new Secret(id), kind)
    this.accountsChanged()
  }

  /** To be called where this process itself has changed an account, which counts here at once and not with the news of it. */
  accountsChanged(): void {
    this.#callers.checkAll()
  }

  /** Watches over a caller whose call is held. */
  watch(caller: Caller, mayGoOn: (now: Caller) => boolean): Watch {
    return this.#callers.watch(caller, mayGoOn)
  }

  /**
   * The stored form of a new password that somebody of a tenant gives.
   *
   * @throws {ServiceError} `login_throttled` while the tenant has too many made
   */
  async hashPassword(password: string, tenant: string): Promise<string> {
    return await inTurn(this.#newPasswords, tenant, () => hashPassword(new Secret(password)))
  }

  async #byPassword(username: string, password: Secret, address: string): Promise<Caller> {
    const key = this.#proofKey(username, password)
    const known = this.#proofs.get(key)
    if (known) {
      const caller = await this.#callers.find(known).catch(passOverInvalid)
      if (caller) return caller
      this.#proofs.delete(key)
    }
    // A client that opens many connections at once pays for one scrypt, not for one each.
    const attempt = `${key} ${address}`
    const underWay = this.#underWay.get(attempt) ?? this.#prove(username, password, address)
    this.#underWay.set(attempt, underWay)
    try {
      const proof = await underWay
      this.#proofs.set(key, proof)
      return await this.#callers.find(proof)
    } finally {
      if (this.#underWay.get(attempt) === underWay) this.#underWay.delete(attempt)
    }
  }

  #proofKey(username: string, password: Secret): string {
    return hash('sha256', JSON.stringify([this.#cacheKey, username, password.reveal()]), 'base64')
  }

  async #prove(login: string, password: Secret, address: string): Promise<Proof> {
    // Before the turn, so that one who is stopped keeps nobody waiting, and in it, so that many guesses at once are counted.
    await this.#throttle.check(login, address)
    return await inTurn(this.#logIns, networkOf(address), async () => {
      const failures = await this.#throttle.check(login, address)
      const account = await readAccount(this.#redis, login)
      const isRight = await isPasswordOf(account, password)
      if (!isRight || !account) {
        await this.#throttle.failed(login, address)
        throw new ServiceError('credentials_invalid')
      }
      if (failures > 0) await this.#throttle.succeeded(login, address)
      return { kind: 'password', login, generation: account.generation }
    })
  }
}

async function inTurn<T>(gate: FairGate, owner: string, work: () => Promise<T>): Promise<T> {
  const done = await gate.run(owner, async () => ({ result: await work() }))
  if (!done) throw new ServiceError('login_throttled', { retryAfter })
  return done.result
}

function passOverInvalid(error: unknown): undefined {
  if (error instanceof ServiceError && error.code === 'credentials_invalid') return undefined
  throw error
}
