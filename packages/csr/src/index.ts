export { buildCsr } from './build-csr.ts'
export { checkOid, parseOid } from './der/oid.ts'
export { fromPem, toPem } from './der/pem.ts'
export { CsrError, type CsrErrorCode } from './errors.ts'
export {
  checkSpki,
  type DigestName,
  digestNames,
  exportPrivateKey,
  type GeneratedKey,
  type KeyAlgorithm,
  type KeyAlgorithmName,
  keyAlgorithmNames,
  keyAlgorithms,
} from './keys/key-algorithms.ts'
export { checkDnsName, type DnsNameOptions, parseDnsName } from './names/dns-name.ts'
export { checkEmailAddress, parseEmailAddress } from './names/email-address.ts'
export type {
  ReadSubjectAltName,
  SubjectAltName,
  SubjectAltNameType,
} from './names/general-names.ts'
export { checkIpAddress, isIpAddress, parseIpAddress } from './names/ip-address.ts'
export { type OtherName, parseOtherName } from './names/other-name.ts'
export {
  type DuplicateName,
  duplicateNames,
  hostNameAltName,
  parseSubjectAltName,
} from './names/subject-alt-names.ts'
export { checkUri, parseUri } from './names/uri.ts'
export type { Parsed } from './parsed.ts'
export { type ProofSubject, proveCsr } from './prove-csr.ts'
export { type CsrContent, type ReadExtension, readCsr } from './read-csr.ts'
export { type Custody, type KeySpec, type Spec, specSchema } from './spec.ts'
export { parseDirectoryName } from './subject/directory-name.ts'
export type {
  AttributeTypeAndValue,
  Rdn,
  ReadAttribute,
  ReadRdn,
} from './subject/distinguished-name.ts'
export {
  type AttributeType,
  attributeTypeOfName,
  attributeTypes,
  checkAttributeValue,
  type StringType,
  subjectAttributes,
} from './subject/subject-attributes.ts'
