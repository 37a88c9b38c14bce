import { quoted } from '../character-rules.ts'
import { CsrError } from '../errors.ts'
import type { Report } from '../lint/finding.ts'
import type { PemFindingCode } from './pem-findings.ts'

// RFC 7468 section 7: NEW CERTIFICATE REQUEST is an older label, read here and never written.
const labels: readonly (string | undefined)[] = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST']
const boundary = /-----(?<side>BEGIN|END) (?<label>[^\r\n-]{0,64})-----/g
const mostCharacters = 1 << 20

/**
 * The PEM of a CSR's DER (RFC 7468 section 7): 64 columns, a newline at the end.
 *
 * @example
 * ```ts
 * toPem(Buffer.of(0x30, 0)) // => "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n"
 * ```
 */
export function toPem(der: Buffer): string {
  return pemOf('CERTIFICATE REQUEST', der)
}

/**
 * The PEM of a public key's DER, its SubjectPublicKeyInfo (RFC 7468 section 13), as
 * `openssl pkey -pubout` writes it.
 *
 * @example
 * ```ts
 * toPublicKeyPem(Buffer.of(0x30, 0)) // => "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n"
 * ```
 */
export function toPublicKeyPem(spki: Buffer): string {
  return pemOf('PUBLIC KEY', spki)
}

/**
 * The PEM of a private key's EncryptedPrivateKeyInfo (RFC 7468 section 11), which `encryptPkcs8`
 * gives.
 *
 * @example
 * ```ts
 * toEncryptedPrivateKeyPem(Buffer.of(0x30, 0)) // => "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"
 * ```
 */
export function toEncryptedPrivateKeyPem(der: Buffer): string {
  return pemOf('ENCRYPTED PRIVATE KEY', der)
}

function pemOf(label: string, der: Buffer): string {
  const base64 = der.toString('base64')
  let pem = `-----BEGIN ${label}-----\n`
  for (let at = 0; at < base64.length; at += 64) pem += `${base64.slice(at, at + 64)}\n`
  return `${pem}-----END ${label}-----\n`
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
  const requests = blocks.filter(({ label }) => /REQUEST/i.test(label))
  const found = requests[0] ?? blocks.find(({ label }) => label === 'CERTIFICATE')
  if (found === undefined) throw noCsrIn(text)
  if (requests.length > 1) {
    report('pem_several', '', `There are ${requests.length} CSRs; only the first is looked at.`)
  }
  if (privateKey.test(text)) {
    const message =
      'A private key stands beside the CSR; keep it apart, and treat it as compromised if this file has gone anywhere.'
    report('pem_private_key', '', message)
  }
  if (text.startsWith('\ufeff') || text.startsWith('ï»¿')) {
    report(
      'pem_byte_order_mark',
      '',
      'The text starts with a byte order mark; some programs find no PEM then.',
    )
  }
  reportLabels(found, report)
  if (!/^\r?\n/.test(text.slice(found.endsAt, found.endsAt + 2))) {
    report('pem_final_newline', '', 'The PEM has no newline after its last line.')
  }
  return decode(found.body, report)
}

const privateKey = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/

type Block = { label: string; body: string; end: string; endsAt: number }

/** Every BEGIN that an END follows before the next BEGIN. */
function blocksOf(text: string): Block[] {
  if (text.length > mostCharacters) throw malformed(`has more than ${mostCharacters} characters`)
  const boundaries = [...text.matchAll(boundary)]
  return boundaries.flatMap((begin, i) => {
    const end = boundaries[i + 1]
    if (begin.groups?.side !== 'BEGIN' || end?.groups?.side !== 'END') return []
    return [
      {
        label: begin.groups.label ?? '',
        body: text.slice(begin.index + begin[0].length, end.index),
        end: end.groups.label ?? '',
        endsAt: end.index + end[0].length,
      },
    ]
  })
}

