/** Object identifiers of the attributes and extensions of a CSR that this package knows. */
export const oids = {
  /** RFC 2985 section 5.4.1 */
  challengePassword: '1.2.840.113549.1.9.7',
  /** RFC 2985 section 5.2.2 */
  unstructuredName: '1.2.840.113549.1.9.2',
  /** RFC 2985 section 5.4.2 */
  extensionRequest: '1.2.840.113549.1.9.14',
  /** MS-WCCE section 2.2.2.7.7: the same under Microsoft's own identifier */
  microsoftExtensionRequest: '1.3.6.1.4.1.311.2.1.14',
  /** RFC 5280 section 4.2.1.1 */
  authorityKeyIdentifier: '2.5.29.35',
  /** RFC 5280 section 4.2.1.2 */
  subjectKeyIdentifier: '2.5.29.14',
  /** RFC 5280 section 4.2.1.3 */
  keyUsage: '2.5.29.15',
  /** RFC 5280 section 4.2.1.6 */
  subjectAltName: '2.5.29.17',
  /** RFC 5280 section 4.2.1.9 */
  basicConstraints: '2.5.29.19',
  /** RFC 5280 section 4.2.1.12 */
  extendedKeyUsage: '2.5.29.37',
  /** RFC 7633 section 4 */
  tlsFeature: '1.3.6.1.5.5.7.1.24',
} as const

const names: ReadonlyMap<string, string> = new Map(
  Object.entries(oids).map(([name, oid]) => [oid, name]),
)

/** An object identifier with its name, where it has one here: `keyUsage (2.5.29.15)`. */
export function nameOfOid(oid: string): string {
  const name = names.get(oid)
  return name === undefined ? oid : `${name} (${oid})`
}
