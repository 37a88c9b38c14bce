import { CsrError, type FindingCode, lintCsr, readCsr } from '@csr-foundry/csr'
import { describe, expect, it } from 'vitest'
import { cryptographyVectors } from './vectors.ts'

/** What is made of a request: how the strict reader ends, and all that lint finds. */
type Expected = {
  read: 'good' | 'malformed_der' | 'malformed_csr' | 'unsupported'
  findings: readonly FindingCode[]
}

const good = (...findings: FindingCode[]): Expected => ({ read: 'good', findings })
const bad = (read: Expected['read'], ...findings: FindingCode[]): Expected => ({ read, findings })
const noSan = 'common_name_not_in_san'
const sha1 = 'signature_digest_weak'

/** Of some nobody signed again what was changed in them. */
const unsigned = 'signature_invalid'

const expectations: Readonly<Record<string, Expected>> = {
  'bad-version.pem': bad('malformed_csr', 'csr_version', unsigned),
  'basic_constraints.pem': good(sha1, unsigned, noSan),
  'challenge-invalid.der': bad('unsupported', 'attribute_malformed', unsigned),
  'challenge-multi-valued.der': bad('malformed_csr', 'attribute_values', unsigned),
  'challenge-unstructured.pem': good(),
  'challenge.pem': good(),
  'dsa_sha1.der': good('key_algorithm_obsolete', sha1, 'signature_algorithm_obsolete', noSan),
  'dsa_sha1.pem': good('key_algorithm_obsolete', sha1, 'signature_algorithm_obsolete', noSan),
  'ec_sha256.der': good(noSan, 'signature_digest_curve'),
  'ec_sha256.pem': good(noSan, 'signature_digest_curve'),
  'ec_sha256_old_header.pem': good(noSan, 'signature_digest_curve'),
  'freeipa-bad-critical.pem': bad('malformed_der', 'der_default_written'),
  'invalid_signature.pem': good('key_rsa_modulus_short', 'signature_invalid'),
  'long-form-attribute.pem': bad('unsupported', 'attribute_malformed', unsigned),
  'rsa_md4.der': good('signature_digest_weak', noSan, 'signature_not_checked'),
  'rsa_md4.pem': good('signature_digest_weak', noSan, 'signature_not_checked'),
  'rsa_sha1.der': good(sha1, noSan),
  'rsa_sha1.pem': good(sha1, noSan),
  'rsa_sha256.der': good(noSan),
  'rsa_sha256.pem': good(noSan),
  'san_rsa_sha1.der': good(sha1),
  'san_rsa_sha1.pem': good(sha1),
  'two_basic_constraints.pem': bad('malformed_csr', 'extension_repeated', sha1, unsigned, noSan),
  'unsupported_extension.pem': bad('malformed_der', 'der_malformed', sha1, unsigned, noSan),
  'unsupported_extension_critical.pem': bad(
    'malformed_der',
    'der_malformed',
    sha1,
    unsigned,
    noSan,
    'extension_unknown_critical',
  ),
}

const vectors = await cryptographyVectors()
const missing = vectors === undefined ? ' (skipped: python3-cryptography-vectors is missing)' : ''

describe(`requests of python3-cryptography-vectors${missing}`, () => {
  it.skipIf(vectors === undefined)('are those that are listed here', () => {
    expect(vectors?.map(({ name }) => name)).toEqual(Object.keys(expectations).toSorted())
  })

  it.skipIf(vectors === undefined).each(Object.entries(expectations))(
    '%s is read strictly, or refused, and has the findings listed',
    (name, { read, findings }) => {
      const der = vectors?.find((vector) => vector.name === name)?.der ?? Buffer.of()
      const codes = lintCsr(der).findings.map(({ code }) => code)
      expect([...new Set(codes)].toSorted()).toEqual(findings.toSorted())
      expect(outcomeOf(der)).toBe(read)
    },
  )
})

function outcomeOf(der: Buffer): string {
  try {
    readCsr(der)
    return 'good'
  } catch (error) {
    return error instanceof CsrError ? error.code : String(error)
  }
}
