import {
  type AttributeStringTypes,
  type Attributes,
  type ReadCsrAttribute,
  readAttributes,
} from './attributes/attributes.ts'
import { nameOfOid, oids } from './csr-oids.ts'
import {
  type DerElement,
  expectSorted,
  expectTag,
  readBitString,
  readBoolean,
  readDer,
  readInteger,
  readOid,
  tags,
} from './der/der-reader.ts'
import { CsrError } from './errors.ts'
import {
  type Extensions,
  nameOf,
  type ReadExtension,
  readExtensions,
} from './extensions/extensions.ts'
import { checkSpki } from './keys/check-spki.ts'
import { keyAlgorithmNames, keyAlgorithms } from './keys/key-algorithms.ts'
import { type ReadSubjectAltName, readGeneralName } from './names/general-names.ts'
import { type Reading, strictly } from './reading.ts'
import { repeated } from './repeated.ts'
import type { KeySpec } from './spec.ts'
import { type ReadRdn, readName } from './subject/distinguished-name.ts'

// Several times what the names and attributes that a spec may have come to.
const mostOctets = 131_072

/** What a CSR says. Its buffers are views into the DER that was read. */
export type CsrContent = {
  /** In the order of the encoding, with the string types. */
  subject: ReadRdn[]
  subjectAltNames: ReadSubjectAltName[]
  sanCritical: boolean
  /** Undefined where algorithm and signature are none that this package makes. */
  key: KeySpec | undefined
  /** What the requested extensions say, but for the subject alternative names. */
  extensions: Extensions
  attributes: Attributes
  attributeStringTypes: AttributeStringTypes
  /** The requested extensions in their order, subjectAltName among them. */
  requestedExtensions: ReadExtension[]
  /** Object identifiers of its attributes in their order. */
  attributeTypes: string[]
  /** DER of the SubjectPublicKeyInfo. */
  spki: Buffer
  /** DER of the AlgorithmIdentifier. */
  signatureAlgorithm: Buffer
  signature: Buffer
  /** DER of the CertificationRequestInfo: the bytes that the signature is over. */
  toBeSigned: Buffer
}

/**
 * Reads the DER of a certification request (RFC 2986 section 4) strictly, without looking at its
 * signature.
 *
 * @throws CsrError malformed_der, malformed_csr, too_large or unsupported, with its place
 *
 * @example
 * ```ts
 * readCsr(fromPem(examplePem)).subject[0] // => [{ type: 'CN', value: 'edge-1.example.com', stringType: 'printable' }]
 * ```
 */
export function readCsr(der: Buffer): CsrContent {
  return readCsrWith(der, strictly())
}

/**
 * Reads the subject alone, a third of the work of reading all of it: for lists of CSRs whose rest
 * was read strictly before.
 *
 * @throws CsrError malformed_der, malformed_csr, too_large or unsupported, with its place
 *
 * @example
 * ```ts
 * readSubject(fromPem(examplePem)) // => [[{ type: 'CN', value: 'edge-1.example.com', stringType: 'printable' }]]
 * ```
 */
export function readSubject(der: Buffer): ReadRdn[] {
  const reading = strictly()
  const [info] = readRequest(der, reading).children
  expectTag(info, tags.sequence, 'a certification request info')
  const [, subject] = infoParts(info, reading)
  return readName(subject, reading)
}

/**
 * Reads a certification request as strictly as `reading` says. Throws `CsrError` for what is none
 * at all.
 */
export function readCsrWith(der: Buffer, reading: Reading): CsrContent {
  const request = readRequest(der, reading)
  const [info, algorithm, signature] = request.children
  expectTag(info, tags.sequence, 'a certification request info')
  const [version, subject, spki, attributes] = infoParts(info, reading)
  // One that is missing is told of where it is read.
  if (request.children.length > 3) {
    const message = `The CSR has ${request.children.length} parts; 3 are needed: what is asked for, the signature's algorithm, the signature.`
    reading.report('csr_structure', '', message)
  }
  reading.attempt('csr_version', '/version', () => readVersion(version, reading), undefined)
  const requested = readRequested(attributes, reading)
  const signatureAlgorithm = algorithm?.encoded ?? Buffer.alloc(0)
  return {
    subject: reading.attempt('subject_malformed', '/subject', () => readName(subject, reading), []),
    ...requested,
    key: keyOf(spki.encoded, signatureAlgorithm),
    spki: spki.encoded,
    signatureAlgorithm,
    signature: reading.attempt(
      'csr_structure',
      '/signature',
      () => readBitString(signature, reading.at('/signature')),
      Buffer.alloc(0),
    ),
    toBeSigned: info.encoded,
  }
}

