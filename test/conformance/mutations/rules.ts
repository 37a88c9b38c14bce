/**
 * The rules of a correct CSR, each in one sentence. A section's table of mutations has a row for
 * every one of them: the compiler sees to its key, a test to its rows.
 */
export const rules = {
  structure: [
    'A CSR is its info, the signature algorithm and the signature',
    'The version is 0',
    'The attributes [0] are there, empty when there are none',
    'There is one extensionRequest when there are extensions, and none otherwise',
    'An extension is there once',
    'A critical that is false is left out, one that is true is 01 01 FF',
  ],
  attributes: [
    'A SET OF is sorted by the encodings of its members',
    'A challengePassword stands before the extensionRequest',
    'A challengePassword or unstructuredName is one text of 1 to 255 visible characters',
  ],
  lengths: [
    'Nothing follows the end of a value',
    'A length is definite',
    'A length is in the shortest form',
  ],
  values: [
    'A list of named bits ends with a one, another bit string with an octet',
    'An INTEGER is in the shortest form',
    'A value is whole and of the type that stands there',
  ],
  pem: [
    'The label is CERTIFICATE REQUEST, at both ends',
    'Every line but the last has 64 characters',
    'The body is base64 with its padding',
    'The text is ASCII without a byte order mark',
    'A newline ends the last line',
    'There is one CSR, and nothing that is secret beside it',
  ],
  rsaKeys: [
    'An RSA key is rsaEncryption with NULL, its two numbers positive and in the shortest form',
    'An RSA modulus has 2048, 3072 or 4096 bits',
    'An RSA public exponent is 65537',
    'An RSA modulus has no factor below 752',
    'The primes of an RSA modulus are not close',
    'An RSA modulus has not the mark of ROCA',
  ],
  ecKeys: [
    'An EC key names its curve, which is P-256, P-384 or P-521',
    'The point of an EC key is uncompressed and on its curve',
  ],
  otherKeys: [
    'A public key is an algorithm that is known and a bit string',
    'An Ed25519 key has no parameters and is a point of 32 octets',
    'An ML-DSA key has no parameters and the length of its set',
  ],
  rsaSignatures: [
    'An RSA signature is PKCS #1 v1.5 with SHA-256, SHA-384 or SHA-512, its parameters NULL',
  ],
  ecdsaSignatures: [
    'An ECDSA signature is with the digest of the curve, without parameters',
    'An ECDSA signature is SEQUENCE { r, s } in DER, both from 1 to the order less 1',
  ],
  otherSignatures: [
    'An Ed25519 or ML-DSA signature has no parameters and one length',
    'The signature algorithm is one of the key',
    'The signature verifies with the key',
    'The signature can be verified',
  ],
  subject: [
    'The subject is a list of RDNs of at least one attribute each',
    'The subject or a subject alternative name says who it is',
    'An attribute stands once, one in each RDN',
    'A value has at most the characters of its type',
    'C, serialNumber and dnQualifier are PrintableStrings',
    'emailAddress and DC are IA5Strings',
    'Other values are UTF8Strings or PrintableStrings',
  ],
  subjectValues: [
    'A string has only the characters of its type',
    'C is an assigned code of ISO 3166-1',
    'A value is visible text without control characters',
    'A value is what it seems to be',
    'An emailAddress is a mailbox',
    'A common name that is a host name is a subject alternative name as well',
    'A common name is not a URL',
  ],
  dnsNames: [
    'A dNSName is labels of 1 to 63 letters, digits and hyphens',
    'A dNSName has at most 253 characters and no dot at its end',
    'A dNSName has one leading *. at most, not in front of a public suffix',
    'A dNSName is ASCII, its international labels valid A-labels',
    'A dNSName is no IP address',
    'An iPAddress has 4 or 16 octets',
  ],
  names: [
    'Subject alternative names are a list of at least one GeneralName of a kind in use',
    'An rfc822Name is a mailbox',
    'A URI is absolute and has a host',
    'Names are critical exactly when the subject is empty',
    'A name is there once',
  ],
  otherNames: [
    'A directoryName is a good Name of at least one RDN',
    'A registeredID is an object identifier',
    'An otherName is a type and a value, a UPN name@suffix',
  ],
  usages: [
    'A key usage is not empty and of usages that there are',
    'A key that enciphers nothing has no keyEncipherment or dataEncipherment, and only EC agrees',
    'keyCertSign stands beside cA, a path length beside both',
    'An extended key usage is purposes, each once',
    'Basic constraints are a cA and a path length',
  ],
  extensions: [
    'An extension is a type, a criticality and DER in an OCTET STRING',
    'A subject key identifier is octets and not critical',
    'The TLS feature is status_request and not critical',
    'A certificate template is a BMPString, or an identifier with a version',
    'Another extension has a value in DER and is not critical; what a CA says is not asked for',
    'An extension is not one that a newer one has replaced',
  ],
} as const

/** A section of the rules. */
export type Section = keyof typeof rules

/** Their names, in order. */
export const sections = Object.keys(rules) as Section[]

/** What the rules of a section are about. */
export const sectionTitles: Readonly<Record<Section, string>> = {
  structure: 'structure',
  attributes: 'attributes',
  lengths: 'lengths in DER',
  values: 'values in DER',
  pem: 'PEM',
  rsaKeys: 'RSA keys',
  ecKeys: 'EC keys',
  otherKeys: 'other keys',
  rsaSignatures: 'RSA signatures',
  ecdsaSignatures: 'ECDSA signatures',
  otherSignatures: 'all signatures',
  subject: 'subject',
  subjectValues: 'values of the subject',
  dnsNames: 'DNS names, IP addresses',
  names: 'subject alternative names',
  otherNames: 'other kinds of names',
  usages: 'usages',
  extensions: 'other extensions',
}

/** A rule of a section. */
export type Rule<Name extends Section> = (typeof rules)[Name][number]
