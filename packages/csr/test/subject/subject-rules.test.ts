import { describe, expect, it } from 'vitest'
import { type FindingCode, lintCsr } from '../../src/index.ts'
import { type SubjectFindingCode, subjectFindings } from '../../src/subject/subject-findings.ts'
import { makeCsr, parsedSpec } from '../make-csr.ts'
import {
  attributeOf,
  findingsOf,
  nameOf,
  requesting,
  sanOf,
  signCsr,
  signingKey,
} from '../sign-csr.ts'
import { hex, tlv } from '../tlv.ts'

const utf8 = (text: string) => tlv(0x0c, Buffer.from(text))
const printable = (text: string) => tlv(0x13, Buffer.from(text))
const cn = '2.5.4.3'
const o = '2.5.4.10'
const email = '1.2.840.113549.1.9.1'

const faulty: [SubjectFindingCode, string, Buffer][] = [
  ['subject_empty', '/subject', nameOf()],
  ['subject_value', '/subject/0/0/value', nameOf([o, utf8('a\u0007b')])],
  ['subject_value', '/subject/0/0/value', nameOf([o, utf8('')])],
  ['subject_value', '/subject/0/0/value', nameOf(['2.5.4.6', printable('UK')])],
  ['subject_value', '/subject/0/0/value', nameOf(['2.5.4.6', printable('us')])],
  ['subject_value', '/subject/0/0/value', nameOf(['1.3.6.1.4.1.311.60.2.1.3', printable('EU')])],
  ['subject_value_length', '/subject/0/0/value', nameOf([cn, utf8('ä'.repeat(65))])],
  ['subject_string_type', '/subject/0/0/value', nameOf([o, hex('160141')])],
  ['subject_string_type_old', '/subject/0/0/value', nameOf([o, hex('1e020041')])],
  ['subject_string_type_old', '/subject/0/0/value', nameOf([o, hex('140141')])],
  ['subject_string_type', '/subject/0/0/value', nameOf(['2.5.4.6', utf8('US')])],
  ['subject_string_type', '/subject/0/0/value', nameOf([email, utf8('a@b')])],
  ['subject_attribute_repeated', '/subject', nameOf([o, utf8('a')], [o, utf8('b')])],
  [
    'subject_attribute_repeated',
    '/subject/0',
    tlv(0x30, tlv(0x31, attributeOf('2.5.4.11', utf8('a')), attributeOf('2.5.4.11', utf8('b')))),
  ],
  ['subject_spaces', '/subject/0/0/value', nameOf([o, utf8(' ACME')])],
  ['subject_spaces', '/subject/0/0/value', nameOf([o, utf8('ACME  Inc')])],
  ['subject_invisible_characters', '/subject/0/0/value', nameOf([o, utf8('AC\u200bME')])],
  ['subject_invisible_characters', '/subject/0/0/value', nameOf([o, utf8('\u202eEMCA')])],
  ['subject_placeholder', '/subject/0/0/value', nameOf([o, utf8('Internet Widgits Pty Ltd')])],
  ['subject_placeholder', '/subject/0/0/value', nameOf([o, utf8('-')])],
  ['subject_placeholder', '/subject/0/0/value', nameOf(['2.5.4.11', printable('Unknown')])],
  ['subject_email_address', '/subject/0/0/value', nameOf([email, tlv(0x16, Buffer.from('ops'))])],
  ['subject_invisible_characters', '/subject/0/0/value', nameOf([o, utf8('Z\ufffdrich')])],
  ['common_name_uri', '/subject/0/0/value', nameOf([cn, utf8('https://a.example.com/')])],
  ['common_name_not_in_san', '/subject/0/0/value', nameOf([cn, printable('a.example.com')])],
  ['common_name_not_in_san', '/subject/0/0/value', nameOf([cn, printable('192.0.2.1')])],
]

describe('a subject', () => {
  it.each(faulty)('%s at %s', (code, pointer, subject) => {
    expect(findingsOf(signCsr({ subject }))).toEqual([`${code} ${pointer}`])
  })

  it('has an example above of everything that can be wrong', () => {
    const shown = new Set(faulty.map(([code]) => code))
    expect([...shown].toSorted()).toEqual(Object.keys(subjectFindings).toSorted())
  })

  it('is told of in a sentence with what is wrong and what is allowed', () => {
    const subject = nameOf([cn, utf8('ä'.repeat(65))])
    expect(lintCsr(signCsr({ subject })).findings).toEqual([
      {
        code: 'subject_value_length' satisfies FindingCode,
        severity: 'error',
        pointer: '/subject/0/0/value',
        message: 'The CN has 65 characters; at most 64 are allowed.',
        source: subjectFindings.subject_value_length.source,
      },
    ])
  })
})

describe('nothing is said of', () => {
  it.each<[string, object]>([
    [
      'every kind of attribute',
      {
        subject: {
          C: 'DE',
          ST: 'Bayern',
          L: 'München',
          street: ['Marienplatz 8', 'Hinterhaus'],
          O: 'ACME "Inc" & Co.',
          OU: ['Ops', 'Edge'],
          DC: ['example', 'com'],
          serialNumber: 'HRB 42',
          GN: 'Ada',
          CN: 'Edge of the world',
          email: 'ops@example.com',
          '2.5.4.999': 'x',
          '2.5.4.41': 'می\u200cخواهم',
        },
      },
    ],
    ['a host of one label without names', { subject: { CN: 'LXCA' } }],
    [
      'a person beside a mailbox',
      { subject: { CN: 'Ada' }, subjectAltNames: [{ type: 'email', value: 'ada@example.com' }] },
    ],
    [
      'a host that is among the names in another case',
      {
        subject: { CN: 'Edge-1.example.com' },
        subjectAltNames: [{ type: 'dns', value: 'edge-1.EXAMPLE.com' }],
      },
    ],
    [
      'an address that is among the names',
      { subject: { CN: '2001:DB8::A' }, subjectAltNames: [{ type: 'ip', value: '2001:db8::a' }] },
    ],
    [
      'an international host that is among them as A-labels',
      {
        subject: { CN: 'bücher.example' },
        subjectAltNames: [{ type: 'dns', value: 'bücher.example' }],
      },
    ],
    ['no subject beside names', { subjectAltNames: [{ type: 'dns', value: 'a.example.com' }] }],
  ])('%s', async (_, input) => {
    const { der } = await makeCsr(parsedSpec(input), signingKey)
    expect(findingsOf(der)).toEqual([])
  })
})

it('a host of one label is missed among other hosts', () => {
  const attributes = requesting(sanOf(tlv(0x82, Buffer.from('a.example.com'))))
  expect(findingsOf(signCsr({ attributes }))).toEqual(['common_name_not_in_san /subject/0/0/value'])
})
