import { attributeFindings } from '../attributes/attribute-findings.ts'
import { derFindings } from '../der/der-findings.ts'
import { pemFindings } from '../der/pem-findings.ts'
import { extensionFindings } from '../extensions/extension-findings.ts'
import { nameFindings } from '../names/name-findings.ts'
import { publicKeyFindings } from '../public-keys/public-key-findings.ts'
import { signatureFindings } from '../signatures/signature-findings.ts'
import { structureFindings } from '../structure-findings.ts'
import { subjectFindings } from '../subject/subject-findings.ts'
import type { FindingKind, Severity } from './finding.ts'
import { profileFindings } from './profile-findings.ts'

/**
 * Everything that lint can find, by its code: the closed list.
 *
 * @example
 * ```ts
 * findingKinds.csr_version // => { severity: 'error', source: 'RFC 2986 section 4.1', rule: 'The version is 0.' }
 * ```
 */
export const findingKinds = {
  ...pemFindings,
  ...derFindings,
  ...structureFindings,
  ...subjectFindings,
  ...nameFindings,
  ...extensionFindings,
  ...attributeFindings,
  ...publicKeyFindings,
  ...signatureFindings,
  ...profileFindings,
} as const satisfies Record<string, FindingKind>

/** Codes of everything that lint can find. */
export type FindingCode = keyof typeof findingKinds

/** Something that is wrong with a CSR. */
export type Finding = {
  code: FindingCode
  severity: Severity
  /** RFC 6901, in the words of a spec: `/subject/0/0/value`; the empty one is the whole CSR. */
  pointer: string
  /** A sentence that says what is wrong and what is allowed. */
  message: string
  /** Where the rule is written. */
  source: string
}
