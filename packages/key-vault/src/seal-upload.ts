import { CompactEncrypt, importJWK } from 'jose'
import type { KeyOwner } from './key-owner.ts'
import { uploadHeader } from './upload-header.ts'
import type { VaultPublicKey } from './vault-public-key.ts'

/**
 * Seals a PKCS#8 private key that a client has uploaded; needs no master key, and cannot open what it has sealed. The caller
 * wipes its copy, and has the public key from where the workers wrote it, not from Redis.
 *
 * @returns a compact JWE, for `Vault.open`
 */
export async function sealUpload(
  publicKey: VaultPublicKey,
  privateKey: Uint8Array,
  owner: KeyOwner,
): Promise<string> {
  const { kid, ...jwk } = publicKey
  return await new CompactEncrypt(privateKey)
    .setProtectedHeader(uploadHeader(kid, owner))
    .encrypt(await importJWK(jwk, 'ECDH-ES'))
}
