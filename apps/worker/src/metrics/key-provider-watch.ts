import { hostname } from 'node:os'
import { openVault, VaultError } from '@csr-foundry/key-vault'
import { forgetSupervisor, installationKeys, noteSupervisor } from '@csr-foundry/records'
import type { Logger } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { Rounds } from '../rounds.ts'

const every = 5_000
const ok = 'ok'

export type KeyProviderPlace = {
  readonly redis: Redis
  readonly masterKeyFile: string
  readonly log: Logger
}

/**
 * Looks every few seconds whether the master key is to be had, and says so in Redis. Workers go on for a day with the data keys that
 * they have opened: without this, a key that is gone would be noticed when they are used up.
 */
export class KeyProviderWatch {
  readonly #place: KeyProviderPlace
  readonly #rounds = new Rounds(() => this.look(), every)
  readonly #id = `${hostname()}:${process.pid}`
  /** `ok`, or the code of what is wrong. */
  state = ok

  constructor(place: KeyProviderPlace) {
    this.#place = place
  }

  start(): void {
    this.#rounds.start()
  }

  async stop(): Promise<void> {
    await this.#rounds.stop()
    await forgetSupervisor(this.#place.redis, this.#id)
  }

  /** Looks once, and does not throw. */
  async look(): Promise<void> {
    const { redis, log } = this.#place
    try {
      const before = this.state
      this.state = await this.#stateNow()
      if (this.state !== before) this.#tell()
      await noteSupervisor(redis, { id: this.#id, keyProvider: this.state })
    } catch (error) {
      // It says nothing of the key.
      log.warn({ err: error }, 'the master key was not looked at; the next round does')
    }
  }

  #tell(): void {
    const { log } = this.#place
    if (this.state === ok) log.info('the master key is to be had again')
    else log.error({ code: this.state }, 'the master key is not to be had')
  }

  async #stateNow(): Promise<string> {
    const { redis, masterKeyFile } = this.#place
    // Where Redis knows of none, opening would make one: that is for a start to do.
    if ((await redis.hget(installationKeys.masters, 'current')) === null)
      return 'master_key_unknown'
    try {
      await openVault(redis, masterKeyFile)
      return ok
    } catch (error) {
      if (error instanceof VaultError) return error.code
      throw error
    }
  }
}
