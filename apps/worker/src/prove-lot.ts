/** Which CSRs of a lot are read back and verified, and what is proved of the others. */
import { createPublicKey } from 'node:crypto'
import { CsrError, type GeneratedKey, keyAlgorithms, proveKey, type Spec } from '@csr-foundry/csr'
import type { WaitingRequest } from '@csr-foundry/records'

/** Every RSA and ML-DSA key, and in lots of the others the first, the last and one in `verifyEvery` at random. */
export function requestsToProve(
  requests: readonly WaitingRequest[],
  verifyEvery: number,
): Set<string> {
  const last = requests.length - 1
  const chosen = requests.filter(
    ({ spec }, index) =>
      keyAlgorithms[spec.key.algorithm].verified === 'each' ||
      index === 0 ||
      index === last ||
      Math.random() * verifyEvery < 1,
  )
  return new Set(chosen.map(({ id }) => id))
}

/**
 * What is proved of every new key: the CSR has the public key that was read out of what is sealed, and what signed is the
 * private half of that pair. The key's own `equals` costs a fifth of writing the public key once more.
 */
export function proveBelonging(
  csr: Buffer,
  { spec, spki, privateKey, publicKey }: Omit<GeneratedKey, 'pkcs8'> & { readonly spec: Spec },
): void {
  proveKey(csr, { spec, spki })
  if (createPublicKey(privateKey).equals(publicKey)) return
  throw new CsrError('spki_mismatch', 'The key that signed is not of the pair that is sealed.', {
    pointer: '/privateKey',
  })
}
