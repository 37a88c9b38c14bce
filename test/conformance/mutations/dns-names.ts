import { names } from './compose-csr.ts'
import { hex, taggedOctets } from './der-values.ts'
import { breaks, type Rows } from './mutation.ts'
import { dns, label, name, texts } from './name-parts.ts'
import type { Rule } from './rules.ts'

/** The subject alternative names: RFC 5280 section 4.2.1.6. */
export const dnsNames: Rows<Rule<'dnsNames'>> = {
  'A dNSName is labels of 1 to 63 letters, digits and hyphens': texts(2, 'san_dns_name', [
    'a_b.example.com',
    '-a.example.com',
    'a-.example.com',
    '.example.com',
    'a..example.com',
    'a b.example.com',
    ' a.example.com',
    'a.example.com ',
    `${label(64)}.example.com`,
    'https://a.example.com',
    'a.example.com:443',
    'a.example.com/',
    'ops@example.com',
    'a.example.com,b.example.com',
    'a.example.com\0.example.org',
    'a.example.com\n',
    '\\x2a.example.com',
  ]),
  'A dNSName has at most 253 characters and no dot at its end': texts(2, 'san_dns_name', [
    `${`${label(49)}.`.repeat(5)}abcd`,
    'a.example.com.',
    '.',
    '',
  ]),
  'A dNSName has one leading *. at most, not in front of a public suffix': texts(
    2,
    'san_dns_name',
    [
      '*',
      '*.',
      '*.*.example.com',
      'a.*.example.com',
      '*a.example.com',
      'a*.example.com',
      'a*b.example.com',
      '**.example.com',
      'a.example.*',
      '*.com',
      '*.co.uk',
      '*.CO.UK',
      '*example.com',
    ],
  ),
  'A dNSName is ASCII, its international labels valid A-labels': [
    ...texts(2, 'san_dns_name', [
      'xn--.example.com',
      'xn--a.example.com',
      'xn--zzzzzz99999.example.com',
      'xn--bcher-kvaa-.example.com',
      'xn--example-.com',
    ]),
    name('it is bücher.example in UTF-8', dns('bücher.example'), 'der_string'),
    name(
      'it is bücher.example in Latin-1',
      dns(Buffer.from('bücher.example', 'latin1')),
      'der_string',
    ),
  ],
  'A dNSName is no IP address': texts(2, 'san_dns_name', [
    '192.0.2.10',
    '10.0.0.256',
    '010.0.0.1',
    '10.1',
    '2130706433',
    '0x7f000001',
    '2001:db8::10',
    '[2001:db8::10]',
    'fe80::1%eth0',
    '192.0.2.0/24',
  ]),
  'An iPAddress has 4 or 16 octets': [
    ...[0, 3, 5, 8, 15, 17, 32].map((length) =>
      name(`it has ${length}`, taggedOctets(7, Buffer.alloc(length, 10)), 'san_ip_address'),
    ),
    name('it is text', taggedOctets(7, '192.0.2.10'), 'san_ip_address'),
    breaks(
      'one of 3 stands before a bad name',
      names(taggedOctets(7, hex('c00002')), dns('a_b')),
      'san_dns_name',
      '/subjectAltNames/1',
      { also: ['san_ip_address'] },
    ),
  ],
}
