/**
 * What a client uploads is kept as a JWE (RFC 7516, compact) to the vault's public key. Its protected header says what the key
 * in it belongs to, so that one that is moved to another record, tenant or custody does not open.
 */
import { type KeyOwner, spkiHash } from './key-owner.ts'

export const keyManagement = 'ECDH-ES'
export const contentEncryption = 'A256GCM'

/** The protected header, without `epk`, which is drawn anew for each. */
export const uploadHeader = (kid: string, { place, keyId, spki, custody }: KeyOwner) => ({
  alg: keyManagement,
  enc: contentEncryption,
  // Nothing else that may ever be sealed to the vault passes for a private key.
  typ: 'private-key',
  kid,
  tenant: place.tenant,
  key: keyId,
  spki: spkiHash(spki),
  custody,
})
