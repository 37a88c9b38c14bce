import type { KeyObject } from 'node:crypto'
import type { KeyOwner } from './key-owner.ts'
import { openJwe } from './open-jwe.ts'
import { uploadHeader } from './upload-header.ts'

/** Whether a sealed key is a JWE: those begin with `{"` in base64, the vault's own form with its version. */
export const isUpload = (sealed: Buffer) => sealed.toString('latin1', 0, 2) === 'ey'

/**
 * Opens what `sealUpload` has sealed, after every field of its header has been compared with the owner.
 *
 * @throws {VaultError} `sealed_damaged`, and what `privateKeyOf` throws
 */
export const openUpload = (
  sealed: Buffer,
  owner: KeyOwner,
  privateKeyOf: (kid: string) => Promise<KeyObject>,
): Promise<Buffer> =>
  openJwe(
    sealed.toString('latin1'),
    { header: (kid) => uploadHeader(kid, owner), what: 'An imported key' },
    privateKeyOf,
  )
