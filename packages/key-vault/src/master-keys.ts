/**
 * The master keys as a process of the installation uses them: what Redis names as the current one wraps, what its provider has
 * unwraps, and a rotation is taken up without a restart.
 *
 * Rules: what is wrapped is stored first, and used only if the key that wraps it counts afterwards as well. So a rotation,
 * which says that a key counts no more and then looks through all wraps, misses none that is ever used.
 */
import { installationKeys } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { VaultError } from './errors.ts'
import { forgetHolder, noteHolder } from './holders.ts'
import { readMasterKeyFile } from './master-key-file.ts'
import type { MasterKeyProvider } from './master-key-provider.ts'
import { type Masters, readMasters } from './masters.ts'

/** A key as Redis keeps it: wrapped, with the id of the master key that wraps it. */
export type Wrap = { readonly master: string; readonly wrapped: Buffer }

const reportEvery = 20_000

export class MasterKeys {
  readonly #redis: Redis
  readonly #path: string
  #provider: MasterKeyProvider
  #followed = ''
  #reported = { text: '', at: 0 }

  constructor(redis: Redis, path: string, provider: MasterKeyProvider) {
    this.#redis = redis
    this.#path = path
    this.#provider = provider
  }

  /** Ids of those that this process has. */
  get ids(): readonly string[] {
    return this.#provider.ids
  }

  /**
   * Wraps a key and has it stored; again where the master key moved meanwhile. When it resolves the key may be used.
   *
   * @throws {VaultError} `master_key_other` where the file here is not up to date and what it has counts no more
   */
  async wrap(key: Buffer, context: string, store: (wrap: Wrap) => Promise<unknown>): Promise<void> {
    let master = await this.#wrapping()
    for (;;) {
      await store({ master, wrapped: await this.#provider.wrap(master, key, context) })
      const now = await this.#wrapping()
      if (now === master) return
      master = now
    }
  }

  /**
   * The key that Redis keeps wrapped under `name`; undefined where there is none. The caller wipes it.
   *
   * @throws {VaultError} `master_key_other`, `sealed_damaged`
   */
  async open(name: string, context: string): Promise<Buffer | undefined> {
    const wrap = await readWrap(this.#redis, name)
    if (!wrap) return undefined
    try {
      return await this.#unwrap(wrap, context)
    } catch (error) {
      // A rotation may have wrapped it anew since it was read.
      const now = await readWrap(this.#redis, name)
      if (!now || now.master === wrap.master) throw error
      return await this.#unwrap(now, context)
    }
  }

  /**
   * Takes up what a rotation has done, and tells it which keys this process has: to be called every few seconds.
   *
   * @returns ids of keys that a rotation needs here and the file does not hold
   */
  async follow(process: string): Promise<string[]> {
    const masters = await readMasters(this.#redis)
    const text = JSON.stringify(masters)
    if (text !== this.#followed || this.#lacks(masters).length > 0) await this.#reload(masters)
    this.#followed = text
    await this.#report(process)
    return this.#lacks(masters)
  }

  /** Says that this process needs no master key any more. */
  async leave(process: string): Promise<void> {
    await forgetHolder(this.#redis, process)
  }

  #lacks({ current, next }: Masters): string[] {
    return [current, next].flatMap((id) => (id === undefined || this.#has(id) ? [] : [id]))
  }

  #has(id: string | undefined): boolean {
    return id !== undefined && this.#provider.ids.includes(id)
  }

  /** Id of the key that is to wrap what is stored next. */
  async #wrapping(): Promise<string> {
    const masters = await readMasters(this.#redis)
    const current = masters.current ?? (await claimMaster(this.#redis, this.#provider))
    if (!this.#has(current)) await this.#reload(masters)
    if (this.#has(current)) return current
    // The rotation waits until the file has come here, and wraps anew what this one wraps until then.
    if (masters.previous !== undefined && this.#has(masters.previous)) return masters.previous
    throw new VaultError('master_key_other', otherFile(this.#path, this.ids, current))
  }

  async #unwrap({ master, wrapped }: Wrap, context: string): Promise<Buffer> {
    if (!this.#has(master)) await this.#reload(await readMasters(this.#redis))
    return await this.#provider.unwrap(master, wrapped, context)
  }

  /** A file that is gone, unreadable or another installation's changes nothing: this process goes on with what it has. */
  async #reload({ current }: Masters): Promise<void> {
    const read = await readMasterKeyFile(this.#path).catch(() => undefined)
    if (read && current !== undefined && read.ids.includes(current)) this.#provider = read
  }

  async #report(process: string): Promise<void> {
    const text = this.ids.join(' ')
    if (text === this.#reported.text && Date.now() - this.#reported.at < reportEvery) return
    await noteHolder(this.#redis, process, this.ids)
    this.#reported = { text, at: Date.now() }
  }
}

/** The current master key of the installation; where Redis knows of none, the first that the provider has becomes it. */
export async function claimMaster(redis: Redis, { ids }: MasterKeyProvider): Promise<string> {
  const [first = ''] = ids
  await redis.hsetnx(installationKeys.masters, 'current', first)
  return (await redis.hget(installationKeys.masters, 'current')) ?? first
}

export async function readWrap(redis: Redis, name: string): Promise<Wrap | undefined> {
  const [master, wrapped] = await redis.hmgetBuffer(name, 'master', 'wrapped')
  return master && wrapped ? { master: master.toString(), wrapped } : undefined
}

export const otherFile = (path: string, ids: readonly string[], current: string) =>
  `Redis holds keys that are sealed under the master key ${current}; ${path} holds ${ids.join(' and ')}. Use the file that belongs to this data: that of the host where the master key was rotated, or, after a restore, the one that was current at the backup.`
