/**
 * Seals private keys and opens them again.
 *
 * A sealed key says how it was made, in this order:
 *
 *     version 1 byte (1) · algorithm 1 byte (1: AES-256-GCM) · data key id 16 bytes (UUID) · nonce 12 · ciphertext · tag 16
 *
 * The head and what the key belongs to (tenant, key id, SPKI hash, custody) are authenticated with it, so a sealed key that
 * is moved to another record, tenant or custody does not open.
 */
import { createHash } from 'node:crypto'
import type { TenantPlace } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { decrypt, encrypt } from './aes-gcm.ts'
import { DataKeys } from './data-keys.ts'
import { VaultError } from './errors.ts'
import { openMasterKey } from './open-master-key.ts'

/** What a private key belongs to. `spki` is the public half, as DER. */
export type KeyOwner = {
  readonly place: TenantPlace
  readonly keyId: string
  readonly spki: Buffer
  readonly custody: string
}

export type Vault = {
  /** Seals a PKCS#8 private key. The caller wipes its copy. */
  seal(privateKey: Buffer, owner: KeyOwner): Promise<Buffer>
  /** Gives the PKCS#8 back; the caller wipes it after use. */
  open(sealed: Buffer, owner: KeyOwner): Promise<Buffer>
}

const version = 1
const aes256Gcm = 1
const headLength = 18

/** @throws {VaultError} when the master key file is lost, unreadable or of another installation */
export async function openVault(redis: Redis, masterKeyFile: string): Promise<Vault> {
  const dataKeys = new DataKeys(redis, await openMasterKey(redis, masterKeyFile))
  return {
    async seal(privateKey, owner) {
      const { id, key } = await dataKeys.current(owner.place.shard)
      const head = Buffer.from([version, aes256Gcm, ...uuidBytes(id)])
      return Buffer.concat([head, encrypt(key, privateKey, additionalData(head, owner))])
    },
    async open(sealed, owner) {
      const head = sealed.subarray(0, headLength)
      if (head.length < headLength || head[0] !== version || head[1] !== aes256Gcm) {
        throw new VaultError(
          'sealed_damaged',
          'A sealed key has a head that this version does not know.',
        )
      }
      const { key } = await dataKeys.find(owner.place.shard, uuidText(head.subarray(2)))
      return decrypt(key, sealed.subarray(headLength), additionalData(head, owner))
    },
  }
}

const uuidBytes = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex')

const uuidText = (bytes: Buffer) =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

function additionalData(head: Buffer, { place, keyId, spki, custody }: KeyOwner): Buffer {
  const spkiHash = createHash('sha256').update(spki).digest('base64url')
  return Buffer.concat([
    head,
    Buffer.from(JSON.stringify([place.tenant, keyId, spkiHash, custody])),
  ])
}
