import { describe, expect, it } from 'vitest'
import {
  type AttributeFindingCode,
  attributeFindings,
} from '../../src/attributes/attribute-findings.ts'
import { lintCsr } from '../../src/index.ts'
import { attributesOf, extensionOf, findingsOf, signCsr } from '../sign-csr.ts'
import { hex, tlv } from '../tlv.ts'

const challengePassword = '1.2.840.113549.1.9.7'
const unstructuredName = '1.2.840.113549.1.9.2'
const extensionRequest = '1.2.840.113549.1.9.14'
const utf8 = (text: string) => tlv(0x0c, Buffer.from(text))
const extensions = tlv(0x30, extensionOf('1.2.3', hex('0500')))

const faulty: [AttributeFindingCode, string, ...[string, Buffer][]][] = [
  ['challenge_password', 'challengePassword', [challengePassword, utf8('')]],
  ['challenge_password', 'challengePassword', [challengePassword, utf8('a\u0000b')]],
  ['challenge_password', 'challengePassword', [challengePassword, utf8('x'.repeat(256))]],
  ['unstructured_name', 'unstructuredName', [unstructuredName, utf8('a\nb')]],
  [
    'challenge_password_order',
    'challengePassword',
    [extensionRequest, extensions],
    [challengePassword, utf8('x'.repeat(40))],
  ],
]

describe('attributes', () => {
  it.each(faulty)('%s at %s', (code, name, ...attributes) => {
    expect(findingsOf(signCsr({ attributes: attributesOf(...attributes) }))).toEqual([
      `${code} /attributes/${name}`,
    ])
  })

  it('have an example above of everything that can be wrong', () => {
    const shown = new Set(faulty.map(([code]) => code))
    expect([...shown].toSorted()).toEqual(Object.keys(attributeFindings).toSorted())
  })

  it('are told of in words that do not hold them', () => {
    const secret = `secret-project\u0001`
    const attributes = attributesOf(
      [unstructuredName, utf8(secret)],
      [challengePassword, utf8(secret)],
    )
    const { findings } = lintCsr(signCsr({ attributes }))
    expect(findings).toHaveLength(2)
    expect(JSON.stringify(findings)).not.toContain('secret')
  })

  it.each([
    ['BMPString', '1e0200e9', 'é'],
    ['TeletexString', '1401e9', 'é'],
    ['UniversalString', '1c040001f600', '😀'],
  ])('may be written as a %s', (_, value, text) => {
    const der = signCsr({ attributes: attributesOf([challengePassword, hex(value)]) })
    expect(findingsOf(der)).toEqual([])
    expect(lintCsr(der).content.attributes).toEqual({ challengePassword: text })
  })
})
