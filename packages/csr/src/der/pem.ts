import { quoted } from '../character-rules.ts'
import { CsrError } from '../errors.ts'
import type { Report } from '../lint/finding.ts'
import type { PemFindingCode } from './pem-findings.ts'

// RFC 7468 section 7: NEW CERTIFICATE REQUEST is an older label, read here and never written.
const labels: readonly (string | undefined)[] = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST']
const block =
  /-----BEGIN (?<label>[^\r\n-]{0,64})-----(?<body>[^-]*)-----END (?<end>[^\r\n-]{0,64})-----/g

/**
 * The PEM of a CSR's DER (RFC 7468 section 7): 64 columns, a newline at the end.
 *
 * @example
 * ```ts
 * toPem(Buffer.of(0x30, 0)) // => "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n"
 * ```
 */
export function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return [
    '-----BEGIN CERTIFICATE REQUEST-----',
    ...lines,
    '-----END CERTIFICATE REQUEST-----',
    '',
  ].join('\n')
}

/**
 * The DER in the PEM of one CSR. Text around the block is allowed (RFC 7468 section 2), as
 * `openssl req -text` writes it. The DER is not looked at.
 *
 * @throws CsrError malformed_pem unless there is exactly one block, in canonical base64
 *
 * @example
 * ```ts
 * fromPem(toPem(Buffer.of(0x30, 0))).toString('hex') // => "3000"
 * ```
 */
export function fromPem(pem: string): Buffer {
  const [found, ...more] = blocksOf(pem).filter(
    ({ label, end }) => labels.includes(label) && label === end,
  )
  if (found === undefined) throw malformed('has no block labelled CERTIFICATE REQUEST')
  if (more.length > 0) throw malformed('has more than one CSR')
  const base64 = found.body.replace(/\s/g, '')
  const der = Buffer.from(base64, 'base64')
  // Buffer.from skips what is not base64: only a text that it would write itself was all read.
  if (der.length === 0 || der.toString('base64') !== base64) throw malformed('is not base64')
  return der
}

/**
 * Finds the CSR in a text that may be wrong in many ways and reports those.
 *
 * @throws CsrError malformed_pem if there is no block that could be one
 */
export function fromPemTolerantly(text: string, report: Report<PemFindingCode>): Buffer {
  const blocks = blocksOf(text)
  const candidates = blocks.filter(
    ({ label }) => label.includes('REQUEST') || label === 'CERTIFICATE',
  )
  const [found] = candidates
  if (found === undefined) throw malformed('has no block labelled CERTIFICATE REQUEST')
  if (candidates.length > 1) {
    report('pem_several', '', `There are ${candidates.length} CSRs; only the first is looked at.`)
  }
  if (blocks.some(({ label }) => label.endsWith('PRIVATE KEY'))) {
    report(
      'pem_private_key',
      '',
      'A private key stands beside the CSR; keep it apart, and take it for known if this file has gone anywhere.',
    )
  }
  reportLabels(found, report)
  if (!/^\r?\n/.test(text.slice(found.endsAt))) {
    report('pem_final_newline', '', 'The PEM has no newline after its last line.')
  }
  return decode(found.body, report)
}

type Block = { label: string; body: string; end: string; endsAt: number }

function blocksOf(text: string): Block[] {
  return [...text.matchAll(block)].map((match) => ({
    label: match.groups?.label ?? '',
    body: match.groups?.body ?? '',
    end: match.groups?.end ?? '',
    endsAt: match.index + match[0].length,
  }))
}

function reportLabels({ label, end }: Block, report: Report<PemFindingCode>): void {
  if (!labels.includes(label) || label !== end) {
    report(
      'pem_label',
      '',
      `The PEM goes from BEGIN ${quoted(label)} to END ${quoted(end)}; CERTIFICATE REQUEST is needed at both ends.`,
    )
  } else if (label !== labels[0]) {
    report(
      'pem_label_old',
      '',
      `The PEM has the older label ${label}; CERTIFICATE REQUEST is read everywhere.`,
    )
  }
}

function decode(body: string, report: Report<PemFindingCode>): Buffer {
  const lines = body.replace(/^[ \t]*\r?\n/, '').split(/\r?\n/)
  // The last part is what stands between the last newline and END: nothing.
  const [last = '', ...before] = lines.slice(0, -1).toReversed()
  if (lines.at(-1) !== '' || before.some((line) => line.length !== 64) || last.length > 64) {
    report(
      'pem_line_length',
      '',
      'The PEM has lines of other lengths; each but the last has exactly 64 characters.',
    )
  }
  const base64 = body.replace(/\s/g, '')
  const der = Buffer.from(base64, 'base64')
  if (der.length === 0) throw malformed('has nothing in base64')
  if (der.toString('base64') !== base64) {
    report('pem_base64', '', 'The PEM has something else than base64 with its padding in its body.')
  }
  return der
}

function malformed(how: string): CsrError {
  return new CsrError('malformed_pem', `The PEM ${how}.`)
}
