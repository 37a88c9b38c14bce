import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import { VaultError } from './errors.ts'

/** NIST SP 800-38D: a 96-bit nonce drawn at random for each message, a 128-bit tag. */
const nonceLength = 12
const tagLength = 16

/** Nonce, ciphertext and tag, in this order. The key is a KeyObject, since Node takes twice as long for all of it where it is a Buffer. */
export function encrypt(key: KeyObject, plaintext: Buffer, additionalData: Buffer): Buffer {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(additionalData)
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

/** @throws {VaultError} `sealed_damaged` when key, ciphertext or additional data are not those of the encryption */
export function decrypt(key: KeyObject, message: Buffer, additionalData: Buffer): Buffer {
  const tagAt = message.length - tagLength
  if (tagAt < nonceLength) throw damaged()
  const decipher = createDecipheriv('aes-256-gcm', key, message.subarray(0, nonceLength))
  decipher.setAAD(additionalData)
  decipher.setAuthTag(message.subarray(tagAt))
  const plaintext = decipher.update(message.subarray(nonceLength, tagAt))
  try {
    decipher.final()
    return plaintext
  } catch (error) {
    plaintext.fill(0)
    throw damaged(error)
  }
}

const damaged = (cause?: unknown) =>
  new VaultError(
    'sealed_damaged',
    'A sealed value does not open: it was changed, or it belongs to another tenant, key or master key.',
    { cause },
  )
