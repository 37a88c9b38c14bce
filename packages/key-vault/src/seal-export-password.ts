import { CompactEncrypt, importJWK } from 'jose'
import { exportPasswordHeader } from './export-password-header.ts'
import type { VaultPublicKey } from './vault-public-key.ts'

/** The export that a password is for: it opens for no other. `n` is its number within the tenant. */
export type ExportOf = {
  readonly tenant: string
  readonly keyId: string
  readonly n: string
}

/**
 * Seals the password of an export to the vault's public key; needs no master key, and cannot open what it has sealed. The
 * caller has the public key from where the workers wrote it, not from Redis.
 *
 * @returns a compact JWE, for `Vault.exportKey`
 */
export async function sealExportPassword(
  publicKey: VaultPublicKey,
  password: string,
  of: ExportOf,
): Promise<string> {
  const { kid, ...jwk } = publicKey
  const octets = Buffer.from(password)
  try {
    return await new CompactEncrypt(octets)
      .setProtectedHeader(exportPasswordHeader(kid, of))
      .encrypt(await importJWK(jwk, 'ECDH-ES'))
  } finally {
    octets.fill(0)
  }
}
