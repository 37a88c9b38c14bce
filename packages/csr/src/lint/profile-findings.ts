import type { FindingKind } from './finding.ts'
import { adcsFindings } from './profiles/adcs-findings.ts'
import { letsencryptFindings } from './profiles/letsencrypt-findings.ts'
import { lxcaFindings } from './profiles/lxca-findings.ts'
import { publicNameFindings } from './profiles/public-name-findings.ts'
import { publicTlsFindings } from './profiles/public-tls-findings.ts'
import { puppetFindings } from './profiles/puppet-findings.ts'

/** What the profiles find beyond the standards. */
export const profileFindings = {
  ...publicNameFindings,
  ...publicTlsFindings,
  ...letsencryptFindings,
  ...adcsFindings,
  ...puppetFindings,
  ...lxcaFindings,
} as const satisfies Record<string, FindingKind>

/** Codes of what the profiles find. */
export type ProfileFindingCode = keyof typeof profileFindings
