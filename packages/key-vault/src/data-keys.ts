import { randomBytes, randomUUID } from 'node:crypto'
import { type ShardTag, shardKeys } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { VaultError } from './errors.ts'
import type { MasterKeyProvider } from './master-key-provider.ts'

/** A key that seals private keys, in clear only in the memory of workers. `id` is a UUID. */
export type DataKey = { readonly id: string; readonly key: Buffer }

type Lease = { readonly dataKey: DataKey; readonly retireAt: number; sealsLeft: number }

/** Random nonces stay safe far beyond this (2^32 messages a key); a day bounds what one leaked data key opens. */
const sealsPerKey = 1_000_000
const lifetime = 24 * 60 * 60 * 1_000
const openedKept = 10_000

/** The data keys of one worker: its own to seal with, one per shard, and those it has opened. */
export class DataKeys {
  readonly #redis: Redis
  readonly #master: MasterKeyProvider
  readonly #leases = new Map<ShardTag, Promise<Lease>>()
  readonly #opened = new LRUCache<string, Buffer>({ max: openedKept })

  constructor(redis: Redis, master: MasterKeyProvider) {
    this.#redis = redis
    this.#master = master
  }

  /** The key to seal the next private key of a shard with; retired by age and by count. */
  async current(shard: ShardTag): Promise<DataKey> {
    const lease = await this.#leases.get(shard)
    if (lease && lease.sealsLeft > 0 && Date.now() < lease.retireAt) {
      lease.sealsLeft -= 1
      return lease.dataKey
    }
    const next = this.#makeLease(shard)
    this.#leases.set(shard, next)
    next.catch(() => this.#leases.delete(shard))
    return (await next).dataKey
  }

  /** @throws {VaultError} `data_key_unknown`, `master_key_other`, `sealed_damaged` */
  async find(shard: ShardTag, id: string): Promise<DataKey> {
    const known = this.#opened.get(id)
    if (known) return { id, key: known }
    const [master, wrapped] = await this.#redis.hmgetBuffer(
      shardKeys(shard).dataKey(id),
      'master',
      'wrapped',
    )
    if (!master || !wrapped) {
      throw new VaultError('data_key_unknown', `Redis does not hold the data key ${id}.`)
    }
    const key = await this.#master.unwrap(master.toString(), wrapped, wrapContext(shard, id))
    this.#opened.set(id, key)
    return { id, key }
  }

  async #makeLease(shard: ShardTag): Promise<Lease> {
    const dataKey = { id: randomUUID(), key: randomBytes(32) }
    const wrapped = await this.#master.wrap(dataKey.key, wrapContext(shard, dataKey.id))
    // Before its first use: a key sealed under a data key that was never stored could not be opened by anyone.
    await this.#redis.hset(shardKeys(shard).dataKey(dataKey.id), {
      algorithm: 'A256GCM',
      master: this.#master.currentId,
      wrapped,
      created: Date.now(),
    })
    this.#opened.set(dataKey.id, dataKey.key)
    return { dataKey, retireAt: Date.now() + lifetime, sealsLeft: sealsPerKey - 1 }
  }
}

const wrapContext = (shard: ShardTag, id: string) => `csr-foundry data key ${shard} ${id}`
