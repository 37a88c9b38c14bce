import type { KeyAlgorithmName } from '@csr-foundry/csr'

// Loading the table of packages/csr would make every start of csrctl half as long again. The compiler holds these to it.
const names = {
  'rsa-2048': true,
  'rsa-3072': true,
  'rsa-4096': true,
  'ecdsa-p256': true,
  'ecdsa-p384': true,
  'ecdsa-p521': true,
  ed25519: true,
  'ml-dsa-44': true,
  'ml-dsa-65': true,
  'ml-dsa-87': true,
} as const satisfies Record<KeyAlgorithmName, true>

/** Names of the key algorithms, all of them. */
export const keyAlgorithmNames = Object.keys(names) as [KeyAlgorithmName, ...KeyAlgorithmName[]]
