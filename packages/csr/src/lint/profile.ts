import type { CsrContent } from '../read-csr.ts'
import type { Report } from './finding.ts'
import type { ProfileFindingCode } from './profile-findings.ts'

/** What a profile's rules are handed. */
export type ProfileReport = Report<ProfileFindingCode>

/** The rules of one CA or product, beyond those of the standards. */
export type Profile = {
  /** What it is for, in one sentence. */
  about: string
  check: (content: CsrContent, report: ProfileReport) => void
  /** Codes of findings that are no fault for it. */
  allows?: readonly string[]
}
