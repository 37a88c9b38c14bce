import type { FindingKind } from '../lint/finding.ts'
import { publicKeyFindings } from '../public-keys/public-key-findings.ts'
import { signatureFindings } from '../signatures/signature-findings.ts'

/** What can be wrong with the public key of a CSR and with its signature. */
export const keyFindings = {
  ...publicKeyFindings,
  ...signatureFindings,
} as const satisfies Record<string, FindingKind>
