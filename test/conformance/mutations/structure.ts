import {
  altNames,
  extensionRequest,
  keyUsage,
  microsoftRequest,
  purposes,
  twice,
  twoRequests,
  wholeOf,
} from './attribute-parts.ts'
import { at, attribute, extensions, gone, inExtension, withMore, withTag } from './compose-csr.ts'
import { partsOf } from './der-tree.ts'
import { bool, int, integerOf, nothing, octets, oid, seq, set } from './der-values.ts'
import { breaks, ends, type Rows } from './mutation.ts'
import type { Rule } from './rules.ts'

/** Every part of a CSR as RFC 2986 and RFC 2985 have it. */
export const structure: Rows<Rule<'structure'>> = {
  'A CSR is its info, the signature algorithm and the signature': [
    breaks(
      'the signature is an OCTET STRING',
      (csr) => ({ ...csr, signature: (value) => octets(value) }),
      'csr_structure',
      '/signature',
    ),
    breaks('there is no signature', wholeOf(0, 1), 'csr_structure', '/signature'),
    breaks('there are two signatures', wholeOf(0, 1, 2, 2), 'csr_structure', ''),
    breaks('the info has a fifth part', at('info', withMore(nothing)), 'csr_structure', ''),
    breaks(
      'its subject has more faults than anybody reads',
      at('subject', seq(...Array.from({ length: 250 }, () => set()))),
      'csr_more_findings',
      '',
      { also: ['subject_malformed'] },
    ),
    ends('the info comes last', wholeOf(1, 2, 0), 'malformed_csr'),
    ends('the info is a SET', at('info', withTag(0x31)), 'malformed_csr'),
    ends(
      'the info has no subject and no key',
      at('info', (info) => seq(int(0), ...partsOf(info).slice(3))),
      'malformed_csr',
    ),
  ],
  'The version is 0': [
    breaks('it is 1', at('version', int(1)), 'csr_version', '/version'),
    breaks('it is 2, as of a certificate', at('version', int(2)), 'csr_version', '/version'),
    breaks('it is -1', at('version', integerOf(Buffer.of(0xff))), 'csr_version', '/version'),
    breaks('it is an OCTET STRING', at('version', withTag(0x04)), 'csr_version', '/version'),
    breaks('it is BOOLEAN', at('version', bool(0)), 'csr_version', '/version'),
  ],
  'The attributes [0] are there, empty when there are none': [
    breaks('they are left out', at('attributes', gone), 'attributes_missing', '/attributes'),
    breaks('they are a SET', at('attributes', withTag(0x31)), 'attributes_missing', '/attributes'),
    breaks('they are [1]', at('attributes', withTag(0xa1)), 'attributes_missing', '/attributes'),
    breaks('they are NULL', at('attributes', nothing), 'attributes_missing', '/attributes'),
    breaks(
      'they hold a SET of the attributes',
      at('attributes', (value) => ({ ...value, body: [set(...partsOf(value))] })),
      'attribute_malformed',
      '/attributes/0',
    ),
  ],
  'There is one extensionRequest when there are extensions, and none otherwise': [
    breaks('there are two', twoRequests, 'attribute_repeated', '/attributes'),
    breaks(
      'it has two lists',
      at('attributes/2/1', withMore(seq(seq(oid('1.2.3'), octets(nothing))))),
      'attribute_values',
      '/attributes/2',
      { also: ['der_set_order'] },
    ),
    breaks(
      'it asks for nothing',
      extensions(() => []),
      'extension_request_empty',
      '/extensions',
      { csr: 'authority' },
    ),
    breaks('it has no list', attribute(extensionRequest), 'attribute_malformed', '/attributes/0'),
    breaks(
      'its list is a SET',
      at('attributes/2/1/0', withTag(0x31)),
      'extension_malformed',
      '/extensions',
    ),
    breaks(
      'its list stands there without a SET around it',
      at('attributes/2/1', withTag(0x30)),
      'attribute_malformed',
      '/attributes/2',
    ),
    breaks(
      'it has the identifier of Microsoft',
      at('attributes/2/0', oid(microsoftRequest)),
      'extension_request_microsoft',
      '/extensions',
    ),
  ],
  'An extension is there once': [
    breaks(
      'the key usage is there twice',
      extensions((list) => list.flatMap((one, i) => (i === 1 ? [one, one] : [one]))),
      'extension_repeated',
      '/extensions',
    ),
    breaks(
      'the names are there twice',
      extensions((list) => [...list, ...list.slice(0, 1)]),
      'extension_repeated',
      '/extensions',
    ),
    breaks(
      'one that is not known is there twice',
      extensions((list) => [...list, ...list.slice(-1)]),
      'extension_repeated',
      '/extensions',
    ),
    breaks('it is in two requests', twice(extensionRequest), 'extension_repeated', '/extensions', {
      also: ['attribute_repeated'],
    }),
    breaks(
      'it is in a request of Microsoft as well',
      twice(microsoftRequest),
      'extension_repeated',
      '/extensions',
      { also: ['extension_request_microsoft'] },
    ),
  ],
  'A critical that is false is left out, one that is true is 01 01 FF': [
    breaks(
      'it is FALSE',
      inExtension(purposes, '0', (type) => [type, bool(0)]),
      'der_default_written',
      '/extensions/extendedKeyUsage',
    ),
    breaks(
      'it is FALSE in the names',
      inExtension(altNames, '0', (type) => [type, bool(0)]),
      'der_default_written',
      '/subjectAltNames',
    ),
    breaks(
      'it is 01 01 01',
      inExtension(keyUsage, '1', bool(1)),
      'der_boolean',
      '/extensions/keyUsage',
    ),
    breaks(
      'it is TRUE in two octets',
      inExtension(keyUsage, '1', { tag: 1, body: Buffer.of(0xff, 0xff) }),
      'der_malformed',
      '/extensions',
    ),
    breaks(
      'it is TRUE without an octet',
      inExtension(keyUsage, '1', { tag: 1, body: Buffer.of() }),
      'der_malformed',
      '/extensions',
    ),
    breaks(
      'it is an INTEGER',
      inExtension(keyUsage, '1', int(1)),
      'extension_malformed',
      '/extensions',
    ),
  ],
}
