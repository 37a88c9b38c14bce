import { expect, it } from 'vitest'
import { certtool } from './certtool.ts'
import { keytool } from './keytool.ts'
import { openssl } from './openssl.ts'
import type { Reading } from './reading.ts'
import { tableFaults } from './table-faults.ts'

const rsa: Reading = {
  accepted: true,
  signatureValid: true,
  subject: [[{ type: '2.5.4.3', value: 'a' }]],
  key: { kind: 'rsa', bits: 2048, spkiSha256: '00' },
  extensions: [
    { oid: '2.5.29.15', critical: true },
    { oid: '1.2.3', critical: false, value: '0500' },
  ],
}

it('a table is true of what it says, whatever else is in a CSR', () => {
  expect(tableFaults(openssl.can['rsa-2048'], rsa)).toEqual([])
  expect(tableFaults(certtool.can['rsa-2048'], rsa)).toEqual([])
  expect(tableFaults(keytool.can['ml-dsa-44'], { accepted: false })).toEqual([])
})

it('a field that it says is not told is noticed when it is', () => {
  const subject = [[{ type: '2.5.4.3', value: 'a', stringType: 'utf8' as const }]]
  const extensions = [{ oid: '2.5.29.15', critical: true, value: '03020780' }]
  const reading: Reading = { ...rsa, subject, extensions, unstructuredName: 'a' }
  expect(tableFaults(certtool.can['rsa-2048'], reading)).toEqual([
    expect.stringMatching(/^stringTypes: .* does not tell it/),
    expect.stringMatching(/^extensionValues: /),
    expect.stringMatching(/^unstructuredName: /),
  ])
  expect(tableFaults(openssl.can['ml-dsa-44'], rsa)).toEqual([
    expect.stringMatching(/^signatureValid: /),
    expect.stringMatching(/^key: /),
    expect.stringMatching(/^spki: /),
  ])
})

it('a CSR that it says is refused is noticed when it is read', () => {
  expect(tableFaults(keytool.can['ml-dsa-44'], rsa)).toEqual([
    expect.stringMatching(/refuses such a CSR/),
  ])
})
