import { hash } from 'node:crypto'
import type { TenantPlace } from '@csr-foundry/records'

/** What a private key belongs to. `spki` is the public half, as DER. */
export type KeyOwner = {
  readonly place: TenantPlace
  readonly keyId: string
  readonly spki: Buffer
  readonly custody: string
}

/** SHA-256 of the public half, base64url. */
export const spkiHash = (spki: Buffer) => hash('sha256', spki, 'base64url')
