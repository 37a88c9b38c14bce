import { oids } from './csr-oids.ts'
import {
  type DerElement,
  expectSorted,
  expectTag,
  readBitString,
  readDer,
  readOid,
  tags,
} from './der/der-reader.ts'
import { CsrError } from './errors.ts'
import { type ReadSubjectAltName, readGeneralName } from './names/general-names.ts'
import { type ReadRdn, readName } from './subject/distinguished-name.ts'

/** An extension that a CSR asks for; `value` is the content of its OCTET STRING. */
export type ReadExtension = { oid: string; critical: boolean; value: Buffer }

/** What a CSR says. Its buffers are views into the DER that was read. */
export type CsrContent = {
  /** In the order of the encoding, with the string types. */
  subject: ReadRdn[]
  subjectAltNames: ReadSubjectAltName[]
  sanCritical: boolean
  /** Object identifiers of its attributes. */
  attributes: string[]
  /** The requested extensions in their order, subjectAltName among them. */
  extensions: ReadExtension[]
  /** DER of the SubjectPublicKeyInfo. */
  spki: Buffer
  /** DER of the AlgorithmIdentifier. */
  signatureAlgorithm: Buffer
  signature: Buffer
  /** DER of the CertificationRequestInfo: the bytes that the signature is over. */
  toBeSigned: Buffer
}

type ReadAttribute = { oid: string; values: DerElement[] }

/**
 * Reads the DER of a certification request (RFC 2986 section 4) strictly, without looking at its
 * signature.
 *
 * @throws CsrError malformed_der, malformed_csr or unsupported
 */
export function readCsr(der: Buffer): CsrContent {
  const [info, algorithm, signature] = parts(readDer(der), 3, 'a certification request')
  expectTag(info, tags.sequence, 'a certification request info')
  expectTag(algorithm, tags.sequence, 'a signature algorithm')
  const [version, subject, spki, attributes] = parts(info, 4, 'a certification request info')
  expectVersion0(version)
  expectTag(subject, tags.sequence, 'a subject')
  expectTag(spki, tags.sequence, 'a public key')
  return {
    subject: readName(subject),
    ...readAttributes(attributes),
    spki: spki.encoded,
    signatureAlgorithm: algorithm.encoded,
    signature: readBitString(signature),
    toBeSigned: info.encoded,
  }
}

function readAttributes(element: DerElement | undefined) {
  expectTag(element, 0xa0, 'the attributes')
  expectSorted(element)
  const attributes = element.children.map(readAttribute)
  const names = attributes.map(({ oid }) => oid)
  expectDistinct(names, 'attribute')
  const requested = attributes.find(({ oid }) => oid === oids.extensionRequest)
  const extensions = requested === undefined ? [] : readExtensions(requested)
  const san = extensions.find(({ oid }) => oid === oids.subjectAltName)
  return {
    attributes: names,
    extensions,
    subjectAltNames: san === undefined ? [] : readAltNames(san.value),
    sanCritical: san?.critical ?? false,
  }
}

function readAttribute(element: DerElement): ReadAttribute {
  const [type, values] = parts(element, 2, 'an attribute')
  expectTag(values, tags.set, 'the values of an attribute')
  expectSorted(values)
  if (values.children.length === 0) throw malformed('An attribute has no value.')
  return { oid: readOid(type), values: values.children }
}

function readExtensions({ values }: ReadAttribute): ReadExtension[] {
  const [value, ...more] = values
  expectTag(value, tags.sequence, 'the requested extensions')
  if (more.length > 0 || value.children.length === 0) {
    throw malformed('The extension request is not one list of at least one extension.')
  }
  const extensions = value.children.map(readExtension)
  expectDistinct(
    extensions.map(({ oid }) => oid),
    'extension',
  )
  return extensions
}

function readExtension(element: DerElement): ReadExtension {
  const critical = element.children.length === 3
  const children = parts(element, critical ? 3 : 2, 'an extension')
  if (critical) expectTrue(children[1])
  const value = children.at(-1)
  expectTag(value, tags.octetString, 'the value of an extension')
  return { oid: readOid(children[0]), critical, value: value.content }
}

function readAltNames(der: Buffer): ReadSubjectAltName[] {
  const names = readDer(der)
  expectTag(names, tags.sequence, 'the subject alternative names')
  if (names.children.length === 0) throw malformed('The list of alternative names is empty.')
  return names.children.map(readGeneralName)
}

function expectVersion0(version: DerElement | undefined): void {
  expectTag(version, tags.integer, 'the version')
  if (!version.content.equals(Buffer.of(0))) throw malformed('The version is not 0.')
}

/** DER leaves out a `critical` that is false, so one that is there is TRUE. */
function expectTrue(critical: DerElement | undefined): void {
  expectTag(critical, tags.boolean, 'the criticality of an extension')
  if (!critical.content.equals(Buffer.of(0xff))) {
    throw malformed('The criticality of an extension is written although it is not TRUE.')
  }
}

function expectDistinct(names: string[], what: string): void {
  if (new Set(names).size !== names.length) throw malformed(`An ${what} is there twice.`)
}

function parts(element: DerElement, count: number, what: string): DerElement[] {
  expectTag(element, tags.sequence, what)
  if (element.children.length === count) return element.children
  throw malformed(`What should be ${what} has another number of parts.`)
}

function malformed(message: string): CsrError {
  return new CsrError('malformed_csr', message)
}
