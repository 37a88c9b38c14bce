import { at, extension, names, rdn, subject } from './compose-csr.ts'
import { bool, hex, int, seq, set, string, tagged, taggedOctets, utf8 } from './der-values.ts'
import { breaks, type Rows } from './mutation.ts'
import { altNames, dns, duplicate, label, name, otherName, texts, upn } from './name-parts.ts'
import type { Rule } from './rules.ts'

/** The subject alternative names: RFC 5280 section 4.2.1.6. */
export const nameRows: Rows<Rule<'names'>> = {
  'Subject alternative names are a list of at least one GeneralName of a kind in use': [
    breaks('the list is empty', names(), 'san_empty', '/subjectAltNames'),
    breaks(
      'the list is a SET',
      extension(altNames, set(dns('a.example.com'))),
      'san_malformed',
      '/subjectAltNames',
    ),
    breaks(
      'the list is one name',
      extension(altNames, dns('a.example.com')),
      'san_malformed',
      '/subjectAltNames',
    ),
    breaks(
      'the list is text',
      extension(altNames, string('ia5', 'DNS:a.example.com')),
      'san_malformed',
      '/subjectAltNames',
    ),
    name('a name is an IA5String', string('ia5', 'a.example.com'), 'san_malformed'),
    name('a name is [9]', taggedOctets(9, 'a.example.com'), 'san_malformed'),
    name('a dNSName is constructed', tagged(2, string('ia5', 'a.example.com')), 'san_malformed'),
    name('a name is an x400Address', tagged(3, seq()), 'san_kind'),
    name('a name is an ediPartyName', tagged(5, tagged(1, utf8('a'))), 'san_kind'),
    breaks(
      'a name of no kind stands before a bad one',
      names(taggedOctets(9, 'a'), dns('a_b')),
      'san_dns_name',
      '/subjectAltNames/1',
      { also: ['san_malformed'] },
    ),
  ],
  'An rfc822Name is a mailbox': [
    ...texts(1, 'san_email_address', [
      '',
      'ops',
      'example.com',
      '@example.com',
      'ops@',
      'a@b@example.com',
      'Ops <ops@example.com>',
      'mailto:ops@example.com ',
      '.a@example.com',
      'a..b@example.com',
      'a b@example.com',
      `${label(65)}@example.com`,
      'ops@example.com.',
      'ops@*.example.com',
      'ops@exa_mple.com',
      'ops@-example.com',
      'a\n@example.com',
    ]),
    ...texts(1, 'san_email_address_unusual', [
      '"ops desk"@example.com',
      'ops@[192.0.2.1]',
      'ops@[IPv6:2001:db8::1]',
    ]),
    name('it is in UTF-8', taggedOctets(1, 'übung@example.com'), 'der_string'),
  ],
  'A URI is absolute and has a host': [
    ...texts(6, 'san_uri', [
      '',
      '/rack/12',
      'example.com',
      '//example.com/',
      'https:',
      'https://',
      'https:///a',
      'https://:443/',
      'https://a_b/',
      'https://a b/',
      'https://example.com/a b',
      'https://example.com/%zz',
      'https://example.com/"a"',
      'https://[::1/',
      'https://[192.0.2.1]/',
      'https://example.com:99999/',
      'https://10.0.0.256/',
      '1http://example.com/',
      'https://*.example.com/',
      'https://example.com/#a#b',
      'https://example.com/\n',
    ]),
    name('it is in UTF-8', taggedOctets(6, 'https://example.com/ü'), 'der_string'),
  ],
  'Names are critical exactly when the subject is empty': [
    breaks('they are not although it is', subject(), 'san_not_critical', '/subjectAltNames'),
    breaks(
      'they are although it is not',
      extension(altNames, seq(dns('a.example.com')), bool(0xff)),
      'san_criticality',
      '/subjectAltNames',
    ),
    breaks(
      'they are not in a CSR of names alone',
      at('attributes/0/1/0/0/1', () => []),
      'san_not_critical',
      '/subjectAltNames',
      { csr: 'nameless' },
    ),
  ],
  'A name is there once': [
    duplicate('a dNSName', dns('a.example.com'), dns('a.example.com')),
    duplicate('a dNSName in the other case', dns('a.example.com'), dns('A.example.com')),
    duplicate('an iPAddress', taggedOctets(7, hex('c000020a')), taggedOctets(7, hex('c000020a'))),
    duplicate(
      'a directoryName',
      tagged(4, seq(rdn('2.5.4.3', utf8('a')))),
      tagged(4, seq(rdn('2.5.4.3', utf8('a')))),
    ),
    duplicate('a UPN', otherName(upn, utf8('a@b')), otherName(upn, utf8('a@b'))),
    duplicate('an otherName of DER', otherName('1.2.3', int(7)), otherName('1.2.3', int(7))),
  ],
}
