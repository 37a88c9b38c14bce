import type { KeyObject } from 'node:crypto'
import { compactDecrypt, decodeProtectedHeader } from 'jose'
import { VaultError } from './errors.ts'
import { contentEncryption, keyManagement } from './upload-header.ts'

const kidPattern = /^[\w-]{43}$/

/** What a JWE to the vault's public key has to be. */
type Expected = {
  /** All of its protected header but `epk`, for a `kid` that it names. */
  readonly header: (kid: string) => Record<string, unknown>
  /** What is in it, in a sentence: `An imported key`. */
  readonly what: string
}

/**
 * Opens what was sealed to the vault's public key, after every field of its header has been compared. The caller wipes what it
 * gets.
 *
 * @throws {VaultError} `sealed_damaged`, and what `privateKeyOf` throws
 */
export async function openJwe(
  jwe: string,
  expected: Expected,
  privateKeyOf: (kid: string) => Promise<KeyObject>,
): Promise<Buffer> {
  const privateKey = await privateKeyOf(checkedKid(jwe, expected))
  try {
    const { plaintext } = await compactDecrypt(jwe, privateKey, {
      keyManagementAlgorithms: [keyManagement],
      contentEncryptionAlgorithms: [contentEncryption],
    })
    // Over the same bytes: a copy would be one more to wipe.
    return Buffer.from(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength)
  } catch (cause) {
    throw damaged(expected, 'it was changed', cause)
  }
}

function checkedKid(jwe: string, expected: Expected): string {
  const { epk, ...header } = decodeHeader(jwe, expected)
  const { kid } = header
  if (typeof kid !== 'string' || !kidPattern.test(kid) || typeof epk !== 'object') {
    throw damaged(expected, 'its header is not one of the vault’s')
  }
  const own = expected.header(kid)
  const names = new Set([...Object.keys(own), ...Object.keys(header)])
  for (const name of names) {
    if (header[name] !== own[name]) throw damaged(expected, `its header has another ${told(name)}`)
  }
  return kid
}

const told = (name: string) => (/^[a-z]{1,10}$/.test(name) ? name : 'field')

function decodeHeader(jwe: string, expected: Expected): Record<string, unknown> {
  try {
    return decodeProtectedHeader(jwe)
  } catch (cause) {
    throw damaged(expected, 'it has no header', cause)
  }
}

const damaged = ({ what }: Expected, how: string, cause?: unknown) =>
  new VaultError('sealed_damaged', `${what} does not open: ${how}.`, { cause })
