import type { KnownAttributeType } from '@csr-foundry/csr'
import { all, at, extension, extensions, gone, names, subject, withTag } from './compose-csr.ts'
import { bits, hex, int, printable, seq, set, string, tagged, utf8 } from './der-values.ts'
import { breaks, type Rows } from './mutation.ts'
import type { Rule } from './rules.ts'
import { limits, one, part, textOf, value } from './subject-parts.ts'

/** The subject: RFC 5280 section 4.1.2.6 and appendix A. */
export const subjectRows: Rows<Rule<'subject'>> = {
  'The subject is a list of RDNs of at least one attribute each': [
    breaks('it is a SET', at('subject', withTag(0x31)), 'subject_malformed', '/subject'),
    breaks('it is a string', at('subject', utf8('CN=a')), 'subject_malformed', '/subject'),
    breaks('an RDN is empty', at('subject/2', set()), 'subject_malformed', '/subject/2'),
    breaks(
      'an RDN is a SEQUENCE',
      at('subject/2', withTag(0x30)),
      'subject_malformed',
      '/subject/2',
    ),
    breaks(
      'an attribute is a SET',
      at('subject/2/0', withTag(0x31)),
      'subject_malformed',
      '/subject/2/0',
    ),
    breaks(
      'an attribute has no value',
      at('subject/2/0/1', gone),
      'subject_malformed',
      '/subject/2/0',
    ),
    breaks(
      'an attribute has no type',
      at('subject/2/0/0', gone),
      'subject_malformed',
      '/subject/2/0',
    ),
    breaks(
      'a type is a string',
      at('subject/2/0/0', utf8('ST')),
      'subject_malformed',
      '/subject/2/0',
    ),
    breaks(
      'a value is an INTEGER',
      at('subject/2/0/1', int(7)),
      'subject_string_type',
      '/subject/2/0/value',
    ),
    breaks(
      'a value is a BIT STRING',
      at('subject/2/0/1', bits(hex('80'))),
      'subject_string_type',
      '/subject/2/0/value',
    ),
    breaks(
      'a value is too long after an RDN that is empty',
      subject(set(), one('CN', utf8('x'.repeat(65)))),
      'subject_value_length',
      '/subject/1/0/value',
      { also: ['subject_malformed'] },
    ),
  ],
  'The subject or a subject alternative name says who it is': [
    breaks(
      'the subject is empty and there are no extensions',
      all(subject(), at('attributes', tagged(0))),
      'subject_empty',
      '/subject',
    ),
    breaks(
      'the subject is empty and there are no names',
      all(
        subject(),
        extensions((list) => list.slice(1)),
      ),
      'subject_empty',
      '/subject',
    ),
    breaks(
      'the subject is empty, and a key usage is an INTEGER',
      all(
        subject(),
        extensions((list) => list.slice(1)),
        extension('2.5.29.15', int(1)),
      ),
      'subject_empty',
      '/subject',
      { also: ['extension_malformed'] },
    ),
  ],
  'An attribute stands once, one in each RDN': [
    breaks(
      'there are two common names',
      subject(one('CN', utf8('Rack 1')), one('CN', utf8('Rack 2'))),
      'subject_attribute_repeated',
      '/subject',
    ),
    breaks(
      'there are two countries',
      subject(one('C', printable('DE')), one('C', printable('FR'))),
      'subject_attribute_repeated',
      '/subject',
    ),
    breaks(
      'an RDN has two OU',
      subject(set(part('OU', utf8('a')), part('OU', utf8('b')))),
      'subject_attribute_repeated',
      '/subject/0',
    ),
  ],
  'A value has at most the characters of its type': [
    ...Object.entries(limits).map(([type, most]) =>
      value(
        `${type} has ${most + 1}`,
        type as KnownAttributeType,
        textOf(type, most + 1),
        'subject_value_length',
      ),
    ),
    value('CN has 65, of two octets each', 'CN', utf8('ü'.repeat(65)), 'subject_value_length'),
    value('CN has 65 beyond the BMP', 'CN', utf8('𝒳'.repeat(65)), 'subject_value_length'),
    value(
      'emailAddress has 256',
      'emailAddress',
      string('ia5', `a@${'b.'.repeat(126)}de`),
      'subject_value_length',
      { also: ['subject_email_address'] },
    ),
    value('C has three', 'C', printable('DEU'), 'subject_value_length', {
      also: ['subject_value'],
    }),
    breaks(
      'a CN of a directoryName has 65',
      names(tagged(4, seq(one('CN', utf8('x'.repeat(65)))))),
      'subject_value_length',
      '/subjectAltNames/0/value/0/0/value',
    ),
  ],
  'C, serialNumber and dnQualifier are PrintableStrings': [
    value('C is a UTF8String', 'C', utf8('DE'), 'subject_string_type'),
    value('jurisdictionC is a UTF8String', 'jurisdictionC', utf8('DE'), 'subject_string_type'),
    value('serialNumber is a UTF8String', 'serialNumber', utf8('A7'), 'subject_string_type'),
    value(
      'serialNumber is a NumericString',
      'serialNumber',
      string('numeric', '7'),
      'subject_string_type',
    ),
    value('dnQualifier is an IA5String', 'dnQualifier', string('ia5', 'A7'), 'subject_string_type'),
  ],
  'emailAddress and DC are IA5Strings': [
    value(
      'emailAddress is a UTF8String',
      'emailAddress',
      utf8('ops@example.com'),
      'subject_string_type',
    ),
    value(
      'emailAddress is a PrintableString',
      'emailAddress',
      printable('ops.example.com'),
      'subject_string_type',
      { also: ['subject_email_address'] },
    ),
    value('DC is a UTF8String', 'DC', utf8('example'), 'subject_string_type'),
    value('DC is a PrintableString', 'DC', printable('example'), 'subject_string_type'),
  ],
  'Other values are UTF8Strings or PrintableStrings': [
    ...(['ia5', 'numeric', 'visible'] as const).map((type) =>
      value(`O is a ${type} string`, 'O', string(type, '12'), 'subject_string_type'),
    ),
    ...(['teletex', 'bmp', 'universal'] as const).map((type) =>
      value(`O is a ${type} string`, 'O', string(type, '12'), 'subject_string_type_old'),
    ),
  ],
}
