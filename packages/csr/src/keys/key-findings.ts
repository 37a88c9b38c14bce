import type { FindingKind } from '../lint/finding.ts'
import { publicKeyFindings } from './public-key-findings.ts'
import { signatureFindings } from './signature-findings.ts'

/** What can be wrong with the public key of a CSR and with its signature. */
export const keyFindings = {
  ...publicKeyFindings,
  ...signatureFindings,
} as const satisfies Record<string, FindingKind>

/** Codes of what can be wrong with a public key or a signature. */
export type KeyFindingCode = keyof typeof keyFindings
