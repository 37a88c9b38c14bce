import { createDecipheriv, pbkdf2, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { type DerElement, readDer, tags } from '../der/der-reader.ts'
import { type Derivation, type DerivationLimits, type Pbes2, readPbes2 } from './pbes2.ts'
import { refusal } from './private-key-error.ts'

const pbkdf2Async = promisify(pbkdf2)

/**
 * Opens EncryptedPrivateKeyInfo (RFC 5958 section 3). The derivation runs on the thread pool. The
 * caller wipes what it gets.
 *
 * @returns DER, whole to the last of its primitives
 * @throws PrivateKeyError malformed_der, unsupported_form, too_costly, password_needed,
 * wrong_password
 */
export async function decryptPkcs8(
  { children }: DerElement,
  password: string | Buffer | undefined,
  limits: DerivationLimits,
): Promise<Buffer> {
  const [identifier, data] = children
  const scheme = readPbes2(identifier, limits)
  if (data?.tag !== tags.octetString || data.content.length % scheme.cipher.blockLength !== 0) {
    throw refusal('malformed_der', 'The encrypted data are not whole blocks.')
  }
  if (password === undefined) {
    throw refusal('password_needed', 'The private key is encrypted; its password is needed.')
  }
  const key = await deriveKey(password, scheme, limits)
  try {
    const der = decrypt(scheme, key, data.content)
    if (der !== undefined) return der
  } finally {
    key.fill(0)
  }
  throw refusal('wrong_password', 'The password does not open the private key, or it is damaged.')
}

async function deriveKey(password: string | Buffer, scheme: Pbes2, limits: DerivationLimits) {
  const ours = Buffer.from(password as string)
  try {
    return await derive(ours, scheme.derivation, scheme.cipher.keyLength, limits)
  } finally {
    ours.fill(0)
  }
}

function derive(
  password: Buffer,
  derivation: Derivation,
  length: number,
  { maxScryptMemory }: DerivationLimits,
): Promise<Buffer> {
  const { salt } = derivation
  if (derivation.kdf === 'pbkdf2') {
    return pbkdf2Async(password, salt, derivation.rounds, length, derivation.digest)
  }
  const { cost, blockSize, parallelization } = derivation
  const options = { cost, blockSize, parallelization, maxmem: maxScryptMemory }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

// A wrong password shows in the padding, or for one in 256 in what is not DER.
function decrypt({ cipher, iv }: Pbes2, key: Buffer, data: Buffer): Buffer | undefined {
  const decipher = createDecipheriv(cipher.name, key, iv)
  const parts: Buffer[] = []
  let der: Buffer | undefined
  try {
    parts.push(decipher.update(data))
    parts.push(decipher.final())
    der = Buffer.concat(parts)
    readDer(der)
    return der
  } catch {
    der?.fill(0)
    return undefined
  } finally {
    for (const part of parts) part.fill(0)
  }
}
