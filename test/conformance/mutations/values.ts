import { at, extension, inExtension, rdn, subject, withLength, withTag } from './compose-csr.ts'
import { encode } from './der-tree.ts'
import { bits, hex, integerOf, seq, set, string, utf8 } from './der-values.ts'
import {
  altNames,
  constraints,
  nested,
  purposes,
  signature,
  template,
  usage,
  whole,
} from './encoding-parts.ts'
import { breaks, ends, type Rows } from './mutation.ts'
import type { Rule } from './rules.ts'

/** Every value as X.690 section 10 has it, at every depth. */
export const values: Rows<Rule<'values'>> = {
  'A list of named bits ends with a one, another bit string with an octet': [
    breaks(
      'a key usage ends with a zero',
      usage('05 c0'),
      'der_bit_string',
      '/extensions/keyUsage',
    ),
    breaks(
      'a key usage ends with an octet of zeros',
      usage('00 c000'),
      'der_bit_string',
      '/extensions/keyUsage',
    ),
    breaks(
      'a key usage has a one behind its end',
      usage('06 e0'),
      'der_bit_string',
      '/extensions/keyUsage',
    ),
    breaks(
      'a key usage has nine bits of an octet unused',
      usage('09 80'),
      'der_malformed',
      '/extensions/keyUsage',
    ),
    breaks('a key usage has no octet at all', usage(''), 'der_malformed', '/extensions/keyUsage'),
    breaks(
      'a key usage has unused bits of no octet',
      usage('07'),
      'der_malformed',
      '/extensions/keyUsage',
    ),
    breaks(
      'a signature has unused bits',
      (csr) => ({ ...csr, signature: (value) => bits(value, 1) }),
      'der_bit_string',
      '/signature',
    ),
  ],
  'An INTEGER is in the shortest form': [
    breaks(
      'the version is 00 00',
      at('version', integerOf(hex('0000'))),
      'der_integer_not_minimal',
      '/version',
    ),
    breaks(
      'the version of a template is 00 64',
      inExtension(template, '1/0/1', integerOf(hex('0064'))),
      'der_integer_not_minimal',
      '/extensions/microsoftTemplate',
    ),
    breaks(
      'a path length is 00 01',
      inExtension(constraints, '2/0/1', integerOf(hex('0001'))),
      'der_integer_not_minimal',
      '/extensions/basicConstraints',
      { csr: 'authority' },
    ),
    breaks(
      'the version has no octet',
      at('version', integerOf(hex(''))),
      'der_malformed',
      '/version',
    ),
  ],
  'A value is whole and of the type that stands there': [
    breaks(
      'a BMPString is constructed',
      inExtension('1.3.6.1.4.1.311.20.2', '1/0', { tag: 0x3e, body: [string('bmp', 'A')] }),
      'extension_malformed',
      '/extensions/microsoftTemplateName',
    ),
    breaks(
      'an OCTET STRING is constructed',
      inExtension(purposes, '1', (value) => ({ tag: 0x24, body: [value] })),
      'extension_malformed',
      '/extensions',
    ),
    breaks(
      'a UTF8String is constructed',
      subject(rdn('2.5.4.3', { tag: 0x2c, body: [utf8('a')] })),
      'subject_string_type',
      '/subject/0/0/value',
    ),
    breaks(
      'the signature is constructed',
      signature((value) => ({ tag: 0x23, body: [value] })),
      'csr_structure',
      '/signature',
    ),
    breaks(
      'an object identifier of the subject starts an arc with 80',
      subject(set(seq({ tag: 6, body: hex('55 04 80 03') }, utf8('a')))),
      'der_malformed',
      '/subject/0/0',
    ),
    breaks(
      'an object identifier of the subject ends within an arc',
      subject(set(seq({ tag: 6, body: hex('55 04 83') }, utf8('a')))),
      'der_malformed',
      '/subject/0/0',
    ),
    breaks(
      'an object identifier of the subject is empty',
      subject(set(seq({ tag: 6, body: hex('') }, utf8('a')))),
      'der_malformed',
      '/subject/0/0',
    ),
    breaks(
      'a purpose is an empty object identifier',
      inExtension(purposes, '1/0/0', { tag: 6, body: hex('') }),
      'der_malformed',
      '/extensions/extendedKeyUsage',
    ),
    breaks(
      'the purposes end too early',
      inExtension(purposes, '1/0', withLength(hex('7f'))),
      'der_malformed',
      '/extensions/extendedKeyUsage',
    ),
    breaks(
      'the names end too early',
      inExtension(altNames, '1/0', withLength(hex('82 7f ff'))),
      'der_malformed',
      '/subjectAltNames',
    ),
    breaks(
      'a raw extension is no DER',
      extension('1.2.3', hex('30')),
      'der_malformed',
      '/extensions/raw/1',
    ),
    ends(
      'a primitive has an indefinite length',
      at('subject/0/0/1', withLength('indefinite')),
      'malformed_der',
    ),
    ends(
      'the last octet is missing',
      (csr) => ({ ...csr, written: (bytes) => bytes.subarray(0, -1) }),
      'malformed_der',
    ),
    ends(
      'an indefinite length has no end',
      whole((value) => Buffer.concat([hex('30 80'), encode(value).subarray(4)])),
      'malformed_der',
    ),
    ends('there are no octets', (csr) => ({ ...csr, written: () => Buffer.of() }), 'malformed_pem'),
    ends(
      'it is nested in 20 levels',
      at('attributes', (value) => nested(value, 20)),
      'malformed_der',
    ),
    ends('the whole is a SET', whole(withTag(0x31)), 'malformed_pem'),
  ],
}
