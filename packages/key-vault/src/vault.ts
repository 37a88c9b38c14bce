/**
 * Seals private keys and opens them again.
 *
 * A sealed key says how it was made, in this order:
 *
 *     version 1 byte (1) · algorithm 1 byte (1: AES-256-GCM) · data key id 16 bytes (UUID) · nonce 12 · ciphertext · tag 16
 *
 * The head and what the key belongs to (tenant, key id, SPKI hash, custody) are authenticated with it, so a sealed key that
 * is moved to another record, tenant or custody does not open. What a client has uploaded is a JWE instead, see
 * upload-header.ts.
 */
import type { Redis } from 'ioredis'
import { decrypt, encrypt } from './aes-gcm.ts'
import { AuditKeys } from './audit-keys.ts'
import { DataKeys } from './data-keys.ts'
import { VaultError } from './errors.ts'
import { checkMayLeave, type ExportedKey, type ExportTo, encryptForReader } from './export-key.ts'
import { type KeyOwner, spkiHash } from './key-owner.ts'
import type { MasterKeys } from './master-keys.ts'
import { openMasterKey } from './open-master-key.ts'
import { isUpload, openUpload } from './open-upload.ts'
import { VaultKeys } from './vault-keys.ts'
import type { VaultPublicKey } from './vault-public-key.ts'

export type Vault = {
  /** Seals a PKCS#8 private key. The caller wipes its copy. */
  seal(privateKey: Buffer, owner: KeyOwner): Promise<Buffer>
  /** Gives the PKCS#8 back, of what `seal` or `sealUpload` has sealed; the caller wipes it after use. */
  open(sealed: Buffer, owner: KeyOwner): Promise<Buffer>
  /**
   * Opens a sealed key and encrypts it for its reader; the key in the clear does not leave this call.
   *
   * @throws {VaultError} `custody_internal` for a key that may not leave; `sealed_damaged`, also for a password that was sealed
   * for another tenant, key or export; and as `open`
   */
  exportKey(sealed: Buffer, owner: KeyOwner, to: ExportTo): Promise<ExportedKey>
  /** The key that uploads are to be sealed to; made, once for all processes, where there is none. */
  publicKey(): Promise<VaultPublicKey>
  /** Seals the audit, and tells whether a seal is its own. */
  readonly audit: Pick<AuditKeys, 'mac' | 'isOf'>
}

/** A vault, and the master key under it, as the process that opened it follows a rotation. */
export type OpenedVault = Vault & { readonly masterKey: Pick<MasterKeys, 'follow' | 'leave'> }

const version = 1
const aes256Gcm = 1
const headLength = 18

/** @throws {VaultError} when the master key file is lost, unreadable or of another installation */
export async function openVault(redis: Redis, masterKeyFile: string): Promise<OpenedVault> {
  const master = await openMasterKey(redis, masterKeyFile)
  const dataKeys = new DataKeys(redis, master)
  const vaultKeys = new VaultKeys(redis, master)
  const open: Vault['open'] = async (sealed, owner) => {
    if (isUpload(sealed)) {
      return await openUpload(sealed, owner, (kid) => vaultKeys.privateKey(kid))
    }
    const head = sealed.subarray(0, headLength)
    if (head.length < headLength || head[0] !== version || head[1] !== aes256Gcm) {
      throw new VaultError(
        'sealed_damaged',
        'A sealed key has a head that this version does not know.',
      )
    }
    const { key } = await dataKeys.find(owner.place.shard, uuidText(head.subarray(2)))
    return decrypt(key, sealed.subarray(headLength), additionalData(head, owner))
  }
  return {
    async seal(privateKey, owner) {
      const { id, key } = await dataKeys.current(owner.place.shard)
      const head = headOf(id)
      return Buffer.concat([head, encrypt(key, privateKey, additionalData(head, owner))])
    },
    open,
    async exportKey(sealed, owner, to) {
      checkMayLeave(owner)
      const pkcs8 = await open(sealed, owner)
      try {
        return await encryptForReader(pkcs8, owner, to, vaultKeys)
      } finally {
        pkcs8.fill(0)
      }
    },
    publicKey: () => vaultKeys.current(),
    audit: new AuditKeys(redis, master),
    masterKey: master,
  }
}

const versionAndAlgorithm = Buffer.from([version, aes256Gcm]).toString('hex')

const headOf = (dataKeyId: string) =>
  Buffer.from(versionAndAlgorithm + dataKeyId.replaceAll('-', ''), 'hex')

const uuidText = (bytes: Buffer) =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

function additionalData(head: Buffer, { place, keyId, spki, custody }: KeyOwner): Buffer {
  const owned = [place.tenant, keyId, spkiHash(spki), custody]
  return Buffer.concat([head, Buffer.from(JSON.stringify(owned))])
}
