import type { FindingKind } from './finding.ts'

/** What the profiles find beyond the standards. */
export const profileFindings = {} as const satisfies Record<string, FindingKind>

/** Codes of what the profiles find. */
export type ProfileFindingCode = keyof typeof profileFindings
