import type { FindingKind } from '../lint/finding.ts'

/** What can be wrong with what the attributes beside the extensions say. */
export const attributeFindings = {
  challenge_password: {
    severity: 'error',
    source: 'RFC 2985 section 5.4.1',
    rule: 'A challengePassword has 1 to 255 visible characters.',
  },
  challenge_password_order: {
    severity: 'warning',
    source: "RFC 8894 section 2.4, Sectigo's SCEP",
    rule: 'A challengePassword stands before the extensionRequest; some SCEP servers look for it first.',
  },
  unstructured_name: {
    severity: 'error',
    source: 'RFC 2985 section 5.2.2',
    rule: 'An unstructuredName has 1 to 255 visible characters.',
  },
} as const satisfies Record<string, FindingKind>

/** Codes of what can be wrong with the attributes. */
export type AttributeFindingCode = keyof typeof attributeFindings
