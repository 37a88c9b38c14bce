import {
  readPublicKeyFile,
  readShownPublicKey,
  type VaultPublicKey,
} from '@csr-foundry/key-vault/uploads'
import { type Logger, ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'

const retryAfter = 5

/**
 * The public key that uploads are sealed to: the one in the file that the workers wrote, and only while Redis shows the same.
 * A file that differs is of another installation or an old one; a Redis that differs was changed by somebody else.
 */
export class VaultPin {
  readonly #redis: Redis
  readonly #file: string
  readonly #log: Logger

  constructor(redis: Redis, file: string, log: Logger) {
    this.#redis = redis
    this.#file = file
    this.#log = log
  }

  /**
   * Read at each call: workers may write it after this process was started. `requestId` is that of the call, for the log.
   *
   * @throws {ServiceError} `vault_unavailable`
   */
  async key(requestId: string): Promise<VaultPublicKey> {
    const [pinned, shown] = await Promise.all([this.#readFile(), readShownPublicKey(this.#redis)])
    if (typeof pinned === 'string') throw this.#refusal(requestId, pinned)
    // The id is the key's thumbprint, which both were held against.
    if (shown?.kid !== pinned.kid) {
      throw this.#refusal(requestId, 'Redis shows another public key')
    }
    return pinned
  }

  async #readFile(): Promise<VaultPublicKey | string> {
    try {
      return (await readPublicKeyFile(this.#file)) ?? 'it holds no public key'
    } catch (error) {
      return `it cannot be read (${error instanceof Error && 'code' in error ? error.code : error})`
    }
  }

  #refusal(requestId: string, reason: string): ServiceError {
    const fields = { requestId, file: this.#file, reason }
    this.#log.error(fields, 'the public key of the vault is not certain')
    const cause = new Error(`The public key of the vault is not certain: ${reason}.`)
    return new ServiceError('vault_unavailable', { retryAfter, cause })
  }
}
