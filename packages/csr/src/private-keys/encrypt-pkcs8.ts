import { createCipheriv, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { integer, nullValue, octetString, oid, sequence } from '../der/der-writer.ts'

const pbkdf2Async = promisify(pbkdf2)

/** OWASP's number for PBKDF2 with HMAC-SHA-256. */
const rounds = 600_000
const saltOctets = 16
const keyOctets = 32
const ivOctets = 16

const oids = {
  pbes2: oid('1.2.840.113549.1.5.13'),
  pbkdf2: oid('1.2.840.113549.1.5.12'),
  hmacWithSha256: oid('1.2.840.113549.2.9'),
  aes256Cbc: oid('2.16.840.1.101.3.4.1.42'),
}

/**
 * Encrypts a PKCS #8 private key under a password: DER of EncryptedPrivateKeyInfo (RFC 5958 section
 * 3) with PBES2 (RFC 8018 section 6.2), PBKDF2 of HMAC-SHA-256 with 600,000 rounds and AES-256 in
 * CBC mode. The derivation runs on the thread pool. A string is taken as UTF-8, as it is. PBES2 has
 * no tag: what was changed can open to something else, which is then no key. `pkcs8` and `password`
 * are the caller's to wipe; a string cannot be.
 *
 * @example
 * ```ts
 * const key = await keyAlgorithms.ed25519.generate()
 * const encrypted = await encryptPkcs8(exportPrivateKey(key), 'correct horse battery')
 * const { spki } = await importPrivateKey(encrypted, { password: 'correct horse battery' })
 * spki.equals(key.spki) // => true
 * ```
 */
export async function encryptPkcs8(
  pkcs8: Uint8Array,
  password: string | Uint8Array,
): Promise<Buffer> {
  const salt = randomBytes(saltOctets)
  const iv = randomBytes(ivOctets)
  // A copy also of octets: the caller may wipe his while the derivation runs.
  const octets = Buffer.from(password as string)
  const key = await pbkdf2Async(octets, salt, rounds, keyOctets, 'sha256').finally(() =>
    octets.fill(0),
  )
  try {
    const cipher = createCipheriv('aes-256-cbc', key, iv)
    const data = Buffer.concat([cipher.update(pkcs8), cipher.final()])
    return sequence([pbes2Identifier(salt, iv), octetString(data)])
  } finally {
    key.fill(0)
  }
}

// RFC 8018 appendices A.2 and A.4. No keyLength: it is the cipher's own.
function pbes2Identifier(salt: Buffer, iv: Buffer): Buffer {
  const prf = sequence([oids.hmacWithSha256, nullValue])
  const parameters = sequence([octetString(salt), integer(rounds), prf])
  const derivation = sequence([oids.pbkdf2, parameters])
  const encryption = sequence([oids.aes256Cbc, octetString(iv)])
  return sequence([oids.pbes2, sequence([derivation, encryption])])
}