function noCsrIn(text: string): CsrError {
  if (text.trim() !== '' && !text.includes('-----BEGIN') && !isBareBase64(text)) {
    return new CsrError('malformed_pem', 'This is neither PEM nor DER.')
  }
  return malformed(whatIsThere(text))
}

function isBareBase64(text: string): boolean {
  return /^\s*MI[A-Za-z0-9+/=\s]+$/.test(text)
}

/** What a text without a CSR is, as far as it shows: the end of a sentence. */
function whatIsThere(text: string): string {
  if (text.trim() === '') return 'is empty'
  if (privateKey.test(text)) return 'is a private key and no CSR; keep it to yourself'
  const [begin] = text.matchAll(boundary)
  const label = quoted(begin?.groups?.label ?? '')
  if (begin !== undefined && blocksOf(text).length > 0) {
    return `has a block labelled ${label} and none labelled CERTIFICATE REQUEST`
  }
  if (begin !== undefined) return `has a BEGIN ${label} without an END after it`
  if (isBareBase64(text)) {
    return 'is base64 without its BEGIN and END lines, which are needed'
  }
  return 'has no block labelled CERTIFICATE REQUEST'
}

function reportLabels({ label, end }: Block, report: Report<PemFindingCode>): void {
  if (!labels.includes(label) || label !== end) {
    const message = `The PEM goes from BEGIN ${quoted(label)} to END ${quoted(end)}; CERTIFICATE REQUEST is needed at both ends.`
    report('pem_label', '', message)
  } else if (label !== labels[0]) {
    report(
      'pem_label_old',
      '',
      `The PEM has the older label ${label}; CERTIFICATE REQUEST is read everywhere.`,
    )
  }
}

function decode(body: string, report: Report<PemFindingCode>): Buffer {
  const lines = checkLines(body)
  if (lines !== undefined) report('pem_line_length', '', `The PEM ${lines}.`)
  const base64 = body.replace(/\s/g, '')
  const der = Buffer.from(base64, 'base64')
  if (der.length === 0) throw malformed('has nothing in base64 between BEGIN and END')
  if (der.toString('base64') !== base64) {
    report('pem_base64', '', `The PEM ${whatIsNotBase64(body)}; base64 with its padding is needed.`)
  }
  return der
}

/** What is wrong with the lines of a body, which starts behind BEGIN and ends before END. */
function checkLines(body: string): string | undefined {
  if (!body.includes('\n')) return 'has no line ends; lines of 64 characters are needed'
  if (!/^[ \t]*\r?\n/.test(body)) return 'has something behind BEGIN on the same line'
  const lines = body.replace(/^[ \t]*\r?\n/, '').split(/\r?\n/)
  if (lines.pop() !== '') return 'has something before END on the same line'
  const blank = lines.findIndex((line) => line.trim() === '')
  if (blank >= 0) return `has a blank line (line ${blank + 2})`
  const spaced = lines.findIndex((line) => /\s/.test(line))
  if (spaced >= 0) return `has spaces in line ${spaced + 2}`
  const last = lines.length - 1
  const other = lines.findIndex(({ length }, i) => (i === last ? length > 64 : length !== 64))
  if (other < 0) return undefined
  return `has ${lines[other]?.length} characters in line ${other + 2}; each but the last has exactly 64`
}

function whatIsNotBase64(body: string): string {
  const strange = /[^A-Za-z0-9+/=\s]/u.exec(body)
  if (strange !== null) {
    const line = body.slice(0, strange.index).split('\n').length
    return `has the character ${quoted(strange[0])} in line ${line}`
  }
  const characters = body.replace(/\s/g, '').length
  return characters % 4 === 0
    ? 'is not canonical base64'
    : `has ${characters} characters in its body, which is no multiple of 4: some are missing, or the padding is`
}

function malformed(how: string): CsrError {
  return new CsrError('malformed_pem', `The PEM ${how}.`)
}