function readRequest(der: Buffer, reading: Reading): DerElement {
  if (der.length > mostOctets) {
    const message = `The CSR has ${der.length} octets; at most ${mostOctets} are read.`
    throw new CsrError('too_large', message)
  }
  const request = readDer(der, reading.at(''))
  expectTag(request, tags.sequence, 'a certification request')
  return request
}

// RFC 2985 sections 5.4.1 and 5.4.2; an unstructuredName may have several.
const singleValued: ReadonlySet<string> = new Set([oids.challengePassword, oids.extensionRequest])

type InfoParts = [
  version: DerElement | undefined,
  subject: DerElement,
  spki: DerElement,
  attributes: DerElement | undefined,
]

/** The parts of the request info; a version that was left out leaves its place empty. */
function infoParts(info: DerElement, reading: Reading): InfoParts {
  const given = info.children
  if (given[0]?.tag === 0xa0) {
    throw new CsrError('malformed_csr', 'This is a certificate; a certification request is needed.')
  }
  const versionless = given[0]?.tag === tags.sequence && given[1]?.tag === tags.sequence
  const [version, subject, spki, attributes, ...more] = versionless ? [undefined, ...given] : given
  if (subject === undefined || spki === undefined) {
    const message = `What should be a certification request has ${given.length} parts inside; version, subject, key and attributes are needed.`
    throw new CsrError('malformed_csr', message)
  }
  if (more.length > 0) {
    const message = `The CSR's info has ${given.length} parts; 4 are needed: version, subject, key, attributes.`
    reading.report('csr_structure', '', message)
  }
  return [version, subject, spki, attributes]
}

/** Which key and digest a public key and a signature's AlgorithmIdentifier stand for. */
function keyOf(spki: Buffer, signatureAlgorithm: Buffer): KeySpec | undefined {
  const algorithm = keyAlgorithmNames.find(
    (name) => checkSpki(keyAlgorithms[name], spki) === undefined,
  )
  if (algorithm === undefined) return undefined
  for (const [digest, identifier] of keyAlgorithms[algorithm].signatureAlgorithms) {
    if (!identifier.equals(signatureAlgorithm)) continue
    return { algorithm, ...(digest === undefined ? {} : { digest }) }
  }
  return undefined
}

function readRequested(element: DerElement | undefined, reading: Reading) {
  const attributes = readAttributeSet(element, reading)
  const requested = readExtensionRequests(attributes, reading)
  const san = requested.find(({ oid }) => oid === oids.subjectAltName)
  return {
    attributeTypes: attributes.map(({ oid }) => oid),
    ...readAttributes(attributes, reading),
    requestedExtensions: requested,
    extensions: readExtensions(requested, reading),
    subjectAltNames: san === undefined ? [] : readAltNames(san.value, reading),
    sanCritical: san?.critical ?? false,
  }
}

function readAttributeSet(element: DerElement | undefined, reading: Reading): ReadCsrAttribute[] {
  if (element?.tag !== 0xa0) {
    reading.report(
      'attributes_missing',
      '/attributes',
      'There are no attributes [0]; they are there even when they are empty.',
    )
    return []
  }
  expectSorted(element, reading.at('/attributes'))
  const attributes = element.children.flatMap((child, i) => {
    const pointer = `/attributes/${i}`
    return reading.attempt(
      'attribute_malformed',
      pointer,
      () => [readAttribute(child, reading, pointer)],
      [],
    )
  })
  reportRepeated(attributes, 'attribute', reading)
  return attributes
}

function readAttribute(element: DerElement, reading: Reading, pointer: string): ReadCsrAttribute {
  reading.countItem()
  const [type, values] = parts(element, 2, 'an attribute')
  expectTag(values, tags.set, 'the values of an attribute')
  expectSorted(values, reading.at(pointer))
  if (values.children.length === 0) {
    throw new CsrError('malformed_csr', 'An attribute has no value; at least one is needed.')
  }
  const oid = readOid(type)
  if (singleValued.has(oid) && values.children.length > 1) {
    const message = `The attribute ${nameOfOid(oid)} has ${values.children.length} values; one is allowed.`
    reading.report('attribute_values', pointer, message)
  }
  return { oid, values: values.children }
}

