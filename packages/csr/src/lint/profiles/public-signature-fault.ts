import { readDer, readOid } from '../../der/der-reader.ts'
import type { CsrContent } from '../../read-csr.ts'
import {
  type SignatureAlgorithm,
  signatureAlgorithms,
} from '../../signatures/signature-algorithms.ts'

const digests: ReadonlySet<string | undefined> = new Set(['sha256', 'sha384', 'sha512'])

/**
 * What is wrong with a signature's algorithm for a public CA: PKCS #1 v1.5 or ECDSA with SHA-256,
 * SHA-384 or SHA-512 is right (`goodSignatureAlgorithms` of letsencrypt/boulder's csr/csr.go).
 * Undefined as well for one that cannot be read: that has its own finding.
 */
export function publicSignatureFault({ signatureAlgorithm }: CsrContent): string | undefined {
  const oid = oidOf(signatureAlgorithm)
  if (oid === undefined) return undefined
  const algorithm = signatureAlgorithms.get(oid)
  if (algorithm !== undefined && isUsual(algorithm)) return undefined
  const found = algorithm?.name ?? oid
  return `The signature is ${found}; RSA (PKCS #1 v1.5) or ECDSA with sha256, sha384 or sha512 is needed.`
}

function isUsual({ scheme, digest }: SignatureAlgorithm): boolean {
  return (scheme === 'pkcs1' || scheme === 'ecdsa') && digests.has(digest)
}

function oidOf(identifier: Buffer): string | undefined {
  try {
    return readOid(readDer(identifier).children[0])
  } catch {
    return undefined
  }
}
