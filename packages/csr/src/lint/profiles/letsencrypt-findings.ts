import type { FindingKind } from '../finding.ts'

const boulder = (places: string) => `letsencrypt/boulder ${places}`

/** What is wrong for Let's Encrypt, beside what it shares with all public CAs. */
export const letsencryptFindings = {
  letsencrypt_name_missing: {
    severity: 'error',
    source: boulder('csr/csr.go VerifyCSR'),
    rule: 'There is at least one dNSName, iPAddress or common name.',
  },
  letsencrypt_too_many_names: {
    severity: 'error',
    source: `${boulder('ra/ra.go validateFinalizeRequest')}, letsencrypt.org/docs/profiles`,
    rule: 'There are at most 100 names, the common name among them.',
  },
  letsencrypt_san_refused: {
    severity: 'error',
    source: boulder('csr/csr.go VerifyCSR'),
    rule: 'There is no rfc822Name and no uniformResourceIdentifier.',
  },
  letsencrypt_san_ignored: {
    severity: 'warning',
    source: boulder('identifier/identifier.go FromCSR'),
    rule: 'There is no otherName, directoryName or registeredID, which would be left out.',
  },
  letsencrypt_dns_name_public_suffix: {
    severity: 'error',
    source: boulder('policy/pa.go validNonWildcardDomain'),
    rule: 'A name is not a public suffix itself.',
  },
  letsencrypt_dns_name_labels: {
    severity: 'error',
    source: boulder('policy/pa.go validNonWildcardDomain'),
    rule: 'A name has at most 10 labels, not counting a leading "*.".',
  },
  letsencrypt_common_name: {
    severity: 'error',
    source: boulder('csr/csr.go VerifyCSR, identifier/identifier.go FromCSR'),
    rule: 'A common name is a host name, not an IP address: it becomes one of the dNSNames.',
  },
  letsencrypt_ip_profile: {
    severity: 'warning',
    source: 'letsencrypt.org/docs/profiles',
    rule: 'There is no iPAddress; only the profile shortlived takes them.',
  },
  letsencrypt_key: {
    severity: 'error',
    source: boulder('goodkey/good_key.go LetsEncryptCPS'),
    rule: 'The key is RSA of 2048, 3072 or 4096 bits, P-256 or P-384.',
  },
  letsencrypt_rsa_exponent: {
    severity: 'error',
    source: boulder('goodkey/good_key.go goodKeyRSA'),
    rule: 'The public exponent of an RSA key is 65537.',
  },
  letsencrypt_signature: {
    severity: 'error',
    source: boulder('csr/csr.go goodSignatureAlgorithms'),
    rule: 'The signature is RSA (PKCS #1 v1.5) or ECDSA, with SHA-256, SHA-384 or SHA-512.',
  },
  letsencrypt_must_staple: {
    severity: 'error',
    source: boulder('ra/ra.go validateFinalizeRequest'),
    rule: 'Must-staple is not asked for: since 2025 there is no OCSP.',
  },
  letsencrypt_subject_ignored: {
    severity: 'warning',
    source: boulder('issuance/cert.go'),
    rule: 'The subject is a common name alone or empty; the rest would be left out.',
  },
  letsencrypt_extension_ignored: {
    severity: 'warning',
    source: boulder('issuance/cert.go'),
    rule: 'No extension but subjectAltName is asked for; the others would be left out.',
  },
} as const satisfies Record<string, FindingKind>
