import type { FindingKind } from '../finding.ts'

const br = (sections: string) => `CA/B Baseline Requirements ${sections}`

/** What is wrong for a publicly trusted CA's TLS server certificate. */
export const publicTlsFindings = {
  public_tls_san_missing: {
    severity: 'error',
    source: br('7.1.2.7.12'),
    rule: 'There is at least one dNSName or iPAddress.',
  },
  public_tls_san_type: {
    severity: 'error',
    source: br('7.1.2.7.12'),
    rule: 'Subject alternative names are dNSNames and iPAddresses only.',
  },
  public_tls_dns_name_public_suffix: {
    severity: 'warning',
    source: br('3.2.2.6'),
    rule: 'A dNSName is not a public suffix itself.',
  },
  public_tls_common_name_not_in_san: {
    severity: 'error',
    source: br('7.1.4.3'),
    rule: 'A common name is, as text, one of the dNSNames or iPAddresses.',
  },
  public_tls_common_name_repeated: {
    severity: 'error',
    source: br('7.1.4.3'),
    rule: 'There is at most one common name.',
  },
  public_tls_subject_order: {
    severity: 'warning',
    source: br('7.1.4.1 and 7.1.4.2'),
    rule: 'Attributes stand in the order DC, C, ST, L, postalCode, street, O, SN, GN, OU, CN.',
  },
  public_tls_subject_multi_valued: {
    severity: 'warning',
    source: br('7.1.4.1'),
    rule: 'An RDN has exactly one attribute.',
  },
  public_tls_organizational_unit: {
    severity: 'warning',
    source: br('7.1.2.7.2, 7.1.2.7.3 and 7.1.2.7.4'),
    rule: 'There is no OU, which certificates must not have since September 2022.',
  },
  public_tls_subject_attribute: {
    severity: 'warning',
    source: br('7.1.2.7.2, 7.1.2.7.4 and 7.1.4.4'),
    rule: 'The subject has no attribute that the requirements do not list, such as emailAddress.',
  },
  public_tls_key: {
    severity: 'error',
    source: br('6.1.5 and 7.1.3.1'),
    rule: 'The key is RSA (rsaEncryption), P-256, P-384 or P-521.',
  },
  public_tls_signature: {
    severity: 'warning',
    source: 'letsencrypt/boulder csr/csr.go; CA/B Baseline Requirements 7.1.3.2',
    rule: 'The signature is RSA (PKCS #1 v1.5) or ECDSA, with SHA-256, SHA-384 or SHA-512.',
  },
  public_tls_ca: {
    severity: 'error',
    source: br('7.1.2.7.8'),
    rule: 'The basic constraints do not say cA.',
  },
  public_tls_key_usage_ca: {
    severity: 'error',
    source: br('7.1.2.7.11'),
    rule: 'The key usage has no keyCertSign and no cRLSign.',
  },
  public_tls_key_usage: {
    severity: 'warning',
    source: br('7.1.2.7.11'),
    rule: 'The key usage is one of a server: digitalSignature, keyEncipherment with RSA.',
  },
  public_tls_purpose_forbidden: {
    severity: 'error',
    source: br('7.1.2.7.10'),
    rule: 'Purposes are not codeSigning, emailProtection, timeStamping, OCSPSigning or any.',
  },
  public_tls_purpose_unusual: {
    severity: 'warning',
    source: br('7.1.2.7.10'),
    rule: 'Purposes are serverAuth and clientAuth only.',
  },
  public_tls_purpose_missing: {
    severity: 'warning',
    source: br('7.1.2.7.10'),
    rule: 'An extended key usage has serverAuth.',
  },
} as const satisfies Record<string, FindingKind>
