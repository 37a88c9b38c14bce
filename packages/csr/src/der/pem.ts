import { CsrError } from '../errors.ts'

// RFC 7468 section 7: NEW CERTIFICATE REQUEST is an older label, read here and never written.
const block =
  /-----BEGIN (?<label>(?:NEW )?CERTIFICATE REQUEST)-----(?<body>[^-]*)-----END \k<label>-----/g

/** The PEM of a CSR's DER (RFC 7468 section 7): 64 columns, a newline at the end. */
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
 */
export function fromPem(pem: string): Buffer {
  const [found, ...more] = pem.matchAll(block)
  if (found === undefined) throw malformed('has no block labelled CERTIFICATE REQUEST')
  if (more.length > 0) throw malformed('has more than one CSR')
  const base64 = (found.groups?.body ?? '').replace(/\s/g, '')
  const der = Buffer.from(base64, 'base64')
  // Buffer.from skips what is not base64: only a text that it would write itself was all read.
  if (der.length === 0 || der.toString('base64') !== base64) throw malformed('is not base64')
  return der
}

function malformed(how: string): CsrError {
  return new CsrError('malformed_pem', `The PEM ${how}.`)
}
