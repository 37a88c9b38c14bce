import { names, rdn } from './compose-csr.ts'
import { encode } from './der-tree.ts'
import {
  hex,
  int,
  nothing,
  oid,
  printable,
  seq,
  set,
  string,
  tagged,
  taggedOctets,
  utf8,
} from './der-values.ts'
import { breaks, type Rows } from './mutation.ts'
import { first, name, otherName, upn } from './name-parts.ts'
import type { Rule } from './rules.ts'

/** The subject alternative names: RFC 5280 section 4.2.1.6. */
export const otherNames: Rows<Rule<'otherNames'>> = {
  'A directoryName is a good Name of at least one RDN': [
    name('it is empty', tagged(4, seq()), 'san_directory_name'),
    name('its tag is implicit', tagged(4, rdn('2.5.4.3', utf8('a'))), 'san_malformed'),
    name('it has no Name', tagged(4), 'san_malformed'),
    name('it has two Names', tagged(4, seq(rdn('2.5.4.3', utf8('a'))), seq()), 'san_malformed'),
    name(
      'it is primitive',
      taggedOctets(4, encode(seq(rdn('2.5.4.3', utf8('a'))))),
      'san_malformed',
    ),
    breaks(
      'an RDN of it is empty',
      names(tagged(4, seq(set()))),
      'subject_malformed',
      `${first}/value/0`,
    ),
    breaks(
      'its C is UK',
      names(tagged(4, seq(rdn('2.5.4.6', printable('UK'))))),
      'subject_value',
      `${first}/value/0/0/value`,
    ),
    breaks(
      'its C is a UTF8String',
      names(tagged(4, seq(rdn('2.5.4.6', utf8('DE'))))),
      'subject_string_type',
      `${first}/value/0/0/value`,
    ),
    breaks(
      'its CN has an octet outside of its set',
      names(tagged(4, seq(rdn('2.5.4.3', printable('a_b'))))),
      'der_string',
      `${first}/value/0/0/value`,
    ),
    breaks(
      'its CN has a newline',
      names(tagged(4, seq(rdn('2.5.4.3', utf8('a\nb'))))),
      'subject_value',
      `${first}/value/0/0/value`,
    ),
  ],
  'A registeredID is an object identifier': [
    name('it is empty', taggedOctets(8, ''), 'der_malformed'),
    name('it is text', taggedOctets(8, Buffer.of(...Buffer.from('1.2.3'), 0x80)), 'der_malformed'),
    name('it starts an arc with 80', taggedOctets(8, hex('2a 80 01')), 'der_malformed'),
    name('it is constructed', tagged(8, oid('1.2.3')), 'san_malformed'),
  ],
  'An otherName is a type and a value, a UPN name@suffix': [
    name('its value has no [0] around it', tagged(0, oid('1.2.3'), utf8('a')), 'san_malformed'),
    name('it has no value', tagged(0, oid('1.2.3')), 'san_malformed'),
    name('it has an empty value', otherName('1.2.3'), 'san_malformed'),
    name('it has two values', otherName('1.2.3', utf8('a'), utf8('b')), 'san_malformed'),
    name('it has no type', tagged(0, tagged(0, utf8('a'))), 'san_malformed'),
    name(
      'it has a third part',
      tagged(0, oid('1.2.3'), tagged(0, utf8('a')), nothing),
      'san_malformed',
    ),
    name('its text has a NUL', otherName('1.2.3', utf8('a\0')), 'san_other_name'),
    name('its text is blank', otherName('1.2.3', utf8(' ')), 'san_other_name'),
    name('its text is not UTF-8', otherName('1.2.3', utf8(hex('61ff'))), 'der_string'),
    ...['ops', '@corp.example.com', 'ops@', 'a@b@c', 'a b@corp.example.com'].map((text) =>
      name(`a UPN is "${text}"`, otherName(upn, utf8(text)), 'san_other_name'),
    ),
    name(
      'a UPN is an IA5String',
      otherName(upn, string('ia5', 'ops@corp.example.com')),
      'san_other_name',
    ),
    name('a UPN is an INTEGER', otherName(upn, int(7)), 'san_other_name'),
  ],
}
