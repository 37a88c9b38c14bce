/**
 * How a client's private key gets in: opened, checked and sealed in the upload thread, then stored with what its owner may see.
 *
 * Rules: a key in clear leaves this process in no form. It is taken out of its string at once, as bytes that are handed over
 * to the thread; nothing here keeps the string, and nothing that is thrown repeats any of it. It is sealed to the pinned
 * public key of the vault and to no other.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Custody, KeyAlgorithmName } from '@csr-foundry/csr'
import type { VaultPublicKey } from '@csr-foundry/key-vault/uploads'
import { type ActingPlace, importKey, type KeyRecord, readKey, takeId } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { FairGate } from '../fair-gate.ts'
import { gone } from '../submit.ts'
import { faultyKey, keyNotAccepted, slowKey, type UploadPointers } from './private-key-faults.ts'
import type { Checked } from './thread-messages.ts'
import type { UploadThread } from './upload-thread.ts'
import type { VaultPin } from './vault-pin.ts'

export type Upload = {
  /** Of the call, for the log. */
  readonly requestId: string
  readonly pem: string
  readonly password?: string | undefined
  readonly name?: string | undefined
  readonly custody: Custody
  /** The algorithms that the dialect has a name for. */
  readonly accepted: readonly KeyAlgorithmName[]
  readonly pointers: UploadPointers
  /** As for callOnce, of a call that may be made again. */
  readonly onceParts?: readonly string[] | undefined
  /** Called before anything is stored: throws where the caller has lost what let him in while his key was looked at. */
  confirm(): Promise<void>
}

type CheckedUpload = {
  readonly job: number
  readonly publicKey: VaultPublicKey
  readonly algorithm: KeyAlgorithmName
  readonly spki: Buffer
  readonly upload: Upload
}

/** Deriving keys from passwords must leave threads of the pool to those who log in. */
const checks = { running: 2, waiting: 256 }
const checksOfTenant = { running: 1, waiting: 7 }
const longestCheckMs = 2_000
const retryAfter = 2

export class KeyUploads {
  readonly #redis: Redis
  readonly #thread: UploadThread
  readonly #pin: VaultPin
  readonly #longestCheckMs: number
  readonly #gate = new FairGate(checks, checksOfTenant)
  #lastJob = 0

  constructor(redis: Redis, thread: UploadThread, pin: VaultPin, longest = longestCheckMs) {
    this.#redis = redis
    this.#thread = thread
    this.#pin = pin
    this.#longestCheckMs = longest
  }

  /**
   * Takes a key in and gives its record.
   *
   * @throws {ServiceError} `attribute_invalid` with faults at `pointers`, `private_key_known`, `uploads_throttled`,
   * `vault_unavailable`, and what the records throw
   */
  async take(place: ActingPlace, upload: Upload): Promise<KeyRecord> {
    const publicKey = await this.#pin.key(upload.requestId)
    this.#lastJob += 1
    const job = this.#lastJob
    try {
      const checked = await this.#check(place.tenant, job, upload)
      if ('faults' in checked) throw faultyKey(checked.faults, upload.pointers)
      const { algorithm } = checked
      if (!upload.accepted.includes(algorithm)) {
        throw keyNotAccepted(algorithm, upload.accepted, upload.pointers)
      }
      const spki = Buffer.from(checked.spki)
      return await this.#store(place, { job, publicKey, algorithm, spki, upload })
    } finally {
      this.#thread.forget(job)
    }
  }

  /** Ends in time for the caller. Its place is free only when the thread is done with it, however late. */
  async #check(tenant: string, job: number, upload: Upload): Promise<Checked> {
    const { promise, resolve, reject } = Promise.withResolvers<Checked>()
    const check = async () => {
      const checked = this.#thread.check({
        job,
        pem: bytesOf(upload.pem),
        password: upload.password === undefined ? undefined : bytesOf(upload.password),
      })
      resolve(Promise.race([checked, this.#lateness(upload.pointers)]))
      await checked
      return true
    }
    this.#gate.run(tenant, check).then((ran) => {
      if (!ran) reject(new ServiceError('uploads_throttled', { retryAfter }))
    }, reject)
    return await promise
  }

  async #lateness(pointers: UploadPointers): Promise<never> {
    await delay(this.#longestCheckMs, undefined, { ref: false })
    throw slowKey(pointers)
  }

  async #store(
    place: ActingPlace,
    { job, publicKey, algorithm, spki, upload }: CheckedUpload,
  ): Promise<KeyRecord> {
    const { custody, name } = upload
    const id = await takeId(this.#redis, place)
    const sealed = await this.#thread.seal({ job, publicKey, place, keyId: id, custody })
    await upload.confirm()
    const record = { id, algorithm, spki, custody, ...(name !== undefined && { name }) }
    const key = { ...record, sealed: Buffer.from(sealed) }
    const outcome = await importKey(this.#redis, place, key, upload.onceParts)
    if ('again' in outcome) return await this.#readEarlier(place, outcome.again)
    if (!outcome.imported) {
      const detail = `The tenant holds this private key already: it is the key ${outcome.knownAs}.`
      throw new ServiceError('private_key_known', { detail })
    }
    return { ...record, origin: 'imported', created: outcome.created, inUse: false }
  }

  async #readEarlier(place: ActingPlace, id: string): Promise<KeyRecord> {
    const key = await readKey(this.#redis, place, id)
    if (!key) throw gone(`The key ${id}`)
    return key
  }
}

/** In memory of its own, which can be handed over. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Buffer.byteLength(text))
  new TextEncoder().encodeInto(text, bytes)
  return bytes
}
