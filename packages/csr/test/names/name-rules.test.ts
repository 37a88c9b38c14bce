import { describe, expect, it } from 'vitest'
import { type NameFindingCode, nameFindings } from '../../src/names/name-findings.ts'
import { makeCsr, parsedSpec } from '../make-csr.ts'
import {
  critical,
  extensionOf,
  findingsOf,
  nameOf,
  requesting,
  sanOf,
  signCsr,
  signingKey,
} from '../sign-csr.ts'
import { hex, tlv } from '../tlv.ts'

const ascii = (tag: number, text: string) => tlv(tag, Buffer.from(text, 'latin1'))
const dns = (text: string) => ascii(0x82, text)
const other = (oid: string, value: Buffer) => tlv(0xa0, hex(oid), tlv(0xa0, value))
const utf8 = (text: string) => tlv(0x0c, Buffer.from(text))
// No host name, so that the rules of common names have nothing to say.
const subject = nameOf(['2.5.4.10', utf8('ACME')])

const faulty: [NameFindingCode, string, ...Buffer[]][] = [
  ['san_dns_name', '/subjectAltNames/1', dns('a.example.com'), dns('a_b.example.com')],
  ['san_dns_name', '/subjectAltNames/0', dns('192.0.2.1')],
  ['san_dns_name', '/subjectAltNames/0', dns('a.example.com.')],
  ['san_dns_name', '/subjectAltNames/0', dns('*.co.uk')],
  ['san_dns_name', '/subjectAltNames/0', dns('')],
  ['san_dns_name', '/subjectAltNames/0', dns('xn--zzzzzz999.com')],
  ['san_email_address', '/subjectAltNames/0', ascii(0x81, 'ops')],
  ['san_email_address_unusual', '/subjectAltNames/0', ascii(0x81, '"a b"@example.com')],
  ['san_email_address_unusual', '/subjectAltNames/0', ascii(0x81, 'x@[192.0.2.1]')],
  ['san_uri', '/subjectAltNames/0', ascii(0x86, 'example.com')],
  ['san_directory_name', '/subjectAltNames/0', tlv(0xa4, tlv(0x30))],
  ['san_other_name', '/subjectAltNames/0', other('06022a03', utf8('a\u0000'))],
  ['san_other_name', '/subjectAltNames/0', other('060a2b060104018237140203', utf8('ops'))],
  ['san_other_name', '/subjectAltNames/0', other('060a2b060104018237140203', ascii(0x16, 'ops@a'))],
  ['san_duplicate', '/subjectAltNames/1', dns('a.example.com'), dns('A.example.com')],
  ['san_duplicate', '/subjectAltNames/2', hex('8704c0000201'), dns('a'), hex('8704c0000201')],
  ['san_duplicate', '/subjectAltNames/1', ...Array(2).fill(tlv(0xa4, subject))],
]

describe('subject alternative names', () => {
  it.each(faulty)('%s at %s', (code, pointer, ...names) => {
    const attributes = requesting(sanOf(...names))
    expect(findingsOf(signCsr({ subject, attributes }))).toEqual([`${code} ${pointer}`])
  })

  it('beside a subject are not critical, without one they are', () => {
    const names = tlv(0x30, dns('a.example.com'))
    const asCritical = requesting(extensionOf('2.5.29.17', names, critical))
    const notCritical = requesting(extensionOf('2.5.29.17', names))
    expect(findingsOf(signCsr({ subject, attributes: asCritical }))).toEqual([
      'san_criticality /subjectAltNames',
    ])
    expect(findingsOf(signCsr({ subject: nameOf(), attributes: notCritical }))).toEqual([
      'san_not_critical /subjectAltNames',
    ])
    expect(findingsOf(signCsr({ subject: nameOf(), attributes: asCritical }))).toEqual([])
    expect(findingsOf(signCsr({ subject, attributes: notCritical }))).toEqual([])
  })

  it('have an example here of everything that can be wrong', () => {
    const codes = faulty.map(([code]) => code)
    const shown = new Set([...codes, 'san_criticality', 'san_not_critical'])
    expect([...shown].toSorted()).toEqual(Object.keys(nameFindings).toSorted())
  })

  it('of directories follow the rules of a subject, at their place', () => {
    const name = nameOf(['2.5.4.6', tlv(0x13, Buffer.from('UK'))], ['2.5.4.10', utf8(' ACME')])
    const attributes = requesting(sanOf(tlv(0xa4, name)))
    expect(findingsOf(signCsr({ subject, attributes }))).toEqual([
      'subject_value /subjectAltNames/0/value/0/0/value',
      'subject_spaces /subjectAltNames/0/value/1/0/value',
    ])
  })

  it('of every kind are good as the builder makes them', async () => {
    const subjectAltNames = [
      { type: 'dns', value: '*.example.com' },
      { type: 'dns', value: 'printer.lan' },
      { type: 'ip', value: '2001:db8::a' },
      { type: 'email', value: 'ops@example.com' },
      { type: 'uri', value: 'spiffe://example.com/rack' },
      { type: 'rid', value: '1.2.3' },
      { type: 'upn', value: 'ä@example.com' },
      { type: 'otherName', oid: '1.2.3', value: 'x' },
      { type: 'otherName', oid: '1.2.3', der: 'BQA=' },
      { type: 'dirName', value: 'CN=x,C=US' },
    ]
    const { der } = await makeCsr(parsedSpec({ subjectAltNames }), signingKey)
    expect(findingsOf(der)).toEqual([])
  })
})
