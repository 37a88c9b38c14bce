import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { Failure } from '../failure.ts'
import { placeOf, readNamed } from '../read-named.ts'
import { isTerminal, readSecret } from '../read-secret.ts'

type Around = {
  /** Of a file that is encrypted. */
  readonly passwordFile: string | undefined
  /** Whether something else is read from standard input, so that no password can come from there. */
  readonly stdinIsTaken: boolean
}

/**
 * A recipient's private key, from a file with PEM or a JWK.
 *
 * @throws Failure identity_invalid, password_wrong, input_missing; and what reading a file throws
 */
export async function readIdentity(file: string, around: Around): Promise<KeyObject> {
  const key = await readRecipientKey(file, around)
  if (key.type === 'private') return key
  const message = `${placeOf(file)} has the public half of a key; the private one is needed.`
  throw Failure.of('identity_invalid', message)
}

/** The same, where the public half alone is enough. */
export async function readRecipientKey(file: string, around: Around): Promise<KeyObject> {
  const bytes = await readNamed(file, { maxBytes: 64 * 1024, what: 'identity' })
  const text = bytes.toString('utf8')
  bytes.fill(0)
  const key = isEncrypted(text) ? await unlock(file, text, around) : readClear(file, text)
  checkKind(file, key)
  return key
}

const isEncrypted = (text: string) => /BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENC/m.test(text)

async function unlock(file: string, pem: string, around: Around): Promise<KeyObject> {
  const { passwordFile, stdinIsTaken } = around
  if (passwordFile === undefined && !isTerminal() && (stdinIsTaken || file === '-')) {
    throw Failure.of('input_missing', `There is no password for ${placeOf(file)}.`)
  }
  const prompt = `Password of ${placeOf(file)}: `
  const passphrase = await readSecret({ file: passwordFile, prompt })
  const key = tried(() => createPrivateKey({ key: pem, passphrase }))
  if (key !== undefined) return key
  throw Failure.of('password_wrong', `The password does not open ${placeOf(file)}.`)
}

function readClear(file: string, text: string): KeyObject {
  const key = tried(() => {
    if (text.trimStart().startsWith('{')) return ofJwk(JSON.parse(text))
    return text.includes('BEGIN PUBLIC KEY') ? createPublicKey(text) : createPrivateKey(text)
  })
  if (key !== undefined) return key
  const message = `There is no key as PEM or JWK in ${placeOf(file)} that can be read.`
  throw Failure.of('identity_invalid', message)
}

// The words of OpenSSL and of JSON.parse could repeat what was read: they end here.
function tried(read: () => KeyObject): KeyObject | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

const ofJwk = (key: JsonWebKey) =>
  'd' in key ? createPrivateKey({ key, format: 'jwk' }) : createPublicKey({ key, format: 'jwk' })

function checkKind(file: string, { asymmetricKeyType: type, asymmetricKeyDetails }: KeyObject) {
  const { modulusLength = 0, namedCurve } = asymmetricKeyDetails ?? {}
  if (type === 'rsa' && modulusLength >= 2048) return
  if (type === 'x25519' || (type === 'ec' && namedCurve === 'prime256v1')) return
  const size = type === 'rsa' ? ` of ${modulusLength} bits` : ''
  const kind = `${type ?? 'unknown'}${size}${namedCurve ? ` (${namedCurve})` : ''}`
  const message = `The key in ${placeOf(file)} is of a kind that no export is made for: ${kind}.`
  throw Failure.of('identity_invalid', message)
}
