import fc from 'fast-check'
import { kept, once } from './built-once.ts'

/** Characters of PrintableString. */
export const plain = [...'abcdefghijklmnopqrstuvwxyzABCXYZ0123456789 -.,:/()+?=']
// Readers stumble over what separates, quotes or escapes, over what is not in PrintableString and
// over characters of three and four octets.
const awkward = [...'*@_&"\\#;<>!%^~|{}[]$\'`äéßñΩжש株語한\u200d\u0301€😀𝒳']
const hosts = [
  'edge',
  'Rack-12',
  'a',
  'x1',
  'xn--bcher-kva',
  'bücher',
  'пример',
  '例え',
  'münchen',
  'straße',
]
const suffixes = ['example.com', 'Example.ORG', 'co.uk', 'lan', 'internal.example.net', 'example']

/** Visible text of 1 to so many characters. */
export const text = kept((max: number): fc.Arbitrary<string> => {
  const units = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...plain) },
    { weight: 1, arbitrary: fc.constantFrom(...awkward) },
  )
  return fc
    .oneof(
      {
        weight: 2,
        arbitrary: fc.string({ unit: fc.constantFrom(...plain), minLength: 1, maxLength: max }),
      },
      { weight: 2, arbitrary: fc.string({ unit: units, minLength: 1, maxLength: max }) },
    )
    .filter((value) => value.trim() !== '')
})

/** A host name as a client writes it, its labels in any script. */
export const hostName = once(() => {
  return fc
    .tuple(
      fc.array(fc.constantFrom(...hosts), { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...suffixes),
    )
    .map(([labels, suffix]) => [...labels, suffix].join('.'))
})

/** A host name in ASCII. */
export const asciiHostName = once(() => {
  return hostName().map((name) => name.replace(/[^\0-\x7f]+/g, 'u'))
})

/** A mailbox. */
export const email = once(() => {
  return fc
    .tuple(fc.stringMatching(/^[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,12}$/), asciiHostName())
    .map(([local, domain]) => `${local}@${domain}`)
})

/** An absolute URI with a host. */
export const uri = once(() => {
  return fc
    .tuple(
      fc.constantFrom('https', 'ldap', 'spiffe', 'urn+x'),
      asciiHostName(),
      fc.constantFrom('', ':8443'),
      fc.stringMatching(/^(\/[a-z0-9._~!$&'()*+,;=:@-]{0,8}|%20){0,3}$/),
      fc.constantFrom('', '?a=b,c', '#frag'),
    )
    .map(
      ([scheme, host, port, path, rest]) =>
        `${scheme}://${host}${port}${path === '' || path.startsWith('/') ? path : `/${path}`}${rest}`,
    )
})

const starts = ['1.2', '1.3.6.1.4.1', '2.16', '2.5.999', '0.9'] as const

function oidOf(largestArc: number) {
  const arcs = fc.array(fc.integer({ min: 0, max: largestArc }), { minLength: 1, maxLength: 5 })
  return fc
    .tuple(fc.constantFrom(...starts), arcs)
    .map(([start, rest]) => [start, ...rest].join('.'))
}

/** An object identifier, its arcs below 2^31. */
export const oid = once(() => oidOf(2 ** 31 - 1))

/** One of an attribute: Python's cryptography 38 reads none with an arc of five octets. */
export const attributeOid = once(() => oidOf(2 ** 28 - 1))
