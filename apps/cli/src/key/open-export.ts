import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, compactDecrypt, decodeProtectedHeader } from 'jose'
import { Failure } from '../failure.ts'
import { placeOf, readNamed } from '../read-named.ts'

/** An exported key that was opened. `tenant` and `key` are what the export says of itself. */
export type OpenedExport = {
  readonly tenant?: string
  readonly key?: string
  /** Of the public half, in hex, as the service shows it. */
  readonly spkiSha256: string
  /** PKCS#8. */
  readonly pem: string
}

/**
 * The compact JWE in a file: bare, or as the member `jwe` of JSON.
 *
 * @throws Failure no_export; and what reading a file throws
 */
export async function readExport(file: string): Promise<string> {
  const bytes = await readNamed(file, { maxBytes: 64 * 1024, what: 'exported key' })
  const text = bytes.toString('utf8').trim()
  const jwe = text.startsWith('{') ? jweOfJson(text) : text
  if (jwe !== undefined && isJwe(jwe)) return jwe
  if (text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----')) {
    const how = `openssl pkcs8 -in ${file === '-' ? 'FILE' : file}`
    const message = `The key in ${placeOf(file)} is encrypted under a password, not for a recipient; ${how} opens it.`
    throw Failure.of('no_export', message)
  }
  throw Failure.of('no_export', `There is no exported key (JWE) in ${placeOf(file)}.`)
}

function jweOfJson(text: string): string | undefined {
  try {
    const { jwe } = JSON.parse(text)
    return typeof jwe === 'string' ? jwe : undefined
  } catch {
    return undefined
  }
}

/** The second of the five parts is empty for a key that was agreed on. */
function isJwe(text: string): boolean {
  if (!/^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return false
  try {
    return typeof decodeProtectedHeader(text).enc === 'string'
  } catch {
    return false
  }
}

/**
 * Opens a JWE with the recipient's private key. `file` and `identity` are for messages.
 *
 * @throws Failure identity_wrong, export_damaged
 */
export async function openExport(
  jwe: string,
  file: string,
  key: KeyObject,
  identity: string,
): Promise<OpenedExport> {
  const pkcs8 = await decrypt(jwe, key).catch(async (cause) => {
    throw await notOpened(jwe, file, key, identity, cause)
  })
  try {
    const told = toldBy(jwe)
    const spkiSha256 = spkiHashOf(pkcs8)
    if (spkiSha256 === undefined || (told.spkiSha256 ?? spkiSha256) !== spkiSha256) {
      const message = `${placeOf(file)} opens, but what is in it is not the private key that it names.`
      throw Failure.of('export_damaged', message)
    }
    return { ...told, spkiSha256, pem: pemOf(pkcs8) }
  } finally {
    pkcs8.fill(0)
  }
}

async function decrypt(jwe: string, key: KeyObject): Promise<Buffer> {
  const { plaintext } = await compactDecrypt(jwe, key, {
    keyManagementAlgorithms: ['RSA-OAEP-256', 'ECDH-ES'],
    contentEncryptionAlgorithms: ['A256GCM'],
  })
  return Buffer.from(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength)
}

/** Why it may be: a wrong key and a changed JWE look the same but for the `kid` that it names. */
async function notOpened(
  jwe: string,
  file: string,
  key: KeyObject,
  identity: string,
  cause: unknown,
): Promise<Failure> {
  const { kid } = decodeProtectedHeader(jwe)
  const own = await calculateJwkThumbprint(createPublicKey(key).export({ format: 'jwk' }))
  const start = `${placeOf(file)} does not open with ${placeOf(identity)}`
  if (kid === own) {
    return Failure.of('export_damaged', `${start}, which it is for: it was changed or cut.`, cause)
  }
  const named = typeof kid === 'string' ? `it is for the recipient ${kid}` : 'it names no recipient'
  return Failure.of('identity_wrong', `${start}: ${named}; this one is ${own}.`, cause)
}

function toldBy(jwe: string): { tenant?: string; key?: string; spkiSha256?: string } {
  const header = Object(decodeProtectedHeader(jwe)['csr-foundry']) as Record<string, unknown>
  const texts = ['tenant', 'key', 'spkiSha256'].map((name) => [name, header[name]])
  return Object.fromEntries(texts.filter(([, text]) => typeof text === 'string'))
}

function spkiHashOf(pkcs8: Buffer): string | undefined {
  try {
    const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
    const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
    return createHash('sha256').update(spki).digest('hex')
  } catch {
    return undefined
  }
}

/** As it was sealed: another program's PKCS#8 could leave out the seed of an ML-DSA key. */
function pemOf(pkcs8: Buffer): string {
  const lines = pkcs8.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n')
}
