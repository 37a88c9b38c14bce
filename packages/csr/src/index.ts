export { buildCsr } from './build-csr.ts'
export { parseDirectoryName } from './directory-name.ts'
export type { AttributeTypeAndValue, Rdn, ReadAttribute, ReadRdn } from './distinguished-name.ts'
export { checkDnsName, type DnsNameOptions, parseDnsName } from './dns-name.ts'
export { checkEmailAddress, parseEmailAddress } from './email-address.ts'
export { CsrError, type CsrErrorCode } from './errors.ts'
export type { ReadSubjectAltName, SubjectAltName, SubjectAltNameType } from './general-names.ts'
export { checkIpAddress, isIpAddress, parseIpAddress } from './ip-address.ts'
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
} from './key-algorithms.ts'
export { checkOid, parseOid } from './oid.ts'
export { type OtherName, parseOtherName } from './other-name.ts'
export type { Parsed } from './parsed.ts'
export { fromPem, toPem } from './pem.ts'
export { type ProofSubject, proveCsr } from './prove-csr.ts'
export { type CsrContent, type ReadExtension, readCsr } from './read-csr.ts'
export { type Custody, type KeySpec, type Spec, specSchema } from './spec.ts'
export {
  type DuplicateName,
  duplicateNames,
  hostNameAltName,
  parseSubjectAltName,
} from './subject-alt-names.ts'
export {
  type AttributeType,
  attributeTypeOfName,
  attributeTypes,
  checkAttributeValue,
  type StringType,
  subjectAttributes,
} from './subject-attributes.ts'
export { checkUri, parseUri } from './uri.ts'
