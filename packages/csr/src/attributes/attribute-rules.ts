import { oids } from '../csr-oids.ts'
import type { Report } from '../lint/finding.ts'
import type { CsrContent } from '../read-csr.ts'
import type { AttributeFindingCode } from './attribute-findings.ts'
import { checkChallengePassword } from './challenge-password.ts'
import { checkUnstructuredName } from './unstructured-name.ts'

/** Looks at the attributes beside the extensions; says nothing of their values. */
export function checkAttributes(
  { attributes, attributeTypes }: CsrContent,
  report: Report<AttributeFindingCode>,
): void {
  const { challengePassword, unstructuredName } = attributes
  const password =
    challengePassword === undefined ? undefined : checkChallengePassword(challengePassword)
  if (password !== undefined) {
    report(
      'challenge_password',
      '/attributes/challengePassword',
      `The challengePassword ${password}.`,
    )
  }
  const name = unstructuredName === undefined ? undefined : checkUnstructuredName(unstructuredName)
  if (name !== undefined) {
    report('unstructured_name', '/attributes/unstructuredName', `The unstructuredName ${name}.`)
  }
  const at = attributeTypes.indexOf(oids.challengePassword)
  const extensionsAt = attributeTypes.indexOf(oids.extensionRequest)
  if (extensionsAt >= 0 && at > extensionsAt) {
    report(
      'challenge_password_order',
      '/attributes/challengePassword',
      'The challengePassword stands after the extensionRequest, as sorting puts a long one; a shorter one goes first.',
    )
  }
}
