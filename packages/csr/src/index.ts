export type { Attributes } from './attributes/attributes.ts'
export { checkChallengePassword } from './attributes/challenge-password.ts'
export { checkUnstructuredName } from './attributes/unstructured-name.ts'
export { buildCsr } from './build-csr.ts'
export { checkDer } from './der/base64-der.ts'
export type { ReadStringType, StringType } from './der/der-string.ts'
export { checkOid, parseOid } from './der/oid.ts'
export { fromPem, toEncryptedPrivateKeyPem, toPem, toPublicKeyPem } from './der/pem.ts'
export { CsrError, type CsrErrorCode } from './errors.ts'
export type { BasicConstraints } from './extensions/basic-constraints.ts'
export { type ExtendedKeyUsage, extendedKeyUsageNames } from './extensions/extended-key-usage.ts'
export type { Extensions, ReadExtension } from './extensions/extensions.ts'
export {
  checkKeyUsage,
  type KeyUsage,
  type KeyUsageName,
  keyUsageNames,
} from './extensions/key-usage.ts'
export type { MicrosoftTemplate } from './extensions/microsoft-template.ts'
export type { RawExtension } from './extensions/raw-extension.ts'
export type { SubjectKeyIdentifier } from './extensions/subject-key-identifier.ts'
export { checkSpki, keyAlgorithmOfSpki } from './keys/check-spki.ts'
export { exportPrivateKey } from './keys/export-private-key.ts'
export {
  type DigestName,
  digestNames,
  type GeneratedKey,
  type KeyAlgorithm,
  type KeyAlgorithmName,
  type KeyPair,
  keyAlgorithmNames,
  keyAlgorithms,
} from './keys/key-algorithms.ts'
export type { Severity } from './lint/finding.ts'
export { type Finding, type FindingCode, findingKinds } from './lint/finding-kinds.ts'
export { type LintOptions, type LintResult, lintCsr } from './lint/lint-csr.ts'
export { isReservedAddress } from './lint/profiles/reserved-addresses.ts'
export { type ProfileName, profileNames, profiles } from './lint/profiles.ts'
export {
  checkDnsName,
  type DnsNameOptions,
  parseDnsName,
  publicSuffixOf,
} from './names/dns-name.ts'
export { checkEmailAddress, parseEmailAddress } from './names/email-address.ts'
export type {
  ReadSubjectAltName,
  SubjectAltName,
  SubjectAltNameType,
} from './names/general-names.ts'
export { checkIpAddress, isIpAddress, parseIpAddress } from './names/ip-address.ts'
export { checkUpn, type OtherName, parseOtherName } from './names/other-name.ts'
export {
  type DuplicateName,
  duplicateNames,
  hostNameAltName,
  isAmongNames,
  parseSubjectAltName,
} from './names/subject-alt-names.ts'
export { checkUri, parseUri } from './names/uri.ts'
export type { Parsed } from './parsed.ts'
export { encryptPkcs8 } from './private-keys/encrypt-pkcs8.ts'
export {
  type ImportedKey,
  type ImportOptions,
  importPrivateKey,
} from './private-keys/import-private-key.ts'
export {
  PrivateKeyError,
  type PrivateKeyErrorCode,
  type PrivateKeyFault,
} from './private-keys/private-key-error.ts'
export { type ProofSubject, proveCsr, proveKey } from './prove-csr.ts'
export { describePublicKey, type KeyKind, type PublicKeyFacts } from './public-keys/public-key.ts'
export { type PublicKeyFault, publicKeyFaults } from './public-keys/public-key-faults.ts'
export { type CsrContent, readCsr, readSubject } from './read-csr.ts'
export { anyOf } from './schemas.ts'
export {
  type Custody,
  type KeyReference,
  type KeySpec,
  type ParsedSpec,
  parseSpec,
  type Spec,
  type SpecDefaults,
  specSchema,
  withKey,
} from './spec.ts'
export { type SpecFault, specFaults } from './spec-faults.ts'
export { checkSize } from './spec-size.ts'
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
  type KnownAttributeType,
  subjectAttributes,
} from './subject/subject-attributes.ts'
