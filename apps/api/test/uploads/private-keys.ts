import {
  createCipheriv,
  generateKeyPairSync,
  type KeyObject,
  pbkdf2Sync,
  randomBytes,
} from 'node:crypto'

export const pemOf = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' = 'pkcs8') =>
  key.export({ format: 'pem', type }).toString()

export const encryptedPem = (key: KeyObject, passphrase: string) =>
  key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }).toString()

export const newEcKey = (namedCurve = 'P-256') =>
  generateKeyPairSync('ec', { namedCurve }).privateKey

/**
 * A P-256 key as EncryptedPrivateKeyInfo (RFC 8018), whose PBKDF2 asks for as many rounds as is wanted. With `password` it
 * opens; without, the rounds are only claimed.
 */
export function derivedIn(rounds: number, password?: string): string {
  const [salt, iv] = [randomBytes(16), randomBytes(16)]
  const key =
    password === undefined ? randomBytes(32) : pbkdf2Sync(password, salt, rounds, 32, 'sha512')
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  const pkcs8 = newEcKey().export({ format: 'der', type: 'pkcs8' })
  const encrypted = Buffer.concat([cipher.update(pkcs8), cipher.final()])
  const hmacSha512 = sequence(oid('2a864886f70d020b'), Buffer.of(5, 0))
  const kdf = sequence(
    oid('2a864886f70d01050c'),
    sequence(
      tlv(4, salt),
      tlv(2, Buffer.from(rounds.toString(16).padStart(8, '0'), 'hex')),
      hmacSha512,
    ),
  )
  const scheme = sequence(oid('60864801650304012a'), tlv(4, iv))
  const der = sequence(
    sequence(oid('2a864886f70d01050d'), sequence(kdf, scheme)),
    tlv(4, encrypted),
  )
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n')
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lines}\n-----END ENCRYPTED PRIVATE KEY-----\n`
}

const sequence = (...parts: Buffer[]) => tlv(0x30, Buffer.concat(parts))
const oid = (hex: string) => tlv(6, Buffer.from(hex, 'hex'))

function tlv(tag: number, content: Buffer): Buffer {
  // Integers have no needless octet in front.
  if (tag === 2)
    while (content[0] === 0 && (content[1] ?? 0x80) < 0x80) content = content.subarray(1)
  const { length } = content
  const head =
    length < 128
      ? [tag, length]
      : length < 256
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), content])
}
