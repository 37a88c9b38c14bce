import { describe, expect, it } from 'vitest'
import { type PemFindingCode, pemFindings } from '../../src/der/pem-findings.ts'
import { lintCsr, toPem } from '../../src/index.ts'
import { findingsOf, signCsr } from '../sign-csr.ts'

const der = signCsr()
const pem = toPem(der)
const body = der.toString('base64')
const labelled = (label: string, text = `${body.match(/.{1,64}/g)?.join('\n')}\n`) =>
  `-----BEGIN ${label}-----\n${text}-----END ${label}-----\n`
const privateKey = `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`

const faulty: [PemFindingCode, string, string][] = [
  ['pem_label', 'the label of a certificate', labelled('CERTIFICATE')],
  ['pem_label', 'an unknown label', labelled('CERT REQUEST')],
  ['pem_label', 'another label at the end', pem.replace('END CERT', 'END NEW CERT')],
  ['pem_label_old', 'the older label', labelled('NEW CERTIFICATE REQUEST')],
  ['pem_base64', 'a character that is no base64', pem.replace('\nM', '\n!M')],
  ['pem_line_length', 'one long line', labelled('CERTIFICATE REQUEST', `${body}\n`)],
  [
    'pem_line_length',
    'lines of 76 characters',
    labelled('CERTIFICATE REQUEST', `${body.match(/.{1,76}/g)?.join('\n')}\n`),
  ],
  ['pem_line_length', 'no newline before its end', pem.replace('\n-----END', '-----END')],
  ['pem_final_newline', 'no newline at its end', pem.trimEnd()],
  ['pem_several', 'two CSRs', pem + pem],
  ['pem_byte_order_mark', 'a byte order mark', `\ufeff${pem}`],
  ['pem_private_key', 'a private key in front', privateKey + pem],
  ['pem_private_key', 'a private key behind', pem + privateKey],
]

describe('the PEM of a CSR', () => {
  it.each(faulty)('%s: %s', (code, _, text) => {
    expect(findingsOf(text)).toContain(`${code} `)
    expect(lintCsr(text).content.toBeSigned.equals(lintCsr(der).content.toBeSigned)).toBe(true)
  })

  it('has an example above of everything that can be wrong', () => {
    const shown = new Set(faulty.map(([code]) => code))
    expect([...shown].toSorted()).toEqual(Object.keys(pemFindings).toSorted())
  })

  it.each([
    ['as it is written', pem],
    ['with CRLF', pem.replaceAll('\n', '\r\n')],
    ['with text around it', `Certificate Request:\n    Data:\n${pem}more\n`],
  ])('is good %s', (_, text) => {
    expect(findingsOf(text)).toEqual([])
    expect(findingsOf(Buffer.from(text))).toEqual([])
  })
})
