/**
 * The key under which the audit is sealed: who can write to Redis and does not have it makes no seal.
 *
 * Rules: Redis holds it wrapped by the master key, and `vault:masters` names the current one. In clear it is in the memory of
 * workers only.
 */
import {
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto'
import { installationKeys } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { VaultError, type VaultErrorCode } from './errors.ts'
import type { MasterKeys } from './master-keys.ts'
import { auditKeyContext } from './wraps.ts'

/** HMAC-SHA-256 under the audit key, in base64url, and the key's id. */
export type AuditMac = { readonly kid: string; readonly mac: string }

const keyLength = 32
/** What somebody who can write to Redis can bring about: a MAC under such a key is nobody's. */
const notOurKey: readonly VaultErrorCode[] = [
  'audit_key_unknown',
  'sealed_damaged',
  'master_key_other',
]

/** The audit keys that this process has opened; the current one is made where there is none. */
export class AuditKeys {
  readonly #redis: Redis
  readonly #master: MasterKeys
  readonly #opened = new Map<string, Promise<KeyObject>>()

  constructor(redis: Redis, master: MasterKeys) {
    this.#redis = redis
    this.#master = master
  }

  /** @throws {VaultError} `audit_key_unknown`, `master_key_other`, `sealed_damaged` when the key is not this master key's */
  async mac(text: string): Promise<AuditMac> {
    const kid = (await this.#currentKid()) ?? (await this.#make())
    return { kid, mac: hmac(await this.#open(kid), text).toString('base64url') }
  }

  /** Whether `mac` was made over this text; false, too, for one under a key that is not here or not the vault's. */
  async isOf({ kid, mac }: AuditMac, text: string): Promise<boolean> {
    const given = Buffer.from(mac, 'base64url')
    try {
      const made = hmac(await this.#open(kid), text)
      return given.length === made.length && timingSafeEqual(given, made)
    } catch (error) {
      if (error instanceof VaultError && notOurKey.includes(error.code)) return false
      throw error
    }
  }

  #currentKid(): Promise<string | null> {
    return this.#redis.hget(installationKeys.masters, 'auditKey')
  }

  /** Of processes that make one at the same time all go on with the same. */
  async #make(): Promise<string> {
    const kid = randomUUID()
    const key = randomBytes(keyLength)
    const name = installationKeys.auditKey(kid)
    const created = Date.now()
    // Before it is named: a key that is named and not stored would stop all sealing.
    await this.#master
      .wrap(key, auditKeyContext(kid), (wrap) => this.#redis.hset(name, { ...wrap, created }))
      .finally(() => key.fill(0))
    await this.#redis.hsetnx(installationKeys.masters, 'auditKey', kid)
    const named = await this.#currentKid()
    if (named === kid) return kid
    await this.#redis.del(name)
    if (named === null) throw unknownKey(kid)
    return named
  }

  #open(kid: string): Promise<KeyObject> {
    const known = this.#opened.get(kid) ?? this.#unwrap(kid)
    this.#opened.set(kid, known)
    known.catch(() => this.#opened.delete(kid))
    return known
  }

  async #unwrap(kid: string): Promise<KeyObject> {
    const key = await this.#master.open(installationKeys.auditKey(kid), auditKeyContext(kid))
    if (!key) throw unknownKey(kid)
    try {
      return createSecretKey(key)
    } finally {
      key.fill(0)
    }
  }
}

const hmac = (key: KeyObject, text: string) => createHmac('sha256', key).update(text).digest()

const unknownKey = (kid: string) =>
  new VaultError('audit_key_unknown', `Redis does not hold the audit key ${kid}.`)