/** The extensions of every extensionRequest that is there, though only one may be. */
function readExtensionRequests(attributes: ReadCsrAttribute[], reading: Reading): ReadExtension[] {
  const requests = attributes.filter(
    ({ oid }) => oid === oids.extensionRequest || oid === oids.microsoftExtensionRequest,
  )
  if (requests.some(({ oid }) => oid === oids.microsoftExtensionRequest)) {
    reading.report(
      'extension_request_microsoft',
      '/extensions',
      `Extensions are requested under Microsoft's ${oids.microsoftExtensionRequest}; ${oids.extensionRequest} is read everywhere.`,
    )
  }
  const extensions = requests
    .flatMap(({ values }) => values)
    .flatMap((value) =>
      reading.attempt(
        'extension_malformed',
        '/extensions',
        () => readExtensionList(value, reading),
        [],
      ),
    )
  reportRepeated(extensions, 'extension', reading)
  return extensions
}

function readExtensionList(value: DerElement, reading: Reading): ReadExtension[] {
  expectTag(value, tags.sequence, 'the requested extensions')
  if (value.children.length === 0) {
    reading.report(
      'extension_request_empty',
      '/extensions',
      'The extensionRequest asks for no extension; at least one is needed, or no extensionRequest.',
    )
  }
  return value.children.flatMap((child) =>
    reading.attempt(
      'extension_malformed',
      '/extensions',
      () => [readExtension(child, reading)],
      [],
    ),
  )
}

function readExtension(element: DerElement, reading: Reading): ReadExtension {
  reading.countItem()
  const written = element.children.length === 3
  const [type, second] = parts(element, written ? 3 : 2, 'an extension')
  const oid = readOid(type)
  const report = reading.at(placeOf(oid))
  const critical = written && second !== undefined && readBoolean(second, report)
  if (written && !critical) {
    report(
      'der_default_written',
      `The extension ${nameOfOid(oid)} has a critical that is FALSE, which is the default; it is left out then.`,
    )
  }
  const value = element.children.at(-1)
  expectTag(value, tags.octetString, 'the value of an extension')
  return { oid, critical, value: value.content }
}

/** The place of an extension's field; of one without, that of all. */
function placeOf(oid: string): string {
  if (oid === oids.subjectAltName) return '/subjectAltNames'
  const name = nameOf(oid)
  return name === undefined ? '/extensions' : `/extensions/${name}`
}

function readAltNames(der: Buffer, reading: Reading): ReadSubjectAltName[] {
  const place = '/subjectAltNames'
  const names = reading.attempt(
    'san_malformed',
    place,
    () => readDer(der, reading.at(place)),
    undefined,
  )
  if (names === undefined) return []
  return reading.attempt('san_malformed', place, () => readNameList(names, reading), [])
}

function readNameList(names: DerElement, reading: Reading): ReadSubjectAltName[] {
  expectTag(names, tags.sequence, 'the subject alternative names')
  if (names.children.length === 0) {
    reading.report(
      'san_empty',
      '/subjectAltNames',
      'The list of alternative names is empty; at least one is needed.',
    )
  }
  return names.children.flatMap((name, i) => {
    const pointer = `/subjectAltNames/${i}`
    const read = () => [readGeneralName(name, reading, pointer)]
    return reading.attempt(codeOf(name), pointer, read, [otherNameOf(name)])
  })
}

/** Keeps its place, so that the names after it have theirs. */
function otherNameOf({ encoded }: DerElement): ReadSubjectAltName {
  return { type: 'other', der: encoded.toString('base64') }
}

function codeOf({ tag }: DerElement) {
  if (tag === 0xa3 || tag === 0xa5) return 'san_kind'
  return tag === 0x87 ? 'san_ip_address' : 'san_malformed'
}

function readVersion(version: DerElement | undefined, reading: Reading): void {
  if (version === undefined) {
    reading.report('csr_version', '/version', 'The version is missing; a CSR has version 0.')
    return
  }
  const value = readInteger(version, reading.at('/version'))
  if (value === 0n) return
  const which = value < 1000n ? `${value}` : 'a large number'
  reading.report('csr_version', '/version', `The version is ${which}; a CSR has version 0.`)
}

function reportRepeated(
  all: { oid: string }[],
  what: 'attribute' | 'extension',
  reading: Reading,
): void {
  for (const oid of repeated(all.map((one) => one.oid))) {
    const message = `The ${what} ${nameOfOid(oid)} is there more than once; once is allowed.`
    reading.report(`${what}_repeated`, `/${what}s`, message)
  }
}

function parts(element: DerElement | undefined, count: number, what: string): DerElement[] {
  expectTag(element, tags.sequence, what)
  if (element.children.length === count) return element.children
  const message = `What should be ${what} has ${element.children.length} parts; ${count} are needed.`
  throw new CsrError('malformed_csr', message)
}
