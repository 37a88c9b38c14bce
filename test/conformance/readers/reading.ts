/**
 * The one form in which every reader's opinion of a CSR is given, so that opinions can be compared
 * field by field. A value is what the foreign program decoded. A field that is missing was either
 * not in the CSR or cannot be read by that program: the reader's `can` and the reading's `cannot`
 * tell which.
 */
export type Reading = {
  /** Whether the program took it for a CSR; says nothing about the signature. */
  accepted: boolean
  /** What the program said against it, or against a part of it. */
  error?: string
  signatureValid?: boolean | 'cannot'
  /** RDNs in the order of the encoding; of one RDN's attributes the order means nothing. */
  subject?: ReadRdn[]
  key?: ReadKey
  /** Named as in RFC 4055, 5758, 8410, 9881. */
  signatureAlgorithm?: string
  san?: { critical?: boolean; names: ReadName[] }
  /** In the order of the encoding, if the program keeps it. */
  extensions?: ReadExtension[]
  /** RFC 5280 names, in the order of their bits. */
  keyUsage?: string[]
  /** Dotted, in the order of the encoding. */
  extendedKeyUsage?: string[]
  basicConstraints?: { ca: boolean; pathLength?: number }
  /** Hex. */
  subjectKeyIdentifier?: string
  tlsFeature?: number[]
  challengePassword?: string
  unstructuredName?: string
  /** Fields that the program can read elsewhere and cannot tell for certain here. */
  cannot?: ReadingField[]
}

/** What can be compared in a reading, named after its fields; some have parts of their own. */
export const readingFields = [
  'signatureValid',
  'subject',
  'stringTypes',
  'key',
  'spki',
  'signatureAlgorithm',
  'san',
  'extensions',
  'extensionOrder',
  'extensionValues',
  'keyUsage',
  'extendedKeyUsage',
  'basicConstraints',
  'subjectKeyIdentifier',
  'tlsFeature',
  'challengePassword',
  'unstructuredName',
] as const

/** The fields that come from a request's extensions. */
export const extensionFields = [
  'san',
  'extensions',
  'extensionOrder',
  'extensionValues',
  'keyUsage',
  'extendedKeyUsage',
  'basicConstraints',
  'subjectKeyIdentifier',
  'tlsFeature',
] as const satisfies readonly ReadingField[]

/** One of `readingFields`. */
export type ReadingField = (typeof readingFields)[number]

/** ASN.1 string types as the readers name them. */
export type ReadStringType =
  | 'utf8'
  | 'printable'
  | 'ia5'
  | 't61'
  | 'bmp'
  | 'universal'
  | 'visible'
  | 'numeric'

/** `value` if the program decodes it; `der` (hex) if it only shows the value's encoding. */
export type ReadAttribute = {
  type: string
  value?: string
  der?: string
  stringType?: ReadStringType
}

/** The attributes of one RDN. */
export type ReadRdn = ReadAttribute[]

/** `spkiSha256` is hex, over the SubjectPublicKeyInfo as the program has it. */
export type ReadKey = {
  kind:
    | 'rsa'
    | 'ec'
    | 'dsa'
    | 'ed25519'
    | 'ed448'
    | 'ml-dsa-44'
    | 'ml-dsa-65'
    | 'ml-dsa-87'
    | 'other'
  bits?: number
  curve?: string
  spkiSha256?: string
}

/**
 * A GeneralName. `ip` is dotted, or the form that a URL has between brackets; `rid` is dotted; an
 * `otherName` has the `der` (hex) of what it holds, and a value if that is a string that the
 * program decodes.
 */
export type ReadName =
  | { type: 'dns' | 'ip' | 'email' | 'uri' | 'rid'; value: string }
  | { type: 'dirName'; value: ReadRdn[] }
  | { type: 'otherName'; oid: string; value?: string; der?: string }
  | { type: 'unknown'; der?: string }

/** `value` is hex of the octets in extnValue, where the program gives them out. */
export type ReadExtension = { oid: string; critical: boolean; value?: string }
