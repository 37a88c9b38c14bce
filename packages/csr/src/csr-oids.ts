/** Object identifiers of the attributes and extensions of a CSR that this package knows. */
export const oids = {
  /** RFC 2985 section 5.4.2 */
  extensionRequest: '1.2.840.113549.1.9.14',
  /** RFC 5280 section 4.2.1.6 */
  subjectAltName: '2.5.29.17',
} as const
