import { checkAttributes } from '../attributes/attribute-rules.ts'
import { fromPemTolerantly } from '../der/pem.ts'
import { CsrError } from '../errors.ts'
import { checkExtensions } from '../extensions/extension-rules.ts'
import { checkAltNames } from '../names/name-rules.ts'
import { checkPublicKey } from '../public-keys/public-key.ts'
import { type CsrContent, readCsrWith } from '../read-csr.ts'
import { type Reading, tolerantly } from '../reading.ts'
import { checkSignature } from '../signatures/signature.ts'
import { checkSubject } from '../subject/subject-rules.ts'
import { withoutConsequences } from './consequences.ts'
import type { Report } from './finding.ts'
import { type Finding, type FindingCode, findingKinds } from './finding-kinds.ts'
import type { Profile } from './profile.ts'
import { type ProfileName, profiles } from './profiles.ts'

// What a stranger may make it tell.
const mostFindings = 200

/** What lint makes of a CSR. */
export type LintResult = {
  /** What could be read, however wrong. */
  content: CsrContent
  /** Errors first, then warnings, each in the order in which they were found. */
  findings: Finding[]
}

/** How a CSR is looked at. */
export type LintOptions = {
  /** The CA or product that it is for: its rules come on top. */
  profile?: ProfileName
}

/**
 * Reads a CSR as far as it can be read and names everything that is wrong with it: errors for
 * what violates a standard, warnings for what CAs in use refuse or misread.
 *
 * @param input PEM as text or bytes, or DER
 * @throws CsrError malformed_pem, malformed_der or malformed_csr for what is no CSR at all, too_large
 *
 * @example
 * ```ts
 * lintCsr(examplePem).findings // => []
 * lintCsr(examplePem, { profile: 'puppet' }).findings.length // => 0
 * ```
 */
export function lintCsr(input: Buffer | string, options: LintOptions = {}): LintResult {
  const findings: Finding[] = []
  const cut: Finding[] = []
  const isEnough = () => cut.length > 0
  const report: Report<FindingCode> = (code, pointer, message) => {
    const finding = findingOf(code, pointer, message)
    if (findings.length < mostFindings) findings.push(finding)
    else if (cut.every(({ severity }) => severity !== finding.severity)) cut.push(finding)
  }
  const der = derOf(input, report)
  const content = readTolerantly(der, tolerantly(report, isEnough), findings)
  checkSubject(content, report)
  checkAltNames(content, report)
  // What the extensions ask of the key is told before what is wrong with the key itself.
  const ofKey: (() => void)[] = []
  const key = checkPublicKey(content.spki, (...finding) => ofKey.push(() => report(...finding)))
  checkExtensions(content, key, report)
  checkAttributes(content, report)
  for (const tell of ofKey) tell()
  checkSignature(content, report)
  const profile: Profile | undefined = options.profile && profiles[options.profile]
  profile?.check(content, report)
  const allowed = withoutConsequences(findings).filter(
    ({ code }) => !profile?.allows?.includes(code),
  )
  return { content, findings: [...sorted(allowed), ...theRest(cut)] }
}

/** Where the PEM was damaged already, that is why there is no CSR in it. */
function readTolerantly(der: Buffer, reading: Reading, findings: readonly Finding[]): CsrContent {
  try {
    return readCsrWith(der, reading)
  } catch (error) {
    const damage = findings.find(({ code }) => code === 'pem_base64')
    throw damage === undefined ? error : new CsrError('malformed_pem', damage.message)
  }
}

/** One finding for all that were not told, as severe as the worst of them. */
function theRest(cut: readonly Finding[]): Finding[] {
  if (cut.length === 0) return []
  const message = `There are more than ${mostFindings} findings; the rest is told when these are mended.`
  const severity = cut.some((one) => one.severity === 'error') ? 'error' : 'warning'
  return [{ ...findingOf('csr_more_findings', '', message), severity }]
}

function findingOf(code: FindingCode, pointer: string, message: string): Finding {
  const { severity, source } = findingKinds[code]
  return { code, severity, pointer, message, source }
}

/** A DER CSR starts with the octets of a SEQUENCE, of which no text has the second. */
function derOf(input: Buffer | string, report: Report<FindingCode>): Buffer {
  if (typeof input === 'string') return fromPemTolerantly(input, report)
  if (input[0] === 0x30 && (input[1] ?? 0) >= 0x80) return input
  return fromPemTolerantly(input.toString('latin1'), report)
}

function sorted(findings: Finding[]): Finding[] {
  const ranks = { error: 0, warning: 1 }
  return findings.toSorted((a, b) => ranks[a.severity] - ranks[b.severity])
}
