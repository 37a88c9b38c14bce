import {
  extension,
  gone,
  inExtension,
  extensions as list,
  withMore,
  withTag,
} from './compose-csr.ts'
import { bits, hex, int, integerOf, nothing, octets, oid, seq, string, utf8 } from './der-values.ts'
import { critical, malformed, purpose, raw, types, value, yes } from './extension-parts.ts'
import { breaks, type Rows } from './mutation.ts'
import type { Rule } from './rules.ts'

/** The extensions: RFC 5280 section 4.2, RFC 7633, MS-WCCE. */
export const extensionRows: Rows<Rule<'extensions'>> = {
  'An extension is a type, a criticality and DER in an OCTET STRING': [
    breaks(
      'it has no value',
      inExtension(types.extendedKeyUsage, '1', gone),
      'extension_malformed',
      '/extensions',
    ),
    breaks(
      'its value is not in an OCTET STRING',
      inExtension(types.extendedKeyUsage, '1', seq(purpose(1))),
      'extension_malformed',
      '/extensions',
    ),
    breaks(
      'its value is in a BIT STRING',
      inExtension(types.extendedKeyUsage, '1', withTag(3)),
      'extension_malformed',
      '/extensions',
    ),
    breaks(
      'its type is text',
      list((all) => [...all, seq(utf8('1.2.3'), octets(nothing))]),
      'extension_malformed',
      '/extensions',
    ),
    breaks(
      'its type is missing',
      list((all) => [...all, seq(octets(nothing))]),
      'extension_malformed',
      '/extensions',
    ),
    breaks(
      'it is a SET',
      inExtension(types.extendedKeyUsage, '', withTag(0x31)),
      'extension_malformed',
      '/extensions',
    ),
    breaks(
      'its critical comes last',
      inExtension(types.extendedKeyUsage, '', withMore(yes)),
      'extension_malformed',
      '/extensions',
    ),
  ],
  'A subject key identifier is octets and not critical': [
    malformed('subjectKeyIdentifier', 'it is empty', octets()),
    malformed('subjectKeyIdentifier', 'it is a BIT STRING', bits(hex('0102030405060708'))),
    malformed('subjectKeyIdentifier', 'it is text', utf8('0102030405060708')),
    value(
      'subjectKeyIdentifier',
      'it has 7 octets',
      octets(Buffer.alloc(7, 1)),
      'subject_key_identifier_length',
    ),
    value(
      'subjectKeyIdentifier',
      'it has 33 octets',
      octets(Buffer.alloc(33, 1)),
      'subject_key_identifier_length',
    ),
    critical(
      'it is critical',
      'subjectKeyIdentifier',
      octets(Buffer.alloc(20, 1)),
      'extension_criticality',
    ),
  ],
  'The TLS feature is status_request and not critical': [
    critical('it is critical', 'mustStaple', seq(int(5)), 'extension_criticality_unusual'),
    malformed('mustStaple', 'it is an INTEGER', int(5)),
    malformed('mustStaple', 'a feature is text', seq(utf8('5'))),
    value('mustStaple', 'it is 00 05', seq(integerOf(hex('0005'))), 'der_integer_not_minimal'),
    breaks(
      'it is empty',
      extension(types.mustStaple, seq()),
      'tls_feature',
      '/extensions/mustStaple',
    ),
    breaks(
      'it is 17',
      extension(types.mustStaple, seq(int(17))),
      'tls_feature',
      '/extensions/mustStaple',
    ),
  ],
  'A certificate template is a BMPString, or an identifier with a version': [
    malformed('microsoftTemplateName', 'it is a UTF8String', utf8('WebServer')),
    malformed('microsoftTemplateName', 'it is an INTEGER', int(1)),
    value(
      'microsoftTemplateName',
      'it has an odd number of octets',
      string('bmp', hex('0041 42')),
      'der_string',
    ),
    critical(
      'its name is critical',
      'microsoftTemplateName',
      string('bmp', 'A'),
      'extension_criticality_unusual',
    ),
    malformed('microsoftTemplateName', 'its name is empty', string('bmp', '')),
    critical(
      'it is critical',
      'microsoftTemplate',
      seq(oid('1.2.3')),
      'extension_criticality_unusual',
    ),
    malformed('microsoftTemplate', 'it has no identifier', seq(int(1), int(2))),
    malformed('microsoftTemplate', 'it is an identifier alone', oid('1.2.3')),
    malformed(
      'microsoftTemplate',
      'its version is negative',
      seq(oid('1.2.3'), integerOf(hex('ff'))),
    ),
    malformed(
      'microsoftTemplate',
      'its version is above 32 bits',
      seq(oid('1.2.3'), int(2n ** 32n)),
    ),
    malformed(
      'microsoftTemplate',
      'it has a fourth part',
      seq(oid('1.2.3'), int(1), int(2), int(3)),
    ),
  ],
  'Another extension has a value in DER and is not critical; what a CA says is not asked for': [
    raw('it is critical', '1.3.6.1.4.1.55555.9', nothing, 'extension_unknown_critical', yes),
    raw('it is text', '1.3.6.1.4.1.55555.9', Buffer.from('text'), 'der_malformed'),
    raw('it is empty', '1.3.6.1.4.1.55555.9', Buffer.of(), 'der_malformed'),
    raw(
      'it has octets after its value',
      '1.3.6.1.4.1.55555.9',
      hex('0500 00'),
      'der_trailing_bytes',
    ),
    ...[
      '2.5.29.35',
      '2.5.29.18',
      '2.5.29.31',
      '1.3.6.1.5.5.7.1.1',
      '1.3.6.1.4.1.11129.2.4.2',
      '1.3.6.1.4.1.11129.2.4.3',
    ].map((type) => raw(`it is ${type}`, type, seq(), 'extension_not_of_subject')),
    breaks(
      'the identifier of the CA’s key is critical',
      extension('2.5.29.35', seq(), yes),
      'extension_criticality',
      '/extensions/raw/1',
      { also: ['extension_not_of_subject'] },
    ),
  ],
  'An extension is not one that a newer one has replaced': [
    ...['2.5.29.1', '2.5.29.7', '2.5.29.10', '2.16.840.1.113730.1.1'].map((type) =>
      raw(`it is ${type}`, type, seq(), 'extension_obsolete'),
    ),
  ],
}
