/** What the process and its upload thread say to each other. Each message names its job, a number. */
import type { Custody, KeyAlgorithmName, PrivateKeyFault } from '@csr-foundry/csr'
import type { VaultPublicKey } from '@csr-foundry/key-vault/uploads'
import type { TenantPlace } from '@csr-foundry/records'

type Bytes = Uint8Array<ArrayBuffer>

/** Opens and checks a key; the thread keeps it, as PKCS#8, until it is told to forget it. The bytes are handed over. */
export type CheckOrder = {
  readonly does: 'check'
  readonly job: number
  readonly pem: Bytes
  readonly password: Bytes | undefined
}

/** Seals the key that was checked. */
export type SealOrder = {
  readonly does: 'seal'
  readonly job: number
  readonly publicKey: VaultPublicKey
  readonly place: TenantPlace
  readonly keyId: string
  readonly custody: Custody
}

/** Wipes it. Not answered. */
export type ForgetOrder = { readonly does: 'forget'; readonly job: number }

export type Order = CheckOrder | SealOrder | ForgetOrder

export type Checked =
  | { readonly algorithm: KeyAlgorithmName; readonly spki: Uint8Array }
  | { readonly faults: readonly PrivateKeyFault[] }

/** To a check, what was found; to a seal, the JWE. */
export type Answer = Checked | string

export type Answered = { readonly job: number; readonly answer: Answer }
