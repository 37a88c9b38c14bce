import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { type ShardTag, shardKeys } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { VaultError } from './errors.ts'
import type { MasterKeys } from './master-keys.ts'
import { dataKeyContext } from './wraps.ts'

/** A key that seals private keys, in clear only in the memory of workers. `id` is a UUID. */
export type DataKey = { readonly id: string; readonly key: KeyObject }

type Lease = { readonly dataKey: DataKey; readonly retireAt: number; sealsLeft: number }

/** Random nonces stay safe far beyond this (2^32 messages a key); a day bounds what one leaked data key opens. */
const sealsPerKey = 1_000_000
const lifetime = 24 * 60 * 60 * 1_000
const openedKept = 10_000

/** The data keys of one worker: its own to seal with, one per shard, and those it has opened. */
export class DataKeys {
  readonly #redis: Redis
  readonly #master: MasterKeys
  readonly #leases = new Map<ShardTag, Promise<Lease>>()
  /** By shard and id, so that a key opens nothing in another shard, whatever was opened before. */
  readonly #opened = new LRUCache<string, KeyObject>({ max: openedKept })

  constructor(redis: Redis, master: MasterKeys) {
    this.#redis = redis
    this.#master = master
  }

  /** The key to seal the next private key of a shard with; retired by age and by count. */
  async current(shard: ShardTag): Promise<DataKey> {
    const held = this.#leases.get(shard) ?? this.#renew(shard)
    const lease = await held
    if (lease.sealsLeft > 0 && Date.now() < lease.retireAt) {
      lease.sealsLeft -= 1
      return lease.dataKey
    }
    // The first who sees that it is spent makes the next, for all who ask at this moment.
    if (this.#leases.get(shard) === held) await this.#renew(shard)
    return await this.current(shard)
  }

  /** @throws {VaultError} `data_key_unknown`, `master_key_other`, `sealed_damaged` */
  async find(shard: ShardTag, id: string): Promise<DataKey> {
    const known = this.#opened.get(dataKeyContext(shard, id))
    if (known) return { id, key: known }
    const octets = await this.#master.open(shardKeys(shard).dataKey(id), dataKeyContext(shard, id))
    if (!octets) {
      throw new VaultError('data_key_unknown', `Redis does not hold the data key ${id}.`)
    }
    const key = createSecretKey(octets)
    octets.fill(0)
    this.#opened.set(dataKeyContext(shard, id), key)
    return { id, key }
  }

  #renew(shard: ShardTag): Promise<Lease> {
    const lease = this.#makeLease(shard)
    this.#leases.set(shard, lease)
    lease.catch(() => {
      if (this.#leases.get(shard) === lease) this.#leases.delete(shard)
    })
    return lease
  }

  async #makeLease(shard: ShardTag): Promise<Lease> {
    const id = randomUUID()
    const octets = randomBytes(32)
    const key = createSecretKey(octets)
    const name = shardKeys(shard).dataKey(id)
    const rest = { algorithm: 'A256GCM', created: Date.now() }
    // Before its first use: a key sealed under a data key that was never stored could not be opened by anyone.
    const wrapped = this.#master.wrap(octets, dataKeyContext(shard, id), (wrap) =>
      this.#redis.hset(name, { ...rest, ...wrap }),
    )
    await wrapped.finally(() => octets.fill(0))
    this.#opened.set(dataKeyContext(shard, id), key)
    return { dataKey: { id, key }, retireAt: Date.now() + lifetime, sealsLeft: sealsPerKey }
  }
}
