/**
 * Object identifiers of the algorithms of keys: RFC 3279, RFC 4055, RFC 5480, RFC 8410. Those of
 * ML-DSA, one for each parameter set, stand in their rows of `keyAlgorithms`.
 */
export const keyOids = {
  rsa: '1.2.840.113549.1.1.1',
  /** Of the key and of the signature. */
  rsaPss: '1.2.840.113549.1.1.10',
  dsa: '1.2.840.10040.4.1',
  ec: '1.2.840.10045.2.1',
  /** Of the key and of the signature. */
  ed25519: '1.3.101.112',
  /** Of the key and of the signature. */
  ed448: '1.3.101.113',
} as const
