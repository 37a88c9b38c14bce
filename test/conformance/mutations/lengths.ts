import { at, inExtension, withLength, withMore } from './compose-csr.ts'
import { hex, nothing } from './der-values.ts'
import {
  altNames,
  followed,
  keyUsage,
  purposes,
  rest,
  signature,
  ways,
  whole,
} from './encoding-parts.ts'
import { breaks, type Rows } from './mutation.ts'
import type { Rule } from './rules.ts'

/** Every value as X.690 section 10 has it, at every depth. */
export const lengths: Rows<Rule<'lengths'>> = {
  'Nothing follows the end of a value': [
    breaks(
      'two octets follow the whole',
      (csr) => ({ ...csr, written: (bytes) => Buffer.concat([bytes, rest]) }),
      'der_trailing_bytes',
      '',
    ),
    breaks(
      'a newline follows the whole',
      (csr) => ({ ...csr, written: (bytes) => Buffer.concat([bytes, Buffer.from('\n')]) }),
      'der_trailing_bytes',
      '',
    ),
    breaks(
      'octets follow the names',
      inExtension(altNames, '1/0', followed),
      'der_trailing_bytes',
      '/subjectAltNames',
    ),
    breaks(
      'octets follow the purposes',
      inExtension(purposes, '1/0', followed),
      'der_trailing_bytes',
      '/extensions/extendedKeyUsage',
    ),
    breaks(
      'octets follow the key usage',
      inExtension(keyUsage, '2/0', followed),
      'der_trailing_bytes',
      '/extensions/keyUsage',
    ),
    breaks(
      'a NULL follows the value of an extension',
      inExtension(purposes, '', withMore(nothing)),
      'extension_malformed',
      '/extensions',
    ),
    breaks(
      'a NULL follows the values of an attribute',
      at('attributes/0', withMore(nothing)),
      'attribute_malformed',
      '/attributes/0',
    ),
    breaks(
      'a NULL follows a value of the subject',
      at('subject/0/0', withMore(nothing)),
      'subject_malformed',
      '/subject/0/0',
    ),
    breaks('a NULL follows the signature', whole(withMore(nothing)), 'csr_structure', ''),
  ],
  'A length is definite': ways('indefinite', 'der_indefinite_length'),
  'A length is in the shortest form': [
    ...ways('long', 'der_length_not_minimal'),
    breaks(
      'it is in five octets, of the version',
      at('version', withLength(hex('85 00 00 00 00 01'))),
      'der_length_not_minimal',
      '',
    ),
    breaks(
      'it is of a BOOLEAN',
      inExtension(keyUsage, '1', withLength('long')),
      'der_length_not_minimal',
      '',
    ),
    breaks(
      'it is of an OBJECT IDENTIFIER',
      at('subject/0/0/0', withLength('long')),
      'der_length_not_minimal',
      '',
    ),
    breaks(
      'it is of a character string',
      at('subject/0/0/1', withLength('long')),
      'der_length_not_minimal',
      '',
    ),
    breaks('it is of the signature', signature(withLength('long')), 'der_length_not_minimal', ''),
    breaks(
      'it is of a key usage',
      inExtension(keyUsage, '2/0', withLength('long')),
      'der_length_not_minimal',
      '/extensions/keyUsage',
    ),
  ],
}
