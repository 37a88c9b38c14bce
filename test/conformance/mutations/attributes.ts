import {
  challengePassword,
  extensionRequest,
  multiValued,
  texts,
  unstructuredName,
} from './attribute-parts.ts'
import { all, at, attribute, gone, names, reversed } from './compose-csr.ts'
import { int, nothing, octets, oid, seq, string, tagged, unsortedSet, utf8 } from './der-values.ts'
import { breaks, type Rows } from './mutation.ts'
import type { Rule } from './rules.ts'

/** Every part of a CSR as RFC 2986 and RFC 2985 have it. */
export const attributes: Rows<Rule<'attributes'>> = {
  'A SET OF is sorted by the encodings of its members': [
    breaks('the attributes are not', at('attributes', reversed), 'der_set_order', '/attributes'),
    breaks(
      'an RDN of two attributes is not',
      at('subject/0', reversed),
      'der_set_order',
      '/subject/0',
      { csr: 'authority' },
    ),
    breaks(
      'an RDN of a directoryName is not',
      names(tagged(4, seq(unsortedSet(...multiValued)))),
      'der_set_order',
      '/subjectAltNames/0/value/0',
    ),
    breaks(
      'the values of an attribute are not',
      all(attribute('1.2.3', int(1), int(2)), at('attributes/0/1', reversed)),
      'der_set_order',
      '/attributes/0',
    ),
  ],
  'A challengePassword stands before the extensionRequest': [
    breaks(
      'it is longer than the request',
      all(
        attribute(challengePassword, utf8('long '.repeat(50).trim())),
        attribute(extensionRequest, seq(seq(oid('1.2.3'), octets(nothing)))),
      ),
      'challenge_password_order',
      '/attributes/challengePassword',
    ),
  ],
  'A challengePassword or unstructuredName is one text of 1 to 255 visible characters': [
    ...texts('challengePassword', challengePassword, 'challenge_password'),
    ...texts('unstructuredName', unstructuredName, 'unstructured_name'),
    breaks(
      'the name is an IA5String with an octet of eight bits',
      attribute(unstructuredName, string('ia5', Buffer.from('Zürich', 'latin1'))),
      'der_string',
      '/attributes/unstructuredName',
    ),
    breaks(
      'the password has two values',
      attribute(challengePassword, utf8('a'), utf8('b')),
      'attribute_values',
      '/attributes/0',
    ),
    breaks(
      'the password is an IA5String',
      attribute(challengePassword, string('ia5', 'horse')),
      'attribute_malformed',
      '/attributes/challengePassword',
    ),
    breaks(
      'the password is there twice',
      at('attributes/1', (one) => [one, one]),
      'attribute_repeated',
      '/attributes',
    ),
    breaks(
      'an attribute is without its type',
      at('attributes/0/0', gone),
      'attribute_malformed',
      '/attributes/0',
    ),
  ],
}
