/** Object identifiers of the attributes and extensions of a CSR that this package knows. */
export const oids = {
  /** RFC 2985 section 5.4.1 */
  challengePassword: '1.2.840.113549.1.9.7',
  /** RFC 2985 section 5.4.3 */
  unstructuredName: '1.2.840.113549.1.9.2',
  /** RFC 2985 section 5.4.2 */
  extensionRequest: '1.2.840.113549.1.9.14',
  /** MS-WCCE section 2.2.2.7.7: the same under Microsoft's own identifier */
  microsoftExtensionRequest: '1.3.6.1.4.1.311.2.1.14',
  /** RFC 5280 section 4.2.1.6 */
  subjectAltName: '2.5.29.17',
} as const
