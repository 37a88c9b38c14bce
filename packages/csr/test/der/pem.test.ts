import { describe, expect, it } from 'vitest'
import { fromPem, toPem } from '../../src/index.ts'
import { makeCsr, specOf } from '../make-csr.ts'
import { hasOpenssl, opensslDer } from '../openssl.ts'

const { der } = await makeCsr(specOf())
const pem = toPem(der)

describe('PEM', () => {
  it('has its label, 64 columns and a newline at the end', () => {
    const lines = pem.split('\n')
    expect(lines[0]).toBe('-----BEGIN CERTIFICATE REQUEST-----')
    expect(lines.at(-2)).toBe('-----END CERTIFICATE REQUEST-----')
    expect(lines.at(-1)).toBe('')
    const body = lines.slice(1, -2)
    expect(body.slice(0, -1).every((line) => line.length === 64)).toBe(true)
    expect(body.at(-1)?.length).toBeLessThanOrEqual(64)
  })

  it.each([
    ['as it is written', pem],
    ['with CRLF', pem.replaceAll('\n', '\r\n')],
    ['with text around it', `Certificate Request:\n    Data: x\n${pem}more`],
    ['with the older label', pem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')],
  ])('is read %s', (_, text) => {
    expect(fromPem(text)).toEqual(der)
  })

  it.each([
    ['nothing', ''],
    ['a certificate', pem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')],
    ['two CSRs', pem + pem],
    ['labels that differ', pem.replace('BEGIN CERTIFICATE', 'BEGIN NEW CERTIFICATE')],
    ['no end', pem.slice(0, -40)],
    ['an empty block', '-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n'],
    ['characters that are not base64', pem.replace('\nM', '\nM!')],
    ['headers', pem.replace('\nM', '\nProc-Type: 4,ENCRYPTED\n\nM')],
    [
      'padding that is missing',
      '-----BEGIN CERTIFICATE REQUEST-----\nMA\n-----END CERTIFICATE REQUEST-----\n',
    ],
    [
      'bits after the last octet',
      '-----BEGIN CERTIFICATE REQUEST-----\nMB==\n-----END CERTIFICATE REQUEST-----\n',
    ],
  ])('is refused with %s', (_, text) => {
    expect(() => fromPem(text)).toThrow(expect.objectContaining({ code: 'malformed_pem' }))
  })

  it.runIf(hasOpenssl)('is read by OpenSSL, to the same bytes', async () => {
    expect(await opensslDer(pem)).toEqual(der)
  })
})
