/**
 * The vault's key pair: the API seals what clients upload to its public half, only workers open it.
 *
 * Rules: Redis holds the private half wrapped by the master key, and `vault:masters` names the current pair. The public half
 * that is handed out is always derived from the unwrapped private one: what Redis shows of it can be anybody's.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { installationKeys } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { calculateJwkThumbprint } from 'jose'
import { VaultError } from './errors.ts'
import type { MasterKeys } from './master-keys.ts'
import { asVaultPublicKey, type VaultPublicKey } from './vault-public-key.ts'
import { vaultKeyContext } from './wraps.ts'

type OpenedPair = { readonly privateKey: KeyObject; readonly publicKey: VaultPublicKey }

/** The key pairs that this process has opened; the current one is made where there is none. */
export class VaultKeys {
  readonly #redis: Redis
  readonly #master: MasterKeys
  readonly #opened = new Map<string, Promise<OpenedPair>>()

  constructor(redis: Redis, master: MasterKeys) {
    this.#redis = redis
    this.#master = master
  }

  /**
   * The public half of the current pair, which is made at the first call of all.
   *
   * @throws {VaultError} `vault_key_unknown`, `master_key_other`, `sealed_damaged` when the pair is not this master key's
   */
  async current(): Promise<VaultPublicKey> {
    const kid = (await this.#currentKid()) ?? (await this.#make())
    return (await this.#open(kid)).publicKey
  }

  /** @throws {VaultError} as {@link current} */
  async privateKey(kid: string): Promise<KeyObject> {
    return (await this.#open(kid)).privateKey
  }

  #currentKid(): Promise<string | null> {
    return this.#redis.hget(installationKeys.masters, 'vaultKey')
  }

  /** Of processes that make one at the same time all go on with the same. */
  async #make(): Promise<string> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { kid, ...jwk } = await publicJwk(publicKey)
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
    const name = installationKeys.vaultKey(kid)
    const rest = { public: JSON.stringify({ ...jwk, kid }), created: Date.now() }
    // Before it is named: a pair that is named and not stored would stop all uploads.
    await this.#master
      .wrap(pkcs8, vaultKeyContext(kid), (wrap) => this.#redis.hset(name, { ...rest, ...wrap }))
      .finally(() => pkcs8.fill(0))
    await this.#redis.hsetnx(installationKeys.masters, 'vaultKey', kid)
    const named = await this.#currentKid()
    if (named === kid) return kid
    await this.#redis.del(name)
    if (named === null) throw unknownKey(kid)
    return named
  }

  #open(kid: string): Promise<OpenedPair> {
    const known = this.#opened.get(kid) ?? this.#unwrap(kid)
    this.#opened.set(kid, known)
    known.catch(() => this.#opened.delete(kid))
    return known
  }

  async #unwrap(kid: string): Promise<OpenedPair> {
    const pkcs8 = await this.#master.open(installationKeys.vaultKey(kid), vaultKeyContext(kid))
    if (!pkcs8) throw unknownKey(kid)
    try {
      const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
      return { privateKey, publicKey: await publicJwk(createPublicKey(privateKey)) }
    } finally {
      pkcs8.fill(0)
    }
  }
}

async function publicJwk(publicKey: KeyObject): Promise<VaultPublicKey> {
  const jwk = publicKey.export({ format: 'jwk' })
  const key = await asVaultPublicKey({ ...jwk, kid: await calculateJwkThumbprint(jwk) })
  if (!key) throw new VaultError('sealed_damaged', 'The vault key is not of the kind it should be.')
  return key
}

const unknownKey = (kid: string) =>
  new VaultError('vault_key_unknown', `Redis does not hold the vault key ${kid}.`)
