import type { KeyObject } from 'node:crypto'
import { compactDecrypt, decodeProtectedHeader } from 'jose'
import { VaultError } from './errors.ts'
import type { KeyOwner } from './key-owner.ts'
import { contentEncryption, keyManagement, uploadHeader } from './upload-header.ts'

const kidPattern = /^[\w-]{43}$/

/** Whether a sealed key is a JWE: those begin with `{"` in base64, the vault's own form with its version. */
export const isUpload = (sealed: Buffer) => sealed.toString('latin1', 0, 2) === 'ey'

/**
 * Opens what `sealUpload` has sealed, after every field of its header has been compared with the owner.
 *
 * @throws {VaultError} `sealed_damaged`, and what `privateKeyOf` throws
 */
export async function openUpload(
  sealed: Buffer,
  owner: KeyOwner,
  privateKeyOf: (kid: string) => Promise<KeyObject>,
): Promise<Buffer> {
  const jwe = sealed.toString('latin1')
  const privateKey = await privateKeyOf(checkedKid(jwe, owner))
  try {
    const { plaintext } = await compactDecrypt(jwe, privateKey, {
      keyManagementAlgorithms: [keyManagement],
      contentEncryptionAlgorithms: [contentEncryption],
    })
    // Over the same bytes: a copy would be one more to wipe.
    return Buffer.from(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength)
  } catch (cause) {
    throw damaged('it was changed', cause)
  }
}

function checkedKid(jwe: string, owner: KeyOwner): string {
  const { epk, ...header } = decodeHeader(jwe)
  const { kid } = header
  if (typeof kid !== 'string' || !kidPattern.test(kid) || typeof epk !== 'object') {
    throw damaged('its header is not one of the vault’s')
  }
  const expected: Record<string, unknown> = uploadHeader(kid, owner)
  const names = new Set([...Object.keys(expected), ...Object.keys(header)])
  for (const name of names) {
    if (header[name] !== expected[name]) throw damaged(`its header has another ${told(name)}`)
  }
  return kid
}

const told = (name: string) => (/^[a-z]{1,10}$/.test(name) ? name : 'field')

function decodeHeader(jwe: string): Record<string, unknown> {
  try {
    return decodeProtectedHeader(jwe)
  } catch (cause) {
    throw damaged('it has no header', cause)
  }
}

const damaged = (how: string, cause?: unknown) =>
  new VaultError('sealed_damaged', `An imported key does not open: ${how}.`, { cause })
