import { all, extensions, names, rdn, subject } from './compose-csr.ts'
import { hex, printable, string, utf8 } from './der-values.ts'
import { breaks, type Rows } from './mutation.ts'
import type { Rule } from './rules.ts'
import { host, one, value } from './subject-parts.ts'

/** The subject: RFC 5280 section 4.1.2.6 and appendix A. */
export const subjectValues: Rows<Rule<'subjectValues'>> = {
  'A string has only the characters of its type': [
    ...['*.example', 'ops@example', 'a_b', 'A & B', 'a"b', 'a#b', 'a;b', 'a<b'].map((text) =>
      value(`a PrintableString is ${text}`, 'O', printable(text), 'der_string'),
    ),
    value(
      'a PrintableString is Latin-1',
      'O',
      string('printable', Buffer.from('Zürich', 'latin1')),
      'der_string',
    ),
    value('a UTF8String is Latin-1', 'O', utf8(Buffer.from('Zürich', 'latin1')), 'der_string'),
    value('a UTF8String has half of a surrogate pair', 'O', utf8(hex('61 eda080')), 'der_string'),
    value('a UTF8String has an overlong character', 'O', utf8(hex('61 c1a1')), 'der_string'),
    value('a UTF8String ends within a character', 'O', utf8(hex('61 c3')), 'der_string'),
    value('an IA5String has eight bits', 'DC', string('ia5', 'bücher'), 'der_string'),
    value(
      'a BMPString has an odd number of octets',
      'O',
      string('bmp', hex('0061 62')),
      'der_string',
      { also: ['subject_string_type_old'] },
    ),
    value(
      'a BMPString has half of a surrogate pair',
      'O',
      string('bmp', hex('0061 d800')),
      'der_string',
      { also: ['subject_string_type_old', 'subject_value'] },
    ),
    value(
      'a UniversalString is above U+10FFFF',
      'O',
      string('universal', hex('00000061 00110000')),
      'der_string',
      { also: ['subject_string_type_old'] },
    ),
    value('a NumericString has letters', 'O', string('numeric', '1a'), 'der_string', {
      also: ['subject_string_type'],
    }),
  ],
  'C is an assigned code of ISO 3166-1': [
    'UK',
    'EU',
    'XX',
    'ZZ',
    'AA',
    'SU',
    'de',
    'De',
    '12',
    'D',
  ].map((code) => value(`it is ${code}`, 'C', printable(code), 'subject_value')),
  'A value is visible text without control characters': [
    ...[
      '',
      ' ',
      '\u00a0',
      'a\0b',
      'a\tb',
      'a\nb',
      'a\r\nb',
      'a\u001bb',
      'a\u007fb',
      'a\u0085b',
      'a\u2028b',
    ].map((text) => value(`it is ${JSON.stringify(text)}`, 'O', utf8(text), 'subject_value')),
    breaks(
      'a value of a type that is not known has a NUL',
      subject(rdn('1.2.3.4', utf8('a\0'))),
      'subject_value',
      '/subject/0/0/value',
    ),
    value('it is an empty PrintableString', 'serialNumber', printable(''), 'subject_value'),
  ],
  'A value is what it seems to be': [
    ...[' a', 'a ', 'a  b'].map((text) =>
      value(`it is "${text}"`, 'O', utf8(text), 'subject_spaces'),
    ),
    ...['00ad', '200b', '202e', '2066', 'feff'].map((point) =>
      value(
        `it has U+${point.toUpperCase()}`,
        'O',
        utf8(`a${String.fromCodePoint(Number.parseInt(point, 16))}b`),
        'subject_invisible_characters',
      ),
    ),
    value('it starts with U+FEFF', 'O', utf8('\ufeffa'), 'subject_invisible_characters'),
    ...['-', '.', 'N/A', 'Some-State', 'Unknown', 'Internet Widgits Pty Ltd'].map((text) =>
      value(`it is ${text}`, 'O', printable(text), 'subject_placeholder'),
    ),
  ],
  'An emailAddress is a mailbox': [
    'ops',
    '@example.com',
    'ops@',
    'Ops <ops@example.com>',
    'ops@example..com',
    'ops@exa_mple.com',
  ].map((text) =>
    value(`it is ${text}`, 'emailAddress', string('ia5', text), 'subject_email_address'),
  ),
  'A common name that is a host name is a subject alternative name as well': [
    ...['www.example.com', '192.0.2.11', '2001:db8::11', '*.example.org', 'bücher.example.org'].map(
      (text) =>
        breaks(
          `it is ${text}`,
          all(names(host), subject(one('CN', utf8(text)))),
          'common_name_not_in_san',
          '/subject/0/0/value',
        ),
    ),
    breaks(
      'there are no names',
      all(
        extensions((list) => list.slice(1)),
        subject(one('CN', utf8('www.example.com'))),
      ),
      'common_name_not_in_san',
      '/subject/0/0/value',
    ),
  ],
  'A common name is not a URL': ['https://www.example.com', 'ldap://a/'].map((text) =>
    value(`it is ${text}`, 'CN', utf8(text), 'common_name_uri'),
  ),
}
