import { toPem } from '@csr-foundry/csr'
import type { Mutate } from './compose-csr.ts'
import { breaks, ends, type Mutation, type Rows } from './mutation.ts'
import type { Rule } from './rules.ts'

const begin = '-----BEGIN CERTIFICATE REQUEST-----'
const end = '-----END CERTIFICATE REQUEST-----'
const secret = (label: string) => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`

/** Changes the text around the CSR that varies in nothing. */
const text =
  (change: (pem: string) => string): Mutate =>
  (csr) => ({ ...csr, written: (bytes) => change(toPem(bytes)) })
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const replaced = (from: string | RegExp, to: string) => text((pem) => pem.replace(from, to))

/** The base64 in lines of a length. */
const lines = (columns: number) =>
  text((pem) => {
    const base64 = pem.split('\n').slice(1, -2).join('')
    return [begin, ...(base64.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []), end, ''].join('\n')
  })

/** A row about the text around the small CSR. */
const wrong = (
  broken: string,
  mutate: Mutate,
  code: Mutation['code'],
  ...also: Mutation['code'][]
): Mutation => breaks(broken, mutate, code, '', { csr: 'small', also })

/** The text around a CSR: RFC 7468. */
export const pem: Rows<Rule<'pem'>> = {
  'The label is CERTIFICATE REQUEST, at both ends': [
    wrong('it is CERTIFICATE', replaced(/CERTIFICATE REQUEST/g, 'CERTIFICATE'), 'pem_label'),
    wrong(
      'it is X509 CERTIFICATE REQUEST',
      replaced(/CERTIFICATE REQUEST/g, 'X509 CERTIFICATE REQUEST'),
      'pem_label',
    ),
    wrong(
      'it is in small letters',
      replaced(/CERTIFICATE REQUEST/g, 'Certificate Request'),
      'pem_label',
    ),
    wrong('it ends with CERTIFICATE', replaced(end, '-----END CERTIFICATE-----'), 'pem_label'),
    wrong(
      'it is the old one at one end',
      replaced(end, '-----END NEW CERTIFICATE REQUEST-----'),
      'pem_label',
    ),
    wrong(
      'it is NEW CERTIFICATE REQUEST',
      replaced(/CERTIFICATE REQUEST/g, 'NEW CERTIFICATE REQUEST'),
      'pem_label_old',
    ),
    ends(
      'there is none',
      text((it) => it.split('\n').slice(1, -2).join('\n')),
      'malformed_pem',
      'small',
    ),
    ends(
      'it is PUBLIC KEY',
      replaced(/CERTIFICATE REQUEST/g, 'PUBLIC KEY'),
      'malformed_pem',
      'small',
    ),
    ends('the last line is missing', replaced(end, ''), 'malformed_pem', 'small'),
    ends('it has four hyphens', replaced('-----BEGIN', '----BEGIN'), 'malformed_pem', 'small'),
  ],
  'Every line but the last has 64 characters': [
    wrong('they have 76', lines(76), 'pem_line_length'),
    wrong('they have 63', lines(63), 'pem_line_length'),
    wrong('all is one line', lines(10_000), 'pem_line_length'),
    wrong('there is an empty line', replaced('-----\n', '-----\n\n'), 'pem_line_length'),
    wrong('there is an empty line at the end', replaced(end, `\n${end}`), 'pem_line_length'),
    wrong('the lines are indented', replaced(/\n(?=.)/g, '\n  '), 'pem_line_length'),
    wrong('the body follows the label at once', replaced('-----\n', '-----'), 'pem_line_length'),
    wrong('END follows the body at once', replaced(`\n${end}`, end), 'pem_line_length'),
  ],
  'The body is base64 with its padding': [
    wrong('the padding is left out', replaced(/=+\n/, '\n'), 'pem_base64'),
    wrong('there is one = too many', replaced(/=\n/, '==\n'), 'pem_base64'),
    wrong(
      'it is base64url',
      text((it) => it.replace(/[A-Za-z](?=[^\n]*\n-----END)/, '_')),
      'pem_base64',
      'signature_invalid',
    ),
    wrong(
      'the last digit has bits beyond the end',
      text((it) =>
        it.replace(/[A-Za-z0-9+/](?==+\n)/, (digit) => digits[digits.indexOf(digit) | 1] ?? ''),
      ),
      'pem_base64',
    ),
    ends(
      'it has a header',
      replaced('-----\n', '-----\nProc-Type: 4\n\n'),
      'malformed_pem',
      'small',
    ),
    wrong(
      'it has a character of another alphabet',
      replaced(/(?<=-----\n.{9})./, 'é$&'),
      'pem_base64',
      'pem_line_length',
    ),
    ends(
      'it is empty',
      text(() => `${begin}\n${end}\n`),
      'malformed_pem',
      'small',
    ),
  ],
  'The text is ASCII without a byte order mark': [
    wrong(
      'there is U+FEFF',
      text((it) => `\ufeff${it}`),
      'pem_byte_order_mark',
    ),
    wrong(
      'there is EF BB BF',
      (csr) => ({ ...csr, written: (bytes) => Buffer.from(`\ufeff${toPem(bytes)}`) }),
      'pem_byte_order_mark',
    ),
  ],
  'A newline ends the last line': [
    wrong(
      'there is none',
      text((it) => it.trimEnd()),
      'pem_final_newline',
    ),
    wrong(
      'a space follows the last line',
      text((it) => `${it.trimEnd()} `),
      'pem_final_newline',
    ),
  ],
  'There is one CSR, and nothing that is secret beside it': [
    wrong(
      'there are two',
      text((it) => it + it),
      'pem_several',
    ),
    ...['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'].flatMap(
      (label) => [
        wrong(
          `there is a ${label} before it`,
          text((it) => secret(label) + it),
          'pem_private_key',
        ),
        wrong(
          `there is a ${label} after it`,
          text((it) => it + secret(label)),
          'pem_private_key',
        ),
      ],
    ),
  ],
}
