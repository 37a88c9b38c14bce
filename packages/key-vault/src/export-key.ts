/**
 * How a key leaves: encrypted for its reader, and in no other way.
 *
 * A recipient gets a compact JWE (RFC 7516) that any JOSE library opens: the payload is PKCS#8 DER, and the protected header
 * says whose key it is under `csr-foundry`. Who knows the password gets PEM of EncryptedPrivateKeyInfo.
 */
import { createHash } from 'node:crypto'
import { encryptPkcs8, toEncryptedPrivateKeyPem } from '@csr-foundry/csr'
import { CompactEncrypt } from 'jose'
import { VaultError } from './errors.ts'
import { exportPasswordHeader } from './export-password-header.ts'
import type { KeyOwner } from './key-owner.ts'
import { openJwe } from './open-jwe.ts'
import type { Recipient } from './recipient-jwk.ts'
import type { VaultKeys } from './vault-keys.ts'

/** Who reads an export: the owner of a public key, or who knows a password, as `sealExportPassword` sealed it for export `n`. */
export type ExportTo =
  | { readonly recipient: Recipient }
  | { readonly sealedPassword: string; readonly n: string }

/** A compact JWE of the PKCS#8 DER; or PEM, labelled ENCRYPTED PRIVATE KEY. */
export type ExportedKey = { readonly jwe: string } | { readonly pem: string }

/** @throws {VaultError} `custody_internal` */
export function checkMayLeave({ keyId, custody }: KeyOwner): void {
  // What is said here is authenticated with the sealed key: one that was sealed as internal does not open as exportable.
  if (custody === 'exportable') return
  throw new VaultError(
    'custody_internal',
    `The key ${keyId} is of custody ${custody}: it may not leave.`,
  )
}

/** Encrypts a PKCS#8 private key; the caller wipes it. */
export async function encryptForReader(
  pkcs8: Buffer,
  owner: KeyOwner,
  to: ExportTo,
  vaultKeys: VaultKeys,
): Promise<ExportedKey> {
  if ('recipient' in to) return { jwe: await encryptTo(to.recipient, pkcs8, owner) }
  const { place, keyId } = owner
  const of = { tenant: place.tenant, keyId, n: to.n }
  const password = await openJwe(
    to.sealedPassword,
    { header: (kid) => exportPasswordHeader(kid, of), what: 'The password of an export' },
    (kid) => vaultKeys.privateKey(kid),
  )
  try {
    return { pem: toEncryptedPrivateKeyPem(await encryptPkcs8(pkcs8, password)) }
  } finally {
    password.fill(0)
  }
}

function encryptTo(recipient: Recipient, pkcs8: Buffer, { place, keyId, spki }: KeyOwner) {
  const { alg, kid } = recipient
  return new CompactEncrypt(pkcs8)
    .setProtectedHeader({
      alg,
      enc: 'A256GCM',
      ...(kid !== undefined && { kid }),
      cty: 'application/pkcs8',
      'csr-foundry': {
        tenant: place.tenant,
        key: keyId,
        spkiSha256: createHash('sha256').update(spki).digest('hex'),
      },
    })
    .encrypt(recipient)
}
