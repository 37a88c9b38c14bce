/** Records of private keys. What is sealed in them is opened by workers only; readers of the API never ask for it. */
import type { Custody, KeyAlgorithmName } from '@csr-foundry/csr'

export type KeyOrigin = 'generated' | 'imported'

/** A key as its readers see it. `spki` is the public key as DER; `created` milliseconds since the epoch. */
export type KeyRecord = {
  readonly id: string
  readonly algorithm: KeyAlgorithmName
  readonly spki: Buffer
  readonly custody: Custody
  readonly origin: KeyOrigin
  readonly name?: string
  readonly created: number
  /** Whether a request that is not deleted points at it. */
  readonly inUse: boolean
}
